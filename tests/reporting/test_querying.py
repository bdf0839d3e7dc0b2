"""What users' SQL may do and what it may not."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from schemas.errors import NewsmillError, WrongUse
from tasks.reporting.querying import Limits, run_query


def rows(warehouse: Path, query: str, **settings: object) -> list[dict[str, object]]:
    with run_query(warehouse, query, **settings) as reader:  # type: ignore[arg-type]
        return list(reader.read_all().to_pylist())


@pytest.mark.parametrize(
    "query",
    [
        "SELECT article_id FROM articles",
        "FROM current_articles SELECT article_id",
        "WITH one AS (SELECT * FROM articles) SELECT article_id FROM one;",
        "SELECT article_id FROM articles -- with a comment; and a semicolon",
        "(SELECT article_id FROM articles)",
        "SELECT article_id FROM articles INTERSECT SELECT article_id FROM entities",
    ],
)
def test_reads_in_every_spelling_of_select(stored: Path, query: str) -> None:
    assert rows(stored, query) == [{"article_id": "a1"}]


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE articles",
        "SUMMARIZE articles",
        "SHOW TABLES",
        "EXPLAIN SELECT * FROM articles",
        "EXPLAIN ANALYZE SELECT * FROM articles",
        "/* é */ EXPLAIN -- how\n (ANALYZE, FORMAT json) SELECT 'é' FROM articles",
        "VALUES (1)",
        "FROM range(3)",
        "TABLE runs",
        "PIVOT entities ON label IN ('GPE') USING count(*)",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) FROM n",
        "SELECT unnest(flags) FROM articles UNION ALL SELECT 'COPY_QUERY_NODE'",
    ],
)
def test_runs_whatever_only_reads(stored: Path, query: str) -> None:
    assert rows(stored, query)


ATTACKS = [
    "COPY (SELECT 1) TO '{place}'",
    "EXPLAIN COPY (SELECT 1) TO '{place}'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{place}'",
    "EXPLAIN (ANALYZE, FORMAT json) COPY (SELECT 1) TO '{place}'",
    "/* SELECT */ EXPLAIN -- SELECT\n ANALYZE COPY (SELECT 1) TO '{place}'",
    "WITH x AS (COPY (SELECT 1) TO '{place}') SELECT 1",
    "EXPLAIN ANALYZE WITH x AS (COPY (SELECT 1) TO '{place}') SELECT 1",
    "WITH y AS (WITH x AS (COPY (SELECT 1) TO '{place}') SELECT 1) SELECT 1 UNION ALL SELECT 2",
    "(WITH x AS (COPY (SELECT 1) TO '{place}') SELECT 1)",
    "WITH x AS (COPY (SELECT 1) TO '{place}') VALUES (1)",
    "WITH x AS (COPY (SELECT 1) TO '{place}') PIVOT entities ON label IN ('GPE') USING count(*)",
    "FROM query('WITH x AS (COPY (SELECT 1) TO ''{place}'') SELECT 1')",
    "FROM json_execute_serialized_sql(json_serialize_sql('WITH x AS (COPY (SELECT 1) TO ''{place}'') SELECT 1'))",
    "FROM main.JSON_EXECUTE_SERIALIZED_SQL('')",
    "FROM enable_logging(storage = 'file', storage_path = '{place}')",
    "EXPORT DATABASE '{place}'",
    "ATTACH '{place}'",
    "CREATE TABLE x AS SELECT 1",
    "INSERT INTO articles SELECT * FROM articles",
    "WITH x AS (INSERT INTO snapshot VALUES (1, now()) RETURNING *) FROM x",
    "WITH x AS (DELETE FROM snapshot) SELECT 1",
    "DROP VIEW articles",
    "PRAGMA database_list",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CALL pragma_version()",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN",
    "PREPARE x AS SELECT 1",
    "DETACH newsmill",
    "USE memory",
    "SELECT 1; COPY (SELECT 1) TO '{place}'",
    "SELECT 1; SELECT 2",
    "",
    "-- nothing",
    "EXPLAIN",
    "FROM read_csv('/etc/passwd')",
    "FROM read_text('/etc/passwd')",
    "FROM read_blob('{place}')",
    "FROM read_parquet('{place}')",
    "FROM parquet_metadata('{place}')",
    "FROM sniff_csv('/etc/passwd')",
    "FROM glob('/etc/*')",
    "FROM '/etc/passwd'",
    "FROM '{place}'",
    "DESCRIBE '{place}'",
    "SUMMARIZE '{place}'",
    "DESCRIBE FROM '{place}'",
    "SELECT * FROM articles, '{place}'",
    "FROM statement",
    "FROM read_parquet('https://example.org/x.parquet')",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "FROM query_table('/etc/passwd')",
    "SELECT write_log('x')",
    "SELECT '\udcff'",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_refuses_whatever_could_write_or_look_elsewhere(stored: Path, attack: str) -> None:
    (live,) = (stored / "store" / "articles" / "published_month=2025-12").glob("*.parquet")
    places = (live, stored / "store" / "new.parquet", stored.parent / "elsewhere")
    for place in places if "{place}" in attack else places[:1]:
        before = everything_below(stored.parent)
        with pytest.raises(WrongUse) as refusal:
            rows(stored, attack.replace("{place}", str(place).replace("'", "''")))
        assert "\n" not in str(refusal.value)
        assert everything_below(stored.parent) == before
    assert pq.read_metadata(live).num_rows == 1


def everything_below(folder: Path) -> dict[Path, int]:
    """Sizes of all files, without SQLite's own, which come and go with every reader."""
    return {path: path.stat().st_size for path in folder.rglob("*") if not path.name.startswith("ledger.sqlite-")}


