"""Bytes of one file to articles and refusals."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schemas.reasons import Flag, NoiseKind, Reason
from tasks.reading.bylines import find_byline, find_dateline
from tasks.reading.cleaning import clean_text
from tasks.reading.decoding import decode_file
from tasks.reading.language import find_language
from tasks.reading.noise import Noise, drop_furniture, find_noise
from tasks.reading.paragraphs import find_paragraphs
from tasks.reading.refusals import BlockRefusal, WholeRefusal
from tasks.reading.settings import ReadingSettings
from tasks.reading.splitting import Block, split_blocks
from tasks.reading.standfirst import find_standfirst

__all__ = ["BlockRefusal", "FileReading", "ParsedArticle", "ReadingSettings", "WholeRefusal", "parse_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedArticle:
    """One article as read from its block."""

    position_in_file: int
    published_date: date
    published_at: datetime | None
    headline: str
    standfirst: str | None
    paragraphs: tuple[str, ...]
    text: str  # headline, standfirst and paragraphs, joined with one newline
    word_count: int
    byline: str | None
    dateline: str | None
    language: str | None
    language_confidence: float | None
    flags: tuple[Flag, ...]
    noise: tuple[Noise, ...]  # stretches of `text` that are no news
    removed_lines: tuple[str, ...]  # furniture of a page that is not in `text`


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """All that one file holds; `refusal` is set exactly where `blocks` is empty."""

    blocks: tuple[ParsedArticle | BlockRefusal, ...]
    refusal: WholeRefusal | None


def parse_file(data: bytes, settings: ReadingSettings) -> FileReading:
    """The articles of a file, each bad block refused by itself; a file that is one bad block is refused whole.

    Reads nothing but its arguments, never raises whatever the bytes are, and takes time in proportion to their number.
    """
    decoded = decode_file(data, settings.legacy_encoding)
    if isinstance(decoded, WholeRefusal):
        return FileReading(blocks=(), refusal=decoded)
    blocks = tuple(
        parse_block(block, position, settings, decoded.flags)
        for position, block in enumerate(split_blocks(decoded.text, settings.day_first), start=1)
    )
    if len(blocks) == 1 and isinstance(blocks[0], BlockRefusal):
        refusal = WholeRefusal(reason=blocks[0].reason, detail=blocks[0].detail)
        return FileReading(blocks=(), refusal=refusal)
    return FileReading(blocks=blocks, refusal=None)


def parse_block(
    block: Block, position: int, settings: ReadingSettings, file_flags: frozenset[Flag]
) -> ParsedArticle | BlockRefusal:
    """One article, or why its block is refused; it has its file's flags beside its own."""

    def refused(reason: Reason, detail: str) -> BlockRefusal:
        return BlockRefusal(position_in_file=position, reason=reason, detail=shown(detail))

    header = block.header
    if header is None:
        return refused(Reason.NO_HEADER, block.body.lstrip().split("\n", 1)[0])
    if header.day is None:
        return refused(header.problem or Reason.INVALID_DATE, header.detail or "")
    cleaned = clean_block(header.headline, block.body)
    if not cleaned.headline:
        return refused(Reason.NO_HEADLINE, "")
    if not cleaned.lines:
        return refused(Reason.NO_BODY, cleaned.headline)
    flags = [*file_flags, *cleaned.flags, *block_flags(header.day, block, settings)]
    return article(position, (header.day, header.instant), cleaned, flags)


def shown(detail: str) -> str | None:
    """What was found, short and safe to print."""
    return " ".join(clean_text(detail[:DETAIL_CHARACTERS]).text.split()) or None


DETAIL_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class CleanBlock:
    """The headline, the lines below it, the furniture between them, and what was noticed."""

    headline: str
    lines: list[str]
    furniture: list[str]
    flags: list[Flag]


