"""What the warehouse's layout and views cost: every report and common question, over the same by plain DuckDB.

    python -m benchmarks.queries [--articles 2000000] [--months 36] [--pairs 5] [--keep FOLDER] [--only WORD]

A warehouse of made articles with eight mentions each is written, committed and joined by the real store, as upkeep
leaves it when nothing has come for a week, and opened as every command opens it. The ideal beside it is one Parquet
file a table, written by DuckDB's COPY of the same rows, sorted as the table's parts are, with the same codec and row
groups of the same size, in a fresh connection in memory. Both are asked the same SQL through the same views, have to
give the same values but for fractions, and take turns. Target of each report and question: 1.2 times the ideal's
seconds. A folder to keep is filled when it is empty and used again when it is not.
"""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.claims import Claim
from benchmarks.ideal import open_ideal, write_ideal
from benchmarks.made_warehouse import make_warehouse, settle_warehouse
from benchmarks.measuring import Cost, apart, costs, in_turn, print_machine, scratch, spread, verdict
from benchmarks.questions import questions
from tasks.storage.layout import locate
from tasks.storage.ledger import live_parts
from tasks.storage.opening import open_warehouse, reading
from warehouse import load_queries

COMMAND = "python -m benchmarks.queries"
TARGET = 1.2
# Questions that take less are ruled by how a query begins and ends; both sides' median must differ by so much to count.
NOTICED_SECONDS = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one question cost in the warehouse and over the ideal files, pair by pair."""

    name: str
    row_count: int
    pairs: list[tuple[Cost, Cost]]

    @property
    def seconds(self) -> tuple[float, float]:
        """Median seconds of both."""
        return median(ours.wall_seconds for ours, _ in self.pairs), median(
            theirs.wall_seconds for _, theirs in self.pairs
        )

    @property
    def ratio(self) -> float:
        """Median of the pairs' ratios."""
        return median(ours.wall_seconds / theirs.wall_seconds for ours, theirs in self.pairs)

    @property
    def cpu_ratio(self) -> float:
        """The same by CPU time."""
        return median(ours.cpu_seconds / theirs.cpu_seconds for ours, theirs in self.pairs)

    @property
    def is_met(self) -> bool:
        """Whether the target is."""
        return self.ratio <= TARGET or self.seconds[0] - self.seconds[1] <= NOTICED_SECONDS


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints seconds and ratios of one run, and the bytes of each table."""
    options = parse_arguments(arguments)
    print_machine()
    with folder_for(options.keep) as folder:
        warehouse, ideal = folder / "data", folder / "ideal"
        if not warehouse.exists():
            apart(make_warehouse, warehouse, options.articles, options.months)
        apart(settle_warehouse, warehouse)
        # One that was kept shows the views of its day until it is published again.
        locate(warehouse).catalog.unlink(missing_ok=True)
        if not ideal.exists():
            apart(write_ideal, warehouse, ideal)
        asked = {f"report {name}": query.sql for name, query in load_queries("reports").items()}
        asked |= questions(warehouse)
        asked = {name: sql for name, sql in asked.items() if options.only in name}
        answers = list(ask(warehouse, ideal, asked, options.pairs))
        sizes = table_bytes(warehouse)
    print_sizes(sizes)
    return [*claims(answers, options), size_claim(sizes)]


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How much, how often, where."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000_000, help="made articles")
    parser.add_argument("--months", type=int, default=36, help="the months that they are of")
    parser.add_argument("--pairs", type=int, default=5, help="repeats of each question")
    parser.add_argument("--keep", type=Path, help="a folder for the warehouse, some 4 GB for two million articles")
    parser.add_argument("--only", default="", help="questions with this in their names")
    return parser.parse_args(arguments)


@contextmanager
def folder_for(keep: Path | None) -> Iterator[Path]:
    """The folder to keep, or one that is deleted afterwards."""
    if keep is None:
        with scratch() as folder:
            yield folder
    else:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep


def ask(warehouse: Path, ideal: Path, asked: Mapping[str, str], pairs: int) -> Iterator[Answer]:
    """What each question costs in both, in turn; raises ValueError when the two do not answer alike."""
    print(f"\n{'seconds':>44}  ideal  ratio  by CPU    rows")
    with open_warehouse(warehouse) as ours, open_ideal(ideal) as theirs:
        for connection in (ours, theirs):
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")
        for name, sql in asked.items():
            digests = {digest(connection, sql) for connection in (ours, theirs)}
            if len(digests) > 1:
                raise ValueError(f"{name}: {digests}")
            found = [in_turn(number, partial(cost, ours, sql), partial(cost, theirs, sql)) for number in range(pairs)]
            answer = Answer(name=name, row_count=digests.pop()[0], pairs=found)
            print_answer(answer)
            yield answer


def digest(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    """The number of rows and of each column what all its values come to, in whatever order.

    Fractions are left out: their last digits differ by the order of adding up, and so does the time since an arrival.
    """
    shown = connection.sql(sql)
    names = [name for name, kind in zip(shown.columns, shown.types, strict=True) if str(kind) != "DOUBLE"]
    sums = [f'CAST(sum(hash("{name}")) AS VARCHAR)' for name in names]
    row = connection.execute(f"SELECT {', '.join(['count(*)', *sums])} FROM (\n{sql}\n)").fetchall()[0]
    return tuple(int(value or 0) for value in row)


def cost(connection: duckdb.DuckDBPyConnection, sql: str) -> Cost:
    """What an answer takes, all its rows included."""
    with costs() as spent:
        connection.sql(sql).to_arrow_table()
    return spent[0]


def print_answer(answer: Answer) -> None:
    """One line of the table."""
    seconds, ideal = answer.seconds
    print(
        f"{answer.name:<36}{seconds:>8.3f}{ideal:>7.3f}{answer.ratio:>7.2f}{answer.cpu_ratio:>8.2f}"
        f"{answer.row_count:>8,}{'' if answer.is_met else '  ' + verdict(False)}",
        flush=True,
    )


def claims(answers: list[Answer], options: argparse.Namespace) -> list[Claim]:
    """The reports and the questions, each as one row."""
    found = []
    reports = [answer for answer in answers if answer.name.startswith("report ")]
    for what, of_kind in (("reports", reports), ("common questions", [one for one in answers if one not in reports])):
        if not of_kind:
            continue
        ours, ideal = (sum(seconds) for seconds in zip(*(one.seconds for one in of_kind), strict=True))
        worst = max(of_kind, key=lambda one: one.ratio)
        met = sum(one.is_met for one in of_kind)
        claim = Claim(
            claim=f"{len(of_kind)} {what} on {options.articles:,} articles of {options.months} months, each over"
            " the same SQL by plain DuckDB over one sorted file a table",
            command=COMMAND,
            measured=f"{met} of {len(of_kind)} within it; all {ours:.1f} s over {ideal:.1f} s, median"
            f" {spread([one.ratio for one in of_kind])}, most {worst.name.removeprefix('report ')}",
            target=f"≤ {TARGET} each",
            met=met == len(of_kind),
        )
        print(f"\n{claim.claim}\n  {claim.measured}: {verdict(met == len(of_kind))}")
        found.append(claim)
    return found


def table_bytes(warehouse: Path) -> dict[str, tuple[int, int, int]]:
    """Rows, bytes and files of each table."""
    with reading(warehouse) as (_, ledger):
        parts = live_parts(ledger)
    return {
        name: (sum(p.row_count for p in of_table), sum(p.size_bytes for p in of_table), len(of_table))
        for name in dict.fromkeys(part.table_name for part in parts)
        for of_table in [[part for part in parts if part.table_name == name]]
    }


def print_sizes(sizes: Mapping[str, tuple[int, int, int]]) -> None:
    """What each table takes on the disk."""
    articles = sizes["articles"][0]
    print(f"\n{'table':<12}{'rows':>12}{'MB':>8}{'files':>7}{'bytes a row':>13}{'bytes a version':>17}")
    for name, (rows, size, files) in sizes.items():
        print(f"{name:<12}{rows:>12,}{size / 1e6:>8.0f}{files:>7}{size / rows:>13.1f}{size / articles:>17.1f}")


def size_claim(sizes: Mapping[str, tuple[int, int, int]]) -> Claim:
    """The bytes of each table for one stored version of an article."""
    articles = sizes["articles"][0]
    each = ", ".join(f"{name} {size / articles:,.0f}" for name, (_, size, _) in sizes.items())
    return Claim(claim="bytes on the disk for each version of an article, by table", command=COMMAND, measured=each)


if __name__ == "__main__":
    main()
