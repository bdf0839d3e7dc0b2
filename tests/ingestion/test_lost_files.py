"""What is derived may be lost, cut off or overwritten: the next command makes it again, and readers do not notice."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.ingestion.plans import FailedBatch, Plan, PreparedBatch
from tasks.ingestion.preparing import prepare_here
from tests.ingestion.mill import Mill, block, words
from tests.reading.archives import zip_of


def lose(*names: str) -> Callable[[Path], None]:
    """Delete these of a warehouse."""

    def harm(root: Path) -> None:
        for name in names:
            shutil.rmtree(root / name) if (root / name).is_dir() else (root / name).unlink(missing_ok=True)

    return harm


def overwrite(name: str, content: bytes) -> Callable[[Path], None]:
    """Put these bytes in the place of a file's."""

    def harm(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).write_bytes(content)

    return harm


def cut_catalog(root: Path) -> None:
    """Leave only the beginning of the catalog."""
    overwrite("catalog.duckdb", (root / "catalog.duckdb").read_bytes()[:20_000])(root)


HARMS = [
    pytest.param(lose("catalog.duckdb"), id="catalog lost"),
    pytest.param(lose("manifest.json"), id="manifest lost"),
    pytest.param(lose("tables"), id="tables lost"),
    pytest.param(lose("tmp"), id="locks and scratch lost"),
    pytest.param(lose("catalog.duckdb", "manifest.json", "tables", "tmp"), id="all of these lost"),
    pytest.param(overwrite("catalog.duckdb.wal", b"left by a careless reader"), id="log left over"),
    pytest.param(overwrite("catalog.duckdb", b""), id="catalog empty"),
    pytest.param(overwrite("catalog.duckdb", b"no database" * 1000), id="catalog overwritten"),
    pytest.param(cut_catalog, id="catalog cut off"),
]


@pytest.mark.parametrize("harm", HARMS)
def test_readers_read_on_and_the_next_pass_makes_it_whole(mill: Mill, harm: Callable[[Path], None]) -> None:
    mill.put("a.txt", block("Erste", words(1)))
    mill.ingest()
    before = mill.tables()
    harm(mill.warehouse)
    assert mill.tables() == before

    harm(mill.warehouse)
    mill.put("b.txt", block("Zweite", words(2)))
    mill.ingest()
    assert mill.column("SELECT headline FROM articles ORDER BY headline") == ["Erste", "Zweite"]
    with duckdb.connect(str(mill.warehouse / "catalog.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    pattern = str(mill.warehouse / "tables" / "articles" / "*" / "*.parquet")
    assert duckdb.execute("SELECT count(*) FROM read_parquet(?)", [pattern]).fetchone() == (2,)
    assert mill.broken() == []


Change = Callable[[Path], object]
CHANGES: list[Change] = [
    Path.unlink,
    lambda file: file.write_bytes(file.read_bytes()[:200]),
    lambda file: file.write_bytes(file.read_bytes() * 2),
]


@pytest.mark.parametrize("change", CHANGES, ids=["vanishes", "is cut off", "grows"])
@pytest.mark.parametrize("name", ["a.txt", "a.zip"])
def test_a_file_that_changes_between_listing_and_reading_waits_for_the_next_pass(
    mill: Mill, change: Change, name: str
) -> None:
    article = block("Erste", words(1, 200))
    content = article.encode() if name.endswith("txt") else zip_of({"member.txt": article.encode()})
    file = mill.put(name, content)
    mill.put("b.txt", block("Zweite", words(2)))

    def meddle(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        listed = list(plans)
        change(file)
        return prepare_here(listed)

    run = mill.ingest(prepare=meddle)
    assert (run.files_deferred, run.files_read) == (1, 1)
    assert mill.column("SELECT headline FROM articles") == ["Zweite"]
    assert mill.broken() == []

    shutil.rmtree(mill.input)
    mill.put(name, content)
    mill.put("b.txt", block("Zweite", words(2)))
    mill.ingest()
    assert mill.column("SELECT headline FROM articles ORDER BY headline") == ["Erste", "Zweite"]
    assert mill.column("SELECT DISTINCT outcome FROM files") == ["read"]
    assert mill.broken() == []


@pytest.mark.parametrize("content", [b"", b"no Parquet" * 100, b"PAR1" + b"\xff" * 99 + b"c\0\0\0PAR1"])
def test_a_damaged_file_that_types_empty_tables_is_made_again(mill: Mill, content: bytes) -> None:
    mill.put("a.txt", block("Erste", words(1)))
    mill.ingest()
    before = mill.tables()
    for file in mill.warehouse.glob("store/*/*=0000-00/*.parquet"):
        file.write_bytes(content)
    mill.ingest()
    assert mill.tables() == before
    assert mill.broken() == []
