"""A warehouse whose Parquet and raw files lie on S3: commits, snapshots, upkeep, and whose the store is."""

import json
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from schemas.errors import NewsmillError, WrongUse
from tasks.reporting.changes import changes_since
from tasks.reporting.querying import Limits, lock, run_query
from tasks.storage import on_s3
from tasks.storage.catalog import quoted
from tasks.storage.commit import transaction
from tasks.storage.compaction import compact
from tasks.storage.layout import Warehouse, locate
from tasks.storage.ledger import live_parts
from tasks.storage.objects import objects_of
from tasks.storage.opening import open_warehouse, reading, writing
from tasks.storage.parts import in_store
from tasks.storage.retention import expire
from tasks.storage.verifying import find_damage
from tests.examples import article
from tests.s3_server import BUSY, DENIED, gate, variables
from tests.storage.commits import commit, headlines, table_of


@pytest.fixture
def far(root: Path, s3_store: str) -> Path:
    """The folder of an empty warehouse that keeps its files on S3."""
    with writing(root, s3_store):
        pass
    return root


def asked(root: Path) -> AbstractContextManager[pa.RecordBatchReader]:
    return run_query(root, "SELECT headline FROM articles")


def parts_in(warehouse: Warehouse) -> set[str]:
    """The objects of a store that hold rows."""
    return {path for path, _ in objects_of(warehouse).listed("store") if "=0000-00/" not in path}


def live(root: Path) -> set[str]:
    with reading(root) as (_, ledger):
        return {in_store(part.path) for part in live_parts(ledger)}


def test_rows_come_back_and_the_folder_has_none_of_them(far: Path, s3_store: str) -> None:
    commit(far, articles=[article(headline="First")])
    commit(far, articles=[article(article_id="b", headline="Second")])
    assert headlines(far) == ["First", "Second"]
    assert headlines(far, as_of="1") == ["First"]
    assert {file.name for file in far.iterdir()} - {"ledger.sqlite-wal", "ledger.sqlite-shm"} == {
        "ledger.sqlite",
        "catalog.duckdb",
        "manifest.json",
        "tmp",
    }
    manifest = json.loads((far / "manifest.json").read_text())
    assert set(manifest["tables"]["articles"]) == {f"{s3_store}/{path}" for path in live(far)}
    assert parts_in(locate(far)) == live(far)


def test_changes_are_read_from_the_store(far: Path) -> None:
    commit(far, articles=[article(headline="First")])
    commit(far, articles=[article(article_id="b", headline="Second")])
    with changes_since(far, "1") as rows:
        assert [row["headline"] for row in rows.read_all().to_pylist()] == ["Second"]


def test_a_store_is_chosen_once(far: Path, s3_store: str) -> None:
    with writing(far, s3_store):
        pass
    with pytest.raises(WrongUse, match="chosen when a warehouse is made"), writing(far, s3_store + "/other"):
        pass
    assert locate(far).address == s3_store


def test_a_warehouse_with_its_files_beside_it_takes_no_store(root: Path, s3_store: str) -> None:
    commit(root, articles=[article(headline="Here")])
    with pytest.raises(WrongUse, match="in its own folder"), writing(root, s3_store):
        pass
    assert headlines(root) == ["Here"]


def test_a_store_that_holds_files_is_not_given_to_another_warehouse(far: Path, tmp_path: Path, s3_store: str) -> None:
    commit(far, articles=[article(headline="First")])
    with pytest.raises(NewsmillError, match="another warehouse"), writing(tmp_path / "second", s3_store):
        pass
    assert headlines(far) == ["First"]


def test_of_two_warehouses_made_over_one_empty_store_the_first_stops(far: Path, tmp_path: Path, s3_store: str) -> None:
    with writing(tmp_path / "second", s3_store):
        commit(tmp_path / "second", articles=[article(headline="Second")])
    with pytest.raises(NewsmillError, match="not the store of"), writing(far):
        pass
    assert headlines(tmp_path / "second") == ["Second"]


def test_what_no_commit_names_and_what_was_superseded_goes_and_the_rest_stays(far: Path) -> None:
    for number in range(4):
        commit(far, articles=[article(article_id=str(number), headline=str(number))])
    warehouse = locate(far)
    objects_of(warehouse).put("store/articles/published_month=2025-12/left-over.parquet", b"of a crash")
    with writing(far) as (_, ledger):
        assert compact(warehouse, ledger, "r2") == 3
        assert len(parts_in(warehouse)) == 6
        assert expire(warehouse, ledger) == 1
        assert headlines(far, as_of="4") == headlines(far) == ["0", "1", "2", "3"]
        assert expire(warehouse, ledger, timedelta(0)) == 4
    assert parts_in(warehouse) == live(far)
    assert headlines(far) == ["0", "1", "2", "3"]


def fail_in_commit(root: Path) -> None:
    with writing(root) as (warehouse, ledger), transaction(warehouse, ledger, "ingest", "r1") as under_way:
        under_way.append("articles", table_of("articles", [article()]))
        raise InterruptedError


