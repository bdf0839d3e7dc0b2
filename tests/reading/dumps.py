"""Small dumps for tests of reading."""

from tasks.reading.parsing import BlockRefusal, FileReading, ParsedArticle, parse_file
from tasks.reading.settings import ReadingSettings

HEADER = " date 2025-12-01 Flood closes bridge in Leeds"
BODY = "The bridge was closed on Monday after two days of heavy rain.\nIt will open again on Friday, the city said."
DUMP = f"{HEADER}\n{BODY}"
SETTINGS = ReadingSettings()


def read(dump: str | bytes, settings: ReadingSettings = SETTINGS) -> FileReading:
    """What parsing makes of a dump."""
    return parse_file(dump.encode() if isinstance(dump, str) else dump, settings)


def only_article(dump: str | bytes, settings: ReadingSettings = SETTINGS) -> ParsedArticle:
    """The one article of a dump that has exactly one."""
    reading = read(dump, settings)
    assert reading.refusal is None, reading.refusal
    (block,) = reading.blocks
    assert isinstance(block, ParsedArticle), block
    return block


def story(reading: FileReading) -> list[str]:
    """What became of each block, in short: the headline, or the reason of the refusal."""
    return [block.reason.value if isinstance(block, BlockRefusal) else block.headline for block in reading.blocks]
