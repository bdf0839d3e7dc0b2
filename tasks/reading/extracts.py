"""The bytes of one article block, cut out of its file for someone to look at."""

import re

from tasks.reading.decoding import decode_file
from tasks.reading.refusals import WholeRefusal
from tasks.reading.settings import ReadingSettings
from tasks.reading.splitting import find_headers, split_blocks

# What decoding makes one line end of, in UTF-8 and the 8-bit encodings.
LINE_ENDS = re.compile(b"\r\n?|[\n\x0b\x0c]|\xe2\x80[\xa8\xa9]")


def find_block_bytes(data: bytes, position: int, settings: ReadingSettings) -> bytes:
    """The block's own bytes; in UTF-16, and where it shares a line with its neighbour, its text as UTF-8.

    Gives the whole file when it has no block of that position any more.
    """
    decoded = decode_file(data, settings.legacy_encoding)
    if isinstance(decoded, WholeRefusal):
        return data
    text = decoded.text
    starts = block_starts(text, settings.day_first)
    if position > len(starts):
        return data
    start, end = starts[position - 1], [*starts[1:], len(text)][position - 1]
    line_starts = [0, *(found.end() for found in LINE_ENDS.finditer(data))]
    first, last = text.count("\n", 0, start), text.count("\n", 0, end)
    # In UTF-16 a line's bytes do not begin where its LF does.
    whole_lines = b"\0" not in data and all(at in {0, len(text)} or text[at - 1] == "\n" for at in (start, end))
    if not whole_lines or len(line_starts) != text.count("\n") + 1:
        return text[start:end].encode("utf-8", "surrogateescape")  # stray bytes of a mixed file as they were
    return data[line_starts[first] : len(data) if end == len(text) else line_starts[last]]


def block_starts(text: str, day_first: bool | None) -> list[int]:
    """Where each block of a text begins, in characters; litter before the first header belongs to the first block."""
    starts = [header.start for header in find_headers(text, day_first)]
    first = next(split_blocks(text, day_first))
    return [0, *starts] if first.header is None else [0, *starts[1:]]
