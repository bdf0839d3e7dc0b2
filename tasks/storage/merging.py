"""Merging sorted parts: the rows of all in one order, while only some of each are in memory."""

from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import Table
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part
from tasks.storage.parts import in_order, read_batches, read_part

# Small parts are sorted together first, so many of a row group at a time: each open file has pages of its own, and
# hundreds of small parts were in memory whole. What is written holds a row group in memory whatever comes before.
RUNS_IN_A_ROW_GROUP = 8
BATCHES_IN_A_RUN = 5

Key = tuple[tuple[bool, Any], ...]


def merged(warehouse: Warehouse, table: Table, parts: Sequence[Part]) -> Generator[pa.Table, None, None]:
    """The rows of sorted parts of one table in the table's order, block after block. Raises DamagedPart."""
    run_rows = table.row_group_rows // RUNS_IN_A_ROW_GROUP
    batch_rows = run_rows // BATCHES_IN_A_RUN
    small = [part for part in parts if part.row_count <= run_rows]
    large = [part for part in parts if part.row_count > run_rows]
    with TemporaryDirectory(prefix="join-", dir=warehouse.tmp) as folder:
        runs = []
        for number, of_run in enumerate(cut_into_runs(small, run_rows)):
            runs.append(Path(folder, f"{number}.arrow"))
            rows = pa.concat_tables([read_part(warehouse, part) for part in of_run])
            write_run(runs[-1], in_order(table, rows), batch_rows)
            del rows
        yield from merge(
            table, [*(read_batches(warehouse, part, batch_rows) for part in large), *(read_run(file) for file in runs)]
        )


def cut_into_runs(parts: Iterable[Part], run_rows: int) -> Iterator[list[Part]]:
    """The parts, as many together as have no more rows than this."""
    run: list[Part] = []
    for part in parts:
        if run and sum(p.row_count for p in run) + part.row_count > run_rows:
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def write_run(file: Path, rows: pa.Table, batch_rows: int) -> None:
    """Leave rows in a file, in batches."""
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows, batch_rows)


def read_run(file: Path) -> Iterator[pa.Table]:
    """The rows that `write_run` left, a batch at a time."""
    with pa.OSFile(str(file), "rb") as source, pa.ipc.open_file(source) as reader:
        for number in range(reader.num_record_batches):
            yield pa.Table.from_batches([reader.get_batch(number)])


@dataclass(slots=True, kw_only=True)
class Source:
    """Sorted rows while they are read: those that have not been merged yet, and those behind them."""

    order: Sequence[str]
    held: pa.Table
    behind: Iterator[pa.Table]

    def key(self, number: int) -> Key:
        """What a row is sorted by; null comes last, as Arrow has it."""
        values = [self.held[column][number].as_py() for column in self.order]
        return tuple((value is None, value) for value in values)

    def last_key(self) -> Key:
        return self.key(self.held.num_rows - 1)

    def take(self, until: Key) -> pa.Table:
        """The rows up to this key; where that is all that is held, more is read."""
        count = bisect_right(range(self.held.num_rows), until, key=self.key)
        taken, self.held = self.held.slice(0, count), self.held.slice(count)
        if not self.held.num_rows:
            self.held = next(self.behind, self.held)
        return taken


def merge(table: Table, sorted_rows: Iterable[Iterator[pa.Table]]) -> Iterator[pa.Table]:
    """The rows of all in the table's order: up to the row behind which one of them has to be read on."""
    firsts = ((next(rows, None), rows) for rows in sorted_rows)
    sources = [Source(order=table.order, held=first, behind=behind) for first, behind in firsts if first is not None]
    while sources:
        until = min(source.last_key() for source in sources)
        yield in_order(table, pa.concat_tables([source.take(until) for source in sources]))
        sources = [source for source in sources if source.held.num_rows]


def count_distinct(warehouse: Warehouse, table: Table, parts: Sequence[Part], column: str) -> int:
    """How many values a column has whose equals are side by side in a part; one in two parts counts twice."""
    found = 0
    for part in parts:
        last = None
        for batch in read_batches(warehouse, part, table.row_group_rows, [column]):
            values = batch[column]
            found += pc.count_distinct(values).as_py() - (values[0].as_py() == last)
            last = values[-1].as_py()
    return found
