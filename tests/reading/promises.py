"""What holds for every reading of a file, whatever its bytes are."""

import unicodedata

from tasks.reading.decoding import decode
from tasks.reading.headers import parse_header
from tasks.reading.parsing import BlockRefusal, FileReading, ParsedArticle
from tasks.reading.refusals import WholeRefusal
from tasks.reading.splitting import LITTER_WORDS, find_headers, split_blocks

INVISIBLE = {"Cc", "Cs"}


def assert_promises(reading: FileReading) -> None:
    """What holds for every reading."""
    assert (reading.refusal is None) == bool(reading.blocks)
    assert [block.position_in_file for block in reading.blocks] == list(range(1, len(reading.blocks) + 1))
    for block in reading.blocks:
        if isinstance(block, BlockRefusal):
            assert block.detail is None or "\n" not in block.detail
        else:
            assert_promises_of(block)


def assert_promises_of(article: ParsedArticle) -> None:
    """What holds for every article."""
    standfirst = [] if article.standfirst is None else [article.standfirst]
    lines = [article.headline, *standfirst, *article.paragraphs]
    assert article.headline
    assert article.paragraphs
    assert article.text == "\n".join(lines)
    assert all(line and line == line.strip() and "\n" not in line and "  " not in line for line in lines)
    assert unicodedata.is_normalized("NFC", article.text)
    assert not {unicodedata.category(character) for character in set(article.text) - {"\n"}} & INVISIBLE
    assert article.text.encode()
    assert article.word_count == len(article.text.split())
    assert (article.language is None) == (article.language_confidence is None)
    assert len(set(article.flags)) == len(article.flags)


def assert_nothing_is_lost(data: bytes, day_first: bool | None) -> None:
    """Between decoding and cleaning every character is in a block's body, in its header line, or in counted litter."""
    text = decode(data)
    if isinstance(text, WholeRefusal):
        return
    headers = list(find_headers(text, day_first))
    blocks = list(split_blocks(text, day_first))
    litter = text[: headers[0].start] if headers else ""
    if not headers or len(litter.split()) > LITTER_WORDS:
        assert blocks[0].header is None
        assert text.startswith(blocks[0].body)
        litter = blocks.pop(0).body
    lines = [text[found.start : found.end] for found in headers]
    for line, block in zip(lines, blocks, strict=True):
        assert block.header == parse_header(line, day_first)
    assert litter + "".join(line + block.body for line, block in zip(lines, blocks, strict=True)) == text