def test_a_commit_that_fails_leaves_nothing_in_the_store(far: Path) -> None:
    with pytest.raises(InterruptedError):
        fail_in_commit(far)
    assert parts_in(locate(far)) == set()
    assert headlines(far) == []


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        pytest.param(None, "missing", id="lost"),
        pytest.param(b"short", "5 bytes, committed were", id="cut"),
        pytest.param("same size", "its bytes have changed", id="changed"),
    ],
)
def test_damage_in_the_store_is_found_and_other_rows_are_read(
    far: Path, harm: bytes | str | None, sentence: str
) -> None:
    commit(far, articles=[article(headline="Lost")])
    (path,) = live(far)
    commit(far, articles=[article(article_id="b", headline="Kept", published_date=date(2024, 1, 1))])
    objects = objects_of(locate(far))
    if harm is None:
        objects.delete(path)
    else:
        objects.put(path, harm if isinstance(harm, bytes) else bytes(objects.size(path)))
    with reading(far) as (warehouse, ledger):
        (told,) = find_damage(warehouse, ledger)
    assert sentence in told
    kept = "SELECT headline FROM articles WHERE published_month = '2024-01'"
    with run_query(far, kept) as rows:
        assert rows.read_all().to_pylist() == [{"headline": "Kept"}]
    commit(far, articles=[article(article_id="c", headline="Later", published_date=date(2024, 1, 2))])
    with run_query(far, kept) as rows:
        assert len(rows.read_all()) == 2
    with pytest.raises(NewsmillError, match="maintain --verify"), asked(far) as rows:
        rows.read_all()


def test_many_threads_that_read_one_file_each_read_what_they_asked_for(far: Path) -> None:
    rows = [article(article_id=str(n), headline=f"{n:032d}", text=f"{n:032d} " * 40) for n in range(50_000)]
    commit(far, articles=rows)
    with open_warehouse(far) as connection:
        connection.execute("SET threads = 8")
        for _ in range(5):
            found = connection.execute("SELECT count(*), sum(headline::INT), min(text) FROM articles").fetchone()
            assert found == (50_000, sum(range(50_000)), f"{0:032d} " * 40)


HOSTILE = [
    "SELECT * FROM 's3://others/secret.parquet'",
    "SELECT * FROM '{store}/store/../../others/secret.parquet'",
    "SELECT * FROM '{store}/store/./../raw/x.parquet'",
    "SELECT * FROM '{store}/owner'",
    "SELECT * FROM read_text('{store}/owner')",
    "SELECT * FROM read_blob('{store}/raw/*')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM glob('s3://others/*')",
    "COPY (SELECT 1 AS a) TO '{store}/store/new.parquet'",
    "COPY (SELECT 1 AS a) TO '{live}'",
    "COPY (SELECT 1 AS a) TO 's3://others/new.parquet'",
    "ATTACH 's3://others/x.duckdb' AS x (READ_ONLY)",
    "INSTALL httpfs",
    "SET allowed_directories = ['/']",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_locked_connection_reads_the_parts_alone_and_writes_nothing(far: Path, s3_store: str, query: str) -> None:
    commit(far, articles=[article(headline="First")])
    (path,) = live(far)
    objects = objects_of(locate(far))
    others = objects_of(Warehouse(far, "s3://others"))
    others.put("secret.parquet", b"".join(read(objects, path)))
    before = {path for path, _ in objects.listed("store")}, {path for path, _ in others.listed("")}
    with open_warehouse(far) as connection:
        lock(connection, far, Limits())
        with pytest.raises((duckdb.Error, PermissionError)):
            connection.execute(query.format(store=s3_store, live=objects.url(path))).fetchall()
        assert connection.execute("SELECT headline FROM articles").fetchall() == [("First",)]
    assert ({path for path, _ in objects.listed("store")}, {path for path, _ in others.listed("")}) == before
    with pytest.raises(WrongUse), run_query(far, query.format(store=s3_store, live=objects.url(path))):
        pass


def read(objects: object, path: str) -> list[bytes]:
    return [objects.source(path).read()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", [BUSY, DENIED], ids=["busy", "denied"])
def test_a_store_that_refuses_is_told_in_a_sentence_and_what_was_committed_stays(
    far: Path, monkeypatch: pytest.MonkeyPatch, answer: tuple[str, str]
) -> None:
    commit(far, articles=[article(headline="First")])
    with gate() as opened:
        for name, value in variables(opened.url).items():
            monkeypatch.setenv(name, value)
        # What is asked four times over takes seconds.
        monkeypatch.setattr(on_s3, "ATTEMPTS", 1)
        # Refused before its part is written, or before the store said whose it is, nothing is committed; then all is,
        # and shown later.
        for after, committed in ((0, ["First"]), (1, ["First"]), (2, ["First", "Second"])):
            opened.shut(answer, after)
            with pytest.raises(NewsmillError, match="Everything committed is kept"):
                commit(far, articles=[article(article_id="b", headline="Second")])
            opened.shut(answer)
            with pytest.raises(NewsmillError, match="Everything committed is kept"), asked(far) as rows:
                rows.read_all()
            opened.open()
            assert headlines(far) == committed
        commit(far, articles=[article(article_id="c", headline="Third")])
        assert headlines(far) == ["First", "Second", "Third"]


def test_the_catalog_names_the_files_by_their_address(far: Path, s3_store: str) -> None:
    commit(far, articles=[article(headline="First")])
    (path,) = live(far)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {quoted(str(far / 'catalog.duckdb'))} AS catalog (READ_ONLY)")
        (view,) = connection.execute("SELECT sql FROM duckdb_views() WHERE view_name = 'articles'").fetchone() or ("",)
    assert f"{s3_store}/{path}" in view
