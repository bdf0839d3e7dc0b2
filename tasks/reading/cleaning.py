"""Text as it is stored: repaired, without what cannot be seen, evenly spaced, in Unicode's composed form."""

import re
import unicodedata
from dataclasses import dataclass

from schemas.reasons import Flag
from tasks.reading.decoding import clean_stray_bytes, unify_line_ends
from tasks.reading.markup import clean_markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A cleaned text and what was noticed on the way."""

    text: str
    flags: frozenset[Flag]


def clean_text(raw: str) -> Cleaned:
    """One or more lines, cleaned; lines of nothing stay, so that paragraphs set apart can be told.

    The order matters: mojibake is made of characters that the later steps drop, references and tags hide characters
    that must be dropped, and dropping one can bring a letter and its accent together, so accents are composed last.
    """
    text = raw
    damaged = repaired = dropped = False
    is_odd = ODD.search(not_ascii(raw)) is not None
    if is_odd:
        text, damaged = clean_stray_bytes(text)
        text, repaired = clean_mojibake(text)
        text, dropped = clean_invisible(text)
    text, marked_up = clean_markup(text)
    if marked_up:
        text, _ = clean_invisible(unify_line_ends(text))
        is_odd = True
    text = set_apart_indented(clean_accents(text) if is_odd else text)
    text = clean_spaces(ODD_SPACE.sub(" ", text) if is_odd else text)
    seen = {
        Flag.DAMAGED_BYTES: damaged or "\ufffd" in text,
        Flag.MOJIBAKE_REPAIRED: repaired,
        Flag.CONTROL_CHARACTERS_DROPPED: dropped,
        Flag.MARKUP_REMOVED: marked_up,
    }
    return Cleaned(text=text, flags=frozenset(flag for flag, is_so in seen.items() if is_so))


PRINTABLE_ASCII = b"\n" + bytes(range(32, 127))


def not_ascii(text: str) -> str:
    """What a text has beside line ends and printable ASCII: so few characters that a search in them costs nothing."""
    return text.encode("utf-8", "surrogatepass").translate(None, PRINTABLE_ASCII).decode("utf-8", "surrogatepass")


# What a UTF-8 sequence becomes when its bytes are read as Windows-1252 or Latin-1: a character standing for a first
# byte, then characters standing for following bytes. Everything that ftfy could repair has one of these pairs.
FOLLOWING = "\x80-\xbf" + "".join(
    sorted({bytes([byte]).decode("cp1252") for byte in range(0x80, 0xC0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}})
)
MOJIBAKE = re.compile(f"[\xc2-\xf4][{FOLLOWING}]|[\x80-\x9f]")
# Letters and punctuation that no step changes: Latin, Cyrillic, Chinese, Japanese, Korean; or what may be mojibake.
ORDINARY = (
    "\xa1-\xac\xae-\u02ff\u0400-\u0482\u2013\u2014\u2018\u2019\u201c-\u201e\u2026\u20ac\u3001\u3002"
    "\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3"
)
ODD = re.compile(f"{MOJIBAKE.pattern}|[^{ORDINARY}]")
# Searching for one class of characters is ten times as fast as for a pattern: each costly step has such a test first.
MAYBE_MOJIBAKE = re.compile("[\x80-\x9f\xc2-\xf4]")
# ftfy takes about 3 µs a word: a line is looked at only where it has such a pair, and in pieces.
PIECE = re.compile(r".{1,2000}(?: |\Z)|.{1,2000}", re.DOTALL)


def clean_mojibake(text: str) -> tuple[str, bool]:
    """Text once read in the wrong encoding, repaired with ftfy (its encoding steps only); and whether it was."""
    if text.isascii() or not MAYBE_MOJIBAKE.search(text) or not MOJIBAKE.search(text):
        return text, False
    import ftfy

    lines = []
    for line in text.split("\n"):
        pieces = PIECE.findall(line) if MOJIBAKE.search(line) else [line]
        lines.append("".join(ftfy.fix_encoding(piece) if MOJIBAKE.search(piece) else piece for piece in pieces))
    repaired = "\n".join(unify_line_ends(line).replace("\n", " ") for line in lines)
    return repaired, repaired != text


# Control characters, and marks that reorder what is shown: a sign of damage or of malice.
CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
# Soft hyphens, zero-width spaces and joiners of words, byte order marks, direction marks, annotation marks,
# placeholders for objects, code points that are no characters, stray halves of a pair.
UNSEEN = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffc\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff"
)
# What colours a terminal: without its first character the rest would stay as litter.
ESCAPE_SEQUENCE = "\x1b\\[[0-9;?]{0,30}[A-Za-z]"
TO_DROP = re.compile(f"{ESCAPE_SEQUENCE}|[{CONTROL}{UNSEEN}]")
ALARMING = re.compile(f"[{CONTROL}]")
# Joiners shape words of Persian, Hindi and others, and emoji; beside a Latin letter or nothing they are litter.
JOINERS = re.compile("(?<![\u0590-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0590-\U0010ffff])")


def clean_invisible(text: str) -> tuple[str, bool]:
    """Without characters that cannot be seen; and whether one of them is a sign of damage."""
    alarming = False
    if TO_DROP.search(text):
        alarming = ALARMING.search(text) is not None
        text = TO_DROP.sub("", text)
    if "\u200c" in text or "\u200d" in text:
        text = JOINERS.sub("", text)
    return text, alarming


def combining_marks(first: int, last: int) -> str:
    """Unicode's combining marks in a range, as a class of a pattern."""
    return "[" + "".join(chr(code) for code in range(first, last + 1) if unicodedata.combining(chr(code))) + "]"


MAX_MARKS = 30  # on one letter: Unicode's stream-safe text format
ASTRAL = re.compile("[\U00010000-\U0001ffff]")
MARK = re.compile(combining_marks(0x300, 0xFFFF))
MANY_MARKS = re.compile(f"({MARK.pattern}{{{MAX_MARKS}}}){MARK.pattern}+")
# Classes that reach beyond U+FFFF are searched item by item, a hundred times as slow: only where it must be.
ANY_MARK = combining_marks(0x300, 0x1FFFF)
MANY_ASTRAL_MARKS = re.compile(f"({ANY_MARK}{{{MAX_MARKS}}}){ANY_MARK}+")


def clean_accents(text: str) -> str:
    """Composed (NFC), with at most 30 marks on a letter: putting more in order would take quadratic time."""
    if text.isascii():
        return text
    if ASTRAL.search(text) and any(map(unicodedata.combining, ASTRAL.findall(text))):
        text = MANY_ASTRAL_MARKS.sub(r"\1", text)
    elif MARK.search(text):
        text = MANY_MARKS.sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


INDENTED = re.compile("\n(?=(?: {2,8}|\t)[^ \t\n])")
# In text of a fixed width the first line of a paragraph stands in; where most lines do, it tells nothing.
MAX_INDENTED_SHARE = 0.6


def set_apart_indented(text: str) -> str:
    """A line of nothing before each line that stands in, since that begins a paragraph."""
    if "\n  " not in text and "\n\t" not in text:
        return text
    apart, indented = INDENTED.subn("\n\n", text)
    return apart if indented <= MAX_INDENTED_SHARE * text.count("\n") else text


ODD_SPACE = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
SPACES = re.compile("  +")


def clean_spaces(text: str) -> str:
    """One space between words, none at the ends of a line."""
    if "  " in text:
        text = SPACES.sub(" ", text)
    if " \n" not in text and "\n " not in text:
        return text.strip(" ")
    return "\n".join(line.strip(" ") for line in text.split("\n"))