def clean_block(raw_headline: str, raw_body: str) -> CleanBlock:
    """Headline, standfirst and paragraphs as lines, and what was noticed; the headline may be the body's first line."""
    headline, body = clean_text(raw_headline), clean_text(raw_body)
    lines = body.text.split("\n")
    title = " ".join(headline.text.split())
    if not title:
        at = next((number for number, line in enumerate(lines) if line), len(lines))
        title, lines = "".join(lines[at : at + 1]), lines[at + 1 :]
    paragraphs, hyphenated = find_paragraphs(lines)
    kept, furniture = drop_furniture(paragraphs)
    noticed = {Flag.HYPHENATION_REPAIRED: bool(hyphenated), Flag.FURNITURE_REMOVED: bool(furniture)}
    flags = [*headline.flags, *body.flags, *(flag for flag, is_so in noticed.items() if is_so)]
    return CleanBlock(title, kept, furniture, flags)


def article(position: int, when: tuple[date, datetime | None], cleaned: CleanBlock, flags: list[Flag]) -> ParsedArticle:
    """The article that a day, perhaps an instant, a headline and the lines below it make."""
    headline, lines = cleaned.headline, cleaned.lines
    standfirst = find_standfirst(lines)
    text = "\n".join([headline, *lines])
    words = text.split()
    language, confidence = find_language(text)
    noise = find_noise(text)
    seen = {*flags, *line_flags(lines, words), *(NOISE_FLAGS[of.kind] for of in noise if of.kind in NOISE_FLAGS)}
    return ParsedArticle(
        position_in_file=position,
        published_date=when[0],
        published_at=when[1],
        headline=headline,
        standfirst=standfirst,
        paragraphs=tuple(lines[1:] if standfirst else lines),
        text=text,
        word_count=len(words),
        byline=find_byline(lines),
        dateline=find_dateline(lines),
        language=language,
        language_confidence=confidence,
        flags=tuple(flag for flag in Flag if flag in seen),
        noise=tuple(noise),
        removed_lines=tuple(cleaned.furniture),
    )


# A byline is in its column; every other kind is told by a flag.
NOISE_FLAGS = {
    NoiseKind.CAPTION: Flag.CAPTIONS,
    NoiseKind.CREDIT: Flag.CREDITS,
    NoiseKind.READ_MORE: Flag.READ_MORE_LINES,
    NoiseKind.NEWSLETTER: Flag.NEWSLETTER_LINES,
    NoiseKind.REPEATED: Flag.REPEATED_PARAGRAPHS,
    NoiseKind.RECURRING: Flag.RECURRING_LINES,
    NoiseKind.GLUED_WORDS: Flag.GLUED_WORDS,
}


# Exporters write the first day of a computer's or spreadsheet's calendar where they have no date; and newspapers began
# to print in 1605.
SENTINEL_DAYS = frozenset(
    {date(1970, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1980, 1, 1), date(9999, 12, 31)}
)
FIRST_NEWSPAPER = date(1605, 1, 1)
# A newsroom east of us may already have tomorrow's date.
TOMORROW = timedelta(days=1)


def block_flags(day: date, block: Block, settings: ReadingSettings) -> list[Flag]:
    """What the header and what surrounds it tell."""
    observations = {
        Flag.GLUED_HEADER: block.glued,
        Flag.JUNK_BEFORE_HEADER: block.litter_before,
        Flag.IMPLAUSIBLE_DATE: day in SENTINEL_DAYS or day < FIRST_NEWSPAPER,
        Flag.FUTURE_DATE: settings.today is not None and day - settings.today > TOMORROW,
    }
    return [flag for flag, is_so in observations.items() if is_so]


SHORT_BODY_CHARACTERS = 80  # "More to follow." and the like; in any language
LONG_WORD_CHARACTERS = 500  # longer than any address; ASCII only, since Chinese has no spaces


def line_flags(lines: list[str], words: list[str]) -> list[Flag]:
    """What the text itself tells."""
    observations = {
        Flag.SHORT_BODY: sum(map(len, lines)) < SHORT_BODY_CHARACTERS,
        Flag.LONG_WORD: max(map(len, words), default=0) > LONG_WORD_CHARACTERS and has_long_word(words),
    }
    return [flag for flag, is_so in observations.items() if is_so]


def has_long_word(words: list[str]) -> bool:
    """Whether there is a word too long for any language, such as a picture in base64."""
    return any(len(word) > LONG_WORD_CHARACTERS and word.isascii() for word in words)
