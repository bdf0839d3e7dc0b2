"""One value as JSON, as a CSV cell, as text on a terminal: each safe for whoever reads it."""

import json
import math
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

# A spreadsheet runs text that begins like this (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

# Cc moves the cursor or rings, Zl and Zp break lines; of Cf only these reorder what is read.
SPELLED_OUT = {"Cc", "Zl", "Zp", "Cs"}
REORDERING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def json_value(value: Any) -> Any:  # noqa: PLR0911 one line a type
    """The value as JSON knows it: dates and times ISO 8601, durations in seconds, bytes in hex, NaN null."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date() | datetime() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes():
            return value.hex()
        case dict():
            return {str(key): json_value(item) for key, item in value.items()}
        case list() | tuple():
            return [json_value(item) for item in value]
        case _:
            return str(value)


def csv_cell(value: Any) -> str | int | float:
    """The value as a cell: text that begins like a formula gets an apostrophe, numbers stay, null is empty."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return value
        case str():
            return f"'{value}" if value.startswith(FORMULA_STARTS) else value
        case list() | tuple() | dict():
            return json.dumps(json_value(value), ensure_ascii=False)
        case _:
            return str(json_value(value))


def shown_value(value: Any) -> str:
    """The value as text that cannot move the cursor, break the line or reorder what is read."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case list() | tuple() | dict():
            return printable(json.dumps(json_value(value), ensure_ascii=False))
        case _:
            return printable(str(value))


def printable(text: str) -> str:
    r"""Text with its control and reordering characters spelled out, such as \x1b."""
    return "".join(ascii(character)[1:-1] if is_unsafe(character) else character for character in text)


def is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in SPELLED_OUT or character in REORDERING
