"""The warehouse from Python: it reads, and nothing else; it stands still while runs go on."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from newsmill import NewsmillError, Warehouse, WrongUse, open_warehouse
from schemas.tables import TABLES
from tasks.maintaining import run_upkeep
from tests.example_news import NEWS, NOVEMBER
from tests.example_warehouse import disk_warehouse
from tests.examples import DAY
from tests.ingestion.mill import block, mill_at, words


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return disk_warehouse(tmp_path_factory.mktemp("stored") / "ware'house", **NEWS)


@pytest.fixture
def warehouse(stored: Path) -> Warehouse:
    return open_warehouse(stored)


def test_a_query_takes_parameters_by_name_and_by_place(warehouse: Warehouse) -> None:
    query = "SELECT headline FROM articles WHERE published_date = {} ORDER BY headline"
    expected = [("Ada Lovelace visits Paris",), ("Paris applauds",)]
    assert warehouse.sql(query.format("$day"), {"day": NOVEMBER}).fetchall() == expected
    assert warehouse.sql(query.format("?"), [NOVEMBER]).fetchall() == expected


def test_answers_are_relations_that_go_on_to_arrow_and_data_frames(warehouse: Warehouse) -> None:
    relation = warehouse.table("article_entities").filter("label = 'PERSON'").select("canonical_name")
    assert isinstance(relation, duckdb.DuckDBPyRelation)
    assert relation.to_arrow_table().column_names == ["canonical_name"]
    assert set(relation.df()["canonical_name"]) == {"Ada Lovelace", "William King"}


def test_every_table_view_and_report_that_is_named_can_be_asked(warehouse: Warehouse) -> None:
    assert warehouse.tables == list(TABLES)
    for name in [*warehouse.tables, *warehouse.views]:
        assert warehouse.table(name).columns
    for name, question in warehouse.reports.items():
        assert "?" in question
        assert warehouse.report(name).columns


def test_a_report_of_some_days_is_that_of_a_warehouse_with_no_others(warehouse: Warehouse, tmp_path: Path) -> None:
    of_november = {name: [row for row in rows if published(row) == NOVEMBER] for name, rows in NEWS.items()}
    alone = open_warehouse(disk_warehouse(tmp_path / "november", **of_november))
    for name in ("top_people", "top_places", "volume_by_day", "headline_numbers", "people_together", "map_points"):
        limited = warehouse.report(name, start="2025-11-01", end=date(2025, 11, 30))
        assert limited.fetchall() == alone.report(name).fetchall()
        assert limited.fetchall() != warehouse.report(name).fetchall()


def published(row: object) -> date:
    return getattr(row, "published_date", NOVEMBER)


def test_a_range_may_be_open_at_either_end(warehouse: Warehouse) -> None:
    everything = warehouse.report("volume_by_day").fetchall()
    assert warehouse.report("volume_by_day", end="2025-11-30").fetchall() == everything[:1]
    assert warehouse.report("volume_by_day", start=DAY).fetchall() == everything[1:]


def test_a_day_may_be_a_time_of_it(warehouse: Warehouse) -> None:
    noon = datetime(2025, 11, 20, 12, tzinfo=UTC)
    assert warehouse.report("top_people", start=noon, end=noon).fetchall()


def test_times_are_in_utc_wherever_one_asks(stored: Path, project: Path) -> None:
    ask = (
        "import sys; from newsmill import open_warehouse; warehouse = open_warehouse(sys.argv[1])\n"
        "of_days = warehouse.report('volume_by_source', start='2025-01-01')\n"
        "assert of_days.fetchall() == warehouse.report('volume_by_source').fetchall()\n"
        "assert {row[-1].utcoffset().total_seconds() for row in of_days.fetchall()} == {0}"
    )
    elsewhere = {"TZ": "America/New_York", "PYTHONPATH": str(project)}
    subprocess.run([sys.executable, "-c", ask, str(stored)], cwd=stored, env=elsewhere, check=True)


@pytest.mark.parametrize(
    ("name", "start", "end", "told"),
    [
        pytest.param("latest_runs", "2025-11-01", None, "does not go by days", id="of runs"),
        pytest.param("top_people", "2025-12-02", "2025-12-01", "before it starts", id="turned round"),
        pytest.param("top_people", "1 May", None, "'1 May' is not a day such as 2025-12-01", id="no day"),
        pytest.param("top_peopel", None, None, "There is no report 'top_peopel'; did you mean top_people", id="a slip"),
    ],
)
def test_a_report_that_cannot_be_made_says_why(
    warehouse: Warehouse, name: str, start: str, end: str, told: str
) -> None:
    with pytest.raises(WrongUse, match=re.escape(told)):
        warehouse.report(name, start=start, end=end)


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH '/tmp/x.duckdb'",
        "COPY articles TO 'articles.csv'",
        "CREATE TABLE x AS SELECT 1",
        "SET memory_limit = '64GB'",
        "FROM 'articles.parquet'",
        "FROM read_text('/etc/hostname')",
        "SELECT 1; SELECT 2",
        "SELECT no_such_column FROM articles",
    ],
)
def test_a_query_that_does_more_than_read_is_refused(warehouse: Warehouse, query: str) -> None:
    with pytest.raises(WrongUse):
        warehouse.sql(query)


def test_relations_reach_no_file_either(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    with pytest.raises(duckdb.PermissionException):
        warehouse.table("articles").write_parquet(str(tmp_path / "articles.parquet"))
    with pytest.raises(duckdb.PermissionException):
        warehouse.table("articles").filter(f"(SELECT content = '' FROM read_text('{tmp_path}/secret.txt'))")
    with pytest.raises(duckdb.InvalidInputException):
        warehouse.table("articles").query("t", "SET enable_external_access = true")
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


def test_a_missing_warehouse_table_or_snapshot_is_said_in_a_sentence(stored: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="There is no warehouse at"):
        open_warehouse(tmp_path / "nowhere")
    with pytest.raises(WrongUse, match="There is no snapshot 99"):
        open_warehouse(stored, as_of=99)
    with open_warehouse(stored) as warehouse, pytest.raises(WrongUse, match="did you mean articles"):
        warehouse.table("article")
    assert issubclass(WrongUse, NewsmillError)


def test_an_open_warehouse_stands_still_while_runs_go_on(tmp_path: Path) -> None:
    mill = mill_at(tmp_path)
    mill.put("a.txt", block("Brücke gesperrt", words(1)))
    mill.ingest()
    count = "SELECT count(*) FROM articles"
    with open_warehouse(mill.warehouse) as before:
        lazy = before.sql(count)
        mill.put("b.txt", block("Wahl", words(2)))
        mill.ingest()
        with open_warehouse(mill.warehouse) as now:
            assert (lazy.fetchall(), now.sql(count).fetchall()) == ([(1,)], [(2,)])
            assert now.snapshot > before.snapshot
        with open_warehouse(mill.warehouse, as_of=before.snapshot) as again:
            assert again.sql(count).fetchall() == [(1,)]
            assert again.report("volume_by_day", start=DAY).select("published_date").fetchall() == [(DAY,)]
        with open_warehouse(mill.warehouse, as_of=datetime.now(UTC)) as now:
            assert now.sql(count).fetchall() == [(2,)]


def test_an_open_warehouse_whose_files_were_let_go_shows_no_fewer_rows(tmp_path: Path) -> None:
    mill = mill_at(tmp_path)
    for number in range(5):
        mill.put(f"{number}.txt", block(f"Brücke {number}", words(number)))
        mill.ingest()
    with open_warehouse(mill.warehouse) as before:
        lazy = before.table("articles")
        run_upkeep(mill.warehouse)
        assert len(lazy.fetchall()) == 5
        run_upkeep(mill.warehouse, grace=timedelta(0))
        with pytest.raises(duckdb.IOException):
            lazy.fetchall()
        with pytest.raises(NewsmillError, match=r"no longer there.*open it anew"):
            before.sql("SELECT count(*) FROM articles")


def test_readers_meet_no_error_while_another_process_commits(tmp_path: Path, project: Path) -> None:
    mill = mill_at(tmp_path)
    for number in range(12):
        mill.put(f"{number}.txt", block(f"Brücke {number}", words(number)))
    mill.ingest(batch_files=12)
    for number in range(12, 24):
        mill.put(f"{number}.txt", block(f"Wahl {number}", words(number)))
    command = [sys.executable, "-m", "flows.cli", "ingest", "--direct", "--workers", "1", "--batch-size", "1"]
    folders = ["--input", str(mill.input), "--warehouse", str(mill.warehouse), "--model", "en_core_web_sm"]
    seen: set[int] = set()
    with subprocess.Popen([*command, *folders], cwd=project, stdout=subprocess.DEVNULL) as writer:
        while writer.poll() is None:
            with open_warehouse(mill.warehouse) as warehouse:
                counts = warehouse.sql("SELECT count(*), count(DISTINCT article_id) FROM articles").fetchall()
                assert counts == warehouse.sql("SELECT count(*), count(*) FROM articles").fetchall()
                seen.add(counts[0][0])
    assert writer.returncode == 0
    assert min(seen) >= 12
    with open_warehouse(mill.warehouse) as warehouse:
        assert warehouse.sql("SELECT count(*) FROM articles").fetchall() == [(24,)]


def test_the_default_is_the_warehouse_of_the_commands(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSMILL_WAREHOUSE", str(stored))
    with open_warehouse() as warehouse:
        assert warehouse.table("runs").count("*").fetchall() == [(2,)]


def test_a_closed_warehouse_answers_no_more(stored: Path) -> None:
    with open_warehouse(stored) as warehouse:
        relation = warehouse.report("top_people", start="2025-11-01")
    with pytest.raises((NewsmillError, duckdb.Error)):
        warehouse.sql("SELECT 1")
    with pytest.raises(duckdb.Error):
        relation.fetchall()