def test_locked_connection_is_the_second_wall(stored: Path) -> None:
    from tasks.reporting.querying import lock
    from tasks.storage.opening import open_warehouse

    with open_warehouse(stored) as connection:
        lock(connection, stored, Limits())
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]
        for query in ("FROM read_text('/etc/passwd')", "SET threads = 1", f"COPY (SELECT 1) TO '{stored.parent.name}'"):
            with pytest.raises(Exception, match=r"disabled|locked|not exist|cannot"):
                connection.execute(query)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC 1", 'Parser Error: syntax error at or near "SELEC" (line 1, column 1)'),
        (
            "SELECT\n  headlin FROM articles",
            'Binder Error: Referenced column "headlin" not found in FROM clause! (line 2, column 3)',
        ),
        ("SELECT * FROM article", "Catalog Error: Table with name article does not exist!"),
        ("SELECT CAST('x' AS INT) FROM articles", "Conversion Error: Could not convert string 'x' to INT32"),
    ],
)
def test_says_in_one_line_what_is_wrong_and_where(stored: Path, query: str, message: str) -> None:
    with pytest.raises(WrongUse) as refusal:
        rows(stored, query)
    said = str(refusal.value)
    assert said.startswith(message.partition(" (line")[0])
    assert said.endswith(message[message.find(" (line") :] if " (line" in message else "")
    assert "\n" not in said


def test_stops_a_query_that_takes_too_long(stored: Path) -> None:
    with pytest.raises(NewsmillError, match="time limit") as stopped:
        rows(stored, "SELECT sum(hash(i)) FROM range(100000000000) AS numbers(i)", limits=Limits(seconds=0.3))
    assert stopped.value.exit_code == 1


def test_stops_a_query_whose_rows_never_end(stored: Path) -> None:
    with (
        pytest.raises(NewsmillError, match="time limit"),
        run_query(stored, "SELECT i FROM range(100000000000) AS numbers(i)", limits=Limits(seconds=0.3)) as reader,
    ):
        assert sum(batch.num_rows for batch in reader) < 0


def test_stops_a_query_that_takes_too_much_memory(stored: Path) -> None:
    with pytest.raises(NewsmillError, match="Out of Memory"):
        rows(stored, "SELECT list(i) FROM range(100000000) AS numbers(i)", limits=Limits(memory="100MB"))


def test_tells_equal_column_names_apart(stored: Path) -> None:
    assert rows(stored, "SELECT 1 AS a, 2 AS a, 3 AS a_2") == [{"a": 1, "a_2": 2, "a_2_2": 3}]


def test_reads_an_earlier_snapshot(stored: Path) -> None:
    with run_query(stored, "SELECT max(commit_id) AS commit_id FROM snapshot") as reader:
        (commit,) = reader.read_all()["commit_id"].to_pylist()
    assert rows(stored, "SELECT count(*) AS n FROM articles", as_of=str(commit)) == [{"n": 1}]
    with pytest.raises(WrongUse):
        rows(stored, "SELECT 1", as_of="yesterday")


def test_needs_a_warehouse(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no warehouse"):
        rows(tmp_path / "none", "SELECT 1")
