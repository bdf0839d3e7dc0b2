"""Texts with their entities marked by hand, so that a test of the rules needs no model."""

import re
from collections.abc import Iterator

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.recognition.labels import settle_labels
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.resolution.locations import Resolution, resolve_toponyms
from tasks.enrichment.toponyms.missed_places import recover_places
from tasks.enrichment.toponyms.toponyms import Toponym, find_toponyms

MARK = re.compile(r"\[([^\]|]*)(?:\|(\w+))?\]")


def read_marked(marked: str) -> tuple[str, list[Span]]:
    """The text and spans of "[Paris], [Texas|GPE]"; a mark without a label is a GPE."""
    spans: list[Span] = []
    text = "".join(stretches(marked, spans))
    return text, spans


def stretches(marked: str, spans: list[Span]) -> Iterator[str]:
    """The text between and inside the marks; the spans are added on the way."""
    length = position = 0
    for mark in MARK.finditer(marked):
        length += mark.start() - position
        yield marked[position : mark.start()] + mark[1]
        spans.append(Span(length, length + len(mark[1]), mark[2] or "GPE"))
        length += len(mark[1])
        position = mark.end()
    yield marked[position:]


def resolve_marked(marked: str, gazetteer: Gazetteer) -> list[Resolution]:
    """The places of a marked text, through labels, toponyms and resolution."""
    text, toponyms = find_marked(marked, gazetteer)
    return resolve_toponyms(text, toponyms, gazetteer)


def find_marked(marked: str, gazetteer: Gazetteer) -> tuple[str, list[Toponym]]:
    """A marked text and its toponyms."""
    text, spans = read_marked(marked)
    settled = recover_places(text, settle_labels(text, spans, gazetteer), gazetteer)
    return text, find_toponyms(text, settled, gazetteer)
