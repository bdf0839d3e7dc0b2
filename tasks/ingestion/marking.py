"""Marking the lines of a block that recur across articles."""

from dataclasses import replace
from pathlib import Path

from schemas.columns import NoiseSpan
from schemas.reasons import Flag, NoiseKind
from tasks.identity.lines import edge_lines, recurring_lines
from tasks.ingestion.staging import StagedBlock
from tasks.storage.layout import locate
from tasks.storage.readonly import connect_readonly


def known_recurring(warehouse: Path) -> frozenset[int]:
    """The keys of the lines that the warehouse knows to recur at this moment."""
    ledger = connect_readonly(locate(warehouse).ledger)
    try:
        return recurring_lines(ledger)
    finally:
        ledger.close()


def mark_recurring(block: StagedBlock, recurring: frozenset[int]) -> StagedBlock:
    """The block with those of its lines marked that recur, and the keys of its other lines near an end.

    Whatever was marked as recurring before is judged again; a line with other noise in it is left as it is.
    """
    if block.text is None:
        return block
    noise = [span for span in block.noise or () if span["kind"] != NoiseKind.RECURRING]
    taken = [(span["start_char"], span["end_char"]) for span in noise]
    lines = [
        line
        for line in edge_lines(block.text)
        if not any(start < line.end_char and line.start_char < end for start, end in taken)
    ]
    noise += [
        NoiseSpan(start_char=line.start_char, end_char=line.end_char, kind=NoiseKind.RECURRING)
        for line in lines
        if line.key in recurring
    ]
    flags = {*block.flags} - {Flag.RECURRING_LINES}
    if any(span["kind"] == NoiseKind.RECURRING for span in noise):
        flags.add(Flag.RECURRING_LINES)
    return replace(
        block,
        noise=sorted(noise, key=lambda span: span["start_char"]),
        flags=[flag for flag in Flag if flag in flags],
        line_keys=[line.key for line in lines if line.key not in recurring],
    )
