"""On a full disk a command ends in a sentence, readers go on, and the next pass with room loses and doubles nothing."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.tables import TABLES
from tests.ingestion.mill import VOLATILE, Mill, block, mill_at, words
from tests.small_disk import SmallDisk, small_disk
from warehouse import load_views

# From where not even the ledger can begin to where all but the last catalog has room, and the workers that fill it.
FREE_KILOBYTES = {0: "1", 8: "1", 24: "2", 48: "1", 120: "2", 300: "1", 500: "2", 700: "1"}


@pytest.fixture
def disk(tmp_path: Path, project: Path) -> Iterator[SmallDisk]:
    """A disk of 12 MB in the place of the warehouse."""
    with small_disk(tmp_path / "data", project) as made:
        yield made


def ingest(mill: Mill, workers: str) -> tuple[str, ...]:
    folders = ("--input", str(mill.input), "--warehouse", str(mill.warehouse))
    return ("ingest", "--direct", "--workers", workers, "--model", mill.settings.enrichment.model, *folders)


def lay_many(mill: Mill) -> None:
    """Thirty articles, with a correction, a copy and a refusal among them."""
    mill.put("first.txt", block("Erste", words(1) + " Nachtrag."))
    for number in range(30):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(100 + number, 300)))
    mill.put("copy.txt", block("Nachdruck", words(100, 300)))
    mill.put("refused.txt", block("Kein Tag", words(2), day="2025-02-30"))


def test_wherever_the_room_ends_nothing_is_lost(mill: Mill, disk: SmallDisk, tmp_path: Path) -> None:
    mill.put("first.txt", block("Erste", words(1)))
    assert disk.newsmill(*ingest(mill, "1")).returncode == 0
    lay_many(mill)
    failures = 0
    for free, workers in FREE_KILOBYTES.items():
        disk.leave(free)
        ended = disk.newsmill(*ingest(mill, workers), "--batch-size", "4")
        if ended.returncode:
            failures += 1
            assert ended.stderr.startswith(f"newsmill: The disk is full: {mill.warehouse} takes no more.")
            assert ended.stderr.count("\n") == 1
        assert disk.well(sys.executable, "-c", LOOK, str(mill.warehouse), COUNTS).splitlines()[1] == "0,0"
    assert failures > len(FREE_KILOBYTES) // 3
    disk.make_room()
    assert disk.newsmill(*ingest(mill, "1")).returncode == 0

    survived = Mill(settings=mill_at(tmp_path / "copy").settings)
    disk.copy(tmp_path / "copy" / "data")
    assert survived.broken() == []
    unharmed = mill_at(tmp_path / "unharmed")
    unharmed.put("first.txt", block("Erste", words(1)))
    unharmed.ingest()
    lay_many(unharmed)
    unharmed.ingest()
    assert survived.tables(without=VOLATILE) == unharmed.tables(without=VOLATILE)


# Articles that no outcome accepted, and files refused for what was the disk's fault.
COUNTS = """
    SELECT
        (SELECT count(*) FROM articles)
        - (SELECT count(*) FROM outcomes WHERE outcome IN ('new', 'new_version', 'near_duplicate')) AS unexplained,
        (SELECT count(*) FROM quarantine WHERE reason <> 'invalid_date') AS blamed
"""

LOOK = """
import sys
from flows.cli import run
where = ("--warehouse", sys.argv[1])
sys.exit(run(["sql", sys.argv[2], "--format", "csv", *where]) or run(["status", *where]))
"""

WRITERS = {
    "Python": "Path(folder, 'a').write_bytes(bytes(10_000_000))",
    "Arrow": "pq.write_table(pa.table({'a': [os.urandom(10_000_000)]}), Path(folder, 'b'))",
    "SQLite": "sqlite3.connect(Path(folder, 'c')).execute('CREATE TABLE t AS SELECT randomblob(10000000)')",
    "DuckDB": "duckdb.connect(Path(folder, 'd')).execute('CREATE TABLE t AS SELECT random() FROM range(2000000)')",
}
PROGRAM = """
import duckdb, os, pyarrow as pa, pyarrow.parquet as pq, sqlite3, sys
from pathlib import Path
from tasks.storage.trouble import disk_sentence
folder = Path(sys.argv[1])
try:
    {write}
except Exception as error:
    print(disk_sentence(error, folder))
"""


@pytest.mark.parametrize("writer", WRITERS)
def test_every_library_is_understood_when_its_disk_is_full(disk: SmallDisk, writer: str) -> None:
    disk.leave(64)
    answer = disk.well(sys.executable, "-c", PROGRAM.format(write=WRITERS[writer]), str(disk.folder))
    assert answer.startswith(f"The disk is full: {disk.folder} takes no more.")


CATALOG = """
import duckdb, sys
from pathlib import Path
from tasks.storage.catalog import blank_catalog
from tasks.storage.layout import locate
warehouse = locate(Path(sys.argv[1], "warehouse"))
try:
    warehouse.tmp.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(blank_catalog(warehouse), read_only=True) as connection:
        print(connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone()[0])
except (OSError, duckdb.Error):
    print("raised")
"""


def test_a_catalog_is_whole_or_none(disk: SmallDisk) -> None:
    answers = set()
    for free in (100, 200, 260, 280, 300, 320, 360, 400, 600, 1200):
        disk.leave(free)
        answers.add(disk.well(sys.executable, "-c", CATALOG, str(disk.folder)).strip())
        disk.well("rm", "-rf", f"{disk.folder}/warehouse")
    assert answers == {"raised", str(len(TABLES) + len(load_views()))}
