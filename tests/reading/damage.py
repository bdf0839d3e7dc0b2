"""Ways in which a dump is damaged without a word of it being lost: the same at every call."""

import random
import re
import textwrap
import unicodedata
from collections.abc import Callable

from schemas.reasons import Flag

Damage = Callable[[str], str]


def sprinkled(text: str, mark: str, share: float = 0.05) -> str:
    """The text with a mark between some of its letters."""
    chance = random.Random(len(text))
    return "".join(c + mark * (c.islower() and chance.random() < share) for c in text)


def with_ends(ends: list[str]) -> Damage:
    """Line ends of several kinds by turns."""
    chance = random.Random(7)
    return lambda dump: re.sub("\n", lambda _: chance.choice(ends), dump)


def wrapped(width: int, between: str, indent: str = "") -> Damage:
    """Paragraphs in lines of a fixed width."""

    def wrap(dump: str) -> str:
        header, *paragraphs = dump.split("\n")
        filled = [
            textwrap.fill(paragraph, width, initial_indent=indent, break_on_hyphens=False) for paragraph in paragraphs
        ]
        return f"{header}\n{between.join(filled)}"

    return wrap


HARMLESS: dict[str, Damage] = {
    "a byte order mark": lambda dump: "\ufeff" + dump,
    "two of them": lambda dump: "\ufeff\ufeff" + dump,
    "one on every line": lambda dump: dump.replace("\n", "\n\ufeff"),
    "one inside a word": lambda dump: dump[:70] + "\ufeff" + dump[70:],
    "accents apart": lambda dump: unicodedata.normalize("NFD", dump),
    "zero-width spaces, in the word date too": lambda dump: sprinkled(dump.replace("date", "d\u200bate", 1), "\u200b"),
    "soft hyphens": lambda dump: sprinkled(dump, "\xad"),
    "word joiners": lambda dump: sprinkled(dump, "\u2060"),
    "direction marks": lambda dump: dump.replace(" ", " \u200e"),
    "no-break spaces, in the header too": lambda dump: dump.replace(" ", "\xa0"),
    "narrow no-break spaces": lambda dump: dump.replace(" ", "\u202f"),
    "ideographic spaces": lambda dump: dump.replace(" ", "\u3000"),
    "tabs": lambda dump: dump.replace(" ", "\t"),
    "double spaces": lambda dump: dump.replace(" ", "  "),
    "spaces at the ends": lambda dump: dump.replace("\n", " \n\t"),
    "blank lines": lambda dump: dump.replace("\n", "\n \n\n"),
    "CR and CRLF by turns": with_ends(["\r", "\r\n"]),
    "every line end there is": with_ends(["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c"]),
    "CR CR LF": with_ends(["\r\r\n"]),
    "only next-line characters": with_ends(["\x85"]),
    "only line separators": with_ends(["\u2028"]),
    **{f"lines of {width}, blank ones between": wrapped(width, "\n\n") for width in (60, 72, 80)},
    **{f"lines of {width}, paragraphs standing in": wrapped(width, "\n", "   ") for width in (60, 72, 80)},
}


FLAGGED: dict[str, tuple[Flag, Damage]] = {
    "read as Windows-1252": (Flag.MOJIBAKE_REPAIRED, lambda dump: misread(dump, "sloppy-windows-1252")),
    "read as Latin-1": (Flag.MOJIBAKE_REPAIRED, lambda dump: misread(dump, "latin-1")),
    "so read twice": (Flag.MOJIBAKE_REPAIRED, lambda dump: misread(misread(dump, "latin-1"), "sloppy-windows-1252")),
    "overrides of direction": (Flag.CONTROL_CHARACTERS_DROPPED, lambda dump: dump.replace(" ", "\u202e ", 9)),
    "NULs at the end": (Flag.CONTROL_CHARACTERS_DROPPED, lambda dump: dump + "\0" * 12),
    "Ctrl-Z at the end": (Flag.CONTROL_CHARACTERS_DROPPED, lambda dump: dump + "\x1a"),
    "paragraph tags": (Flag.MARKUP_REMOVED, lambda dump: dump.replace("\n", "</p><p class='x'>") + "</p>"),
    "line break tags": (Flag.MARKUP_REMOVED, lambda dump: dump.replace("\n", "<br />\n")),
    "references": (Flag.MARKUP_REMOVED, lambda dump: dump.replace("a", "&#97;").replace("d&#97;te", "date", 1)),
}


def misread(text: str, encoding: str) -> str:
    """UTF-8 read in the wrong encoding; ftfy brings the Windows-1252 of browsers, which has no gaps."""
    import ftfy  # noqa: F401 - registers that encoding

    return text.encode().decode(encoding)
