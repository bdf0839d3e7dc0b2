"""How the report page says numbers, days and sentences."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from schemas.reasons import REASON_SENTENCES
from tasks.reporting.counts import count_of
from tasks.reporting.reports import Reports
from tasks.reporting.result_values import json_value, printable

SENTENCES = {str(reason): sentence for reason, sentence in REASON_SENTENCES.items()}


def number(value: float) -> str:
    """1234 as 1,234."""
    return f"{value:,.0f}"


def short_number(value: int) -> str:
    """1,234,567 as 1.23 M; up to a hundred thousand in full."""
    if value < 100_000:
        return f"{value:,}"
    return f"{value / 1e6:.2f} M" if value >= 1_000_000 else f"{value / 1e3:.0f} k"


def day(value: date) -> str:
    """1 December 2025."""
    return f"{value.day} {value:%B} {value.year}"


def moment(value: datetime | None) -> str:
    """2025-12-01 10:15; nothing for null."""
    return "" if value is None else f"{value:%Y-%m-%d %H:%M}"


def signed(value: int) -> str:
    """A change, with its sign."""
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "±"
    return f"{sign}{abs(value):,}"


def hours(value: float) -> str:
    """Hours in the unit that fits."""
    if value < 1 / 60:
        return "less than a minute"
    if value < 1:
        return count_of(round(value * 60), "minute")
    return count_of(round(value), "hour") if value < 48 else count_of(round(value / 24), "day")


def sentence(reason: str) -> str:
    """What a reason means."""
    return SENTENCES.get(reason, "")


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    return json_value(value)


# Longer ones are no names and no headlines; the query gives them in full.
MOST_CHARACTERS = 240


def told(text: str) -> str:
    """Text from the input as a reader should meet it: nothing reorders it, and it ends within a few lines."""
    cut = text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
    return printable(cut)


def shown(value: Any) -> str:
    """A value in a table cell."""
    match value:
        case None:
            return ""
        case int():
            return f"{value:,}" if not isinstance(value, bool) else str(value).lower()
        case float():
            return f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
        case datetime():
            return moment(value)
        case list():
            return told(", ".join(map(str, value)))
        case _:
            return told(str(value))


# Below three articles, one story more or less is chance.
FEWEST_FOR_TREND = 3
CLEARLY_UP, CLEARLY_DOWN = 1.2, 0.8


def trend(row: dict[str, Any]) -> tuple[str, str]:
    """The class and the words for a row's share of this week's articles against its share of the four weeks' before.

    before_article_count is null where there is nothing before to compare with.
    """
    week, before, times = row["week_article_count"], row["before_article_count"], row["trend"]
    if before is None or week + before < FEWEST_FOR_TREND:
        return "unknown", "\N{EN DASH}"
    if not week:
        return "down", "silent"
    if not before:
        return "up", "new"
    if times >= CLEARLY_UP:
        return "up", f"▲\N{NO-BREAK SPACE}{times:.1f}\N{MULTIPLICATION SIGN}"
    if times <= CLEARLY_DOWN:
        return "down", f"▼\N{NO-BREAK SPACE}{times:.1f}\N{MULTIPLICATION SIGN}"
    return "flat", "steady"


FILTERS: dict[str, Callable[..., object]] = {
    "number": number,
    "count_of": count_of,
    "day": day,
    "moment": moment,
    "signed": signed,
    "hours": hours,
    "sentence": sentence,
    "shown": shown,
    "told": told,
    "trend": trend,
}


def sentences(reports: Reports) -> dict[str, Any]:
    """The page's lines that are made of several numbers."""
    (numbers,) = reports["headline_numbers"].records
    (freshness,) = reports["freshness"].records
    return {
        "first_date": numbers["first_published_date"],
        "last_date": numbers["last_published_date"],
        "headline_numbers": list(headline_numbers(numbers)),
        "freshness_line": freshness_line(freshness),
        "coverage_line": coverage_line(reports["enrichment_by_month"].records),
        "week": week(freshness["latest_published_date"]),
    }


def headline_numbers(numbers: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Value, name and a remark of each number at the top."""
    files = count_of(numbers["file_count"], "file")
    countries = count_of(numbers["country_count"], "country", "countries")
    for column, one, many, note in (
        ("article_count", "article", "articles", f"{short_number(numbers['word_count'])} words, {files}"),
        ("duplicate_count", "copy", "copies", "articles that repeat another"),
        ("corrected_count", "corrected", "corrected", "articles that arrived again, changed"),
        ("mention_count", "mention", "mentions", "of people, organisations, places and more"),
        ("place_mention_count", "on the map", "on the map", f"place mentions in {countries}"),
        ("open_quarantine_count", "in quarantine", "in quarantine", "refused, waiting for someone to look"),
    ):
        yield short_number(numbers[column]), one if numbers[column] == 1 else many, note


def freshness_line(freshness: dict[str, Any]) -> str:
    """When something last arrived and how the last run ended."""
    parts = []
    if freshness["latest_arrival_at"] is not None:
        parts.append(f"The latest article arrived on {moment(freshness['latest_arrival_at'])} UTC.")
    if freshness["last_run_status"] is None:
        parts.append("Nothing has been ingested yet.")
    elif freshness["last_run_finished_at"] is None:
        parts.append(f"The last {freshness['last_run_kind']} is {freshness['last_run_status']}.")
    else:
        ended = moment(freshness["last_run_finished_at"])
        parts.append(f"The last {freshness['last_run_kind']} ended on {ended} UTC: {freshness['last_run_status']}.")
    return " ".join(parts)


def coverage_line(months: list[dict[str, Any]]) -> str:
    """How much has been searched for names and places."""
    total = sum(month["version_count"] for month in months)
    if not total:
        return "There is nothing to search yet."
    done = sum(month["done_count"] for month in months)
    stale = sum(month["stale_count"] for month in months)
    line = f"{done:,} of {total:,} stored versions ({done / total:.1%})."
    return f"{line} {stale:,} of them by an earlier pipeline than the latest run's." if stale else line


def week(latest: date | None) -> str:
    """The week that trends look at."""
    return f"up to {day(latest)}" if latest else "of the latest article"
