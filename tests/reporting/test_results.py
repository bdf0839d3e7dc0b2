"""What a result looks like as a table, JSON, CSV and Parquet, and that hostile text stays text."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import WrongUse
from tasks.reporting.results import TABLE_ROWS, Format, write_result, write_text

HOSTILE = '=cmd|" /C calc"!A0\x1b[31m\n\u202efoo'


EVERY_TYPE = """
SELECT
    1.50::DECIMAL(5, 2) AS d, 3::HUGEINT AS h, INTERVAL 1 DAY AS i, TIME '10:00' AS t, 'ab'::BLOB AS b,
    MAP {'a': 1} AS m, {'x': 1} AS s, TIMESTAMP_NS '2020-01-01 00:00:00.123456789' AS ns, true AS y, NULL AS n,
    '5f0c3f0e-0000-4000-8000-000000000000'::UUID AS u, 'a'::ENUM ('a') AS e
"""


def reader(**columns: list[Any]) -> pa.RecordBatchReader:
    return pa.table(columns).to_reader(max_chunksize=2)


def text(form: Format, **columns: list[Any]) -> str:
    out = io.StringIO()
    write_text(reader(**columns), form, out)
    return out.getvalue()


def test_json_is_an_array_of_objects_and_nothing_else() -> None:
    written = text(
        Format.JSON,
        day=[date(2025, 12, 1), None, None],
        at=[datetime(2025, 12, 1, 10, 15, tzinfo=UTC), None, None],
        share=[float("nan"), float("inf"), 0.5],
        flags=[["a"], [], None],
        name=['Zoë "Z"', "</script>", "\x00"],
    )
    assert json.loads(written) == [
        {"day": "2025-12-01", "at": "2025-12-01T10:15:00+00:00", "share": None, "flags": ["a"], "name": 'Zoë "Z"'},
        {"day": None, "at": None, "share": None, "flags": [], "name": "</script>"},
        {"day": None, "at": None, "share": 0.5, "flags": None, "name": "\x00"},
    ]


def test_json_of_no_rows_is_an_empty_array() -> None:
    assert text(Format.JSON, n=[]) == "[]\n"


def test_json_knows_every_type_of_duckdb() -> None:
    relation = duckdb.connect().sql(EVERY_TYPE)
    assert relation is not None
    rows = relation.to_arrow_reader(10)
    out = io.StringIO()
    write_text(rows, Format.JSON, out)
    (row,) = json.loads(out.getvalue())
    assert row["i"]
    assert row | {"i": ""} == {
        "d": 1.5,
        "h": 3,
        "i": "",
        "t": "10:00:00",
        "b": "6162",
        "m": [["a", 1]],
        "s": {"x": 1},
        "ns": "2020-01-01T00:00:00.123456",
        "y": True,
        "n": None,
        "u": "5f0c3f0e-0000-4000-8000-000000000000",
        "e": "a",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_csv_takes_the_bite_out_of_formulas(start: str) -> None:
    rows = list(csv.reader(io.StringIO(text(Format.CSV, cell=[f"{start}1+1"]), newline="")))
    assert rows == [["cell"], [f"'{start}1+1"]]


def test_no_cell_breaks_out_of_its_row() -> None:
    written = text(Format.CSV, cell=["a\r=1+1", "b\n=1+1"])
    assert written == 'cell\n"a\r=1+1"\n"b\n=1+1"\n'


def test_csv_leaves_numbers_and_harmless_text_alone() -> None:
    written = text(
        Format.CSV,
        n=[-1, None],
        x=[-0.5, None],
        d=[Decimal("-1.5"), None],
        s=["a,b", "it's = fine"],
        y=[True, False],
        day=[date(2025, 12, 1), None],
        flags=[["a", "b"], []],
    )
    assert written == (
        'n,x,d,s,y,day,flags\n-1,-0.5,-1.5,"a,b",true,2025-12-01,"[""a"", ""b""]"\n,,,it\'s = fine,false,,[]\n'
    )


def test_a_column_name_is_no_formula_either() -> None:
    assert text(Format.CSV, **{"=1+1": [1]}).startswith("'=1+1\n")


def test_table_shows_rows_and_their_number() -> None:
    lines = text(Format.TABLE, place=["Leeds", "York"], n=[2, 10]).splitlines()
    assert [line.split() for line in lines[2:]] == [["Leeds", "│", "2"], ["York", "│", "10"], ["2", "rows"]]


def test_table_cannot_be_made_to_ring_move_or_reorder() -> None:
    written = text(Format.TABLE, headline=[HOSTILE, "[red]not markup[/red]"])
    assert not set(written) & set("\x1b\u202e")
    assert r"\x1b[31m\n\u202efoo" in written
    assert "[red]not markup[/red]" in written


def test_table_shortens_long_values() -> None:
    written = text(Format.TABLE, text=["word " * 100], n=[1])
    assert "…" in written
    assert max(map(len, written.splitlines())) < 100


def test_more_columns_than_a_line_holds_are_written_below_each_other() -> None:
    written = text(Format.TABLE, headline=["a", HOSTILE], **{f"n{n}": [n, -n] for n in range(40)})
    lines = [line.split() for line in written.splitlines()]
    assert lines[0] == ["──", "row", "1", "──"]
    assert [line for line in lines if line[0] == "n39"] == [["n39", "39"], ["n39", "-39"]]
    assert not set(written) & set("\x1b\u202e")
    assert written.endswith("2 rows\n")


def test_table_counts_the_rows_it_does_not_show() -> None:
    written = text(Format.TABLE, n=list(range(1000)))
    assert len(written.splitlines()) == TABLE_ROWS + 3
    assert written.endswith("1,000 rows, of which the first 200 are shown; --format csv gives them all.\n")


@pytest.mark.parametrize("form", list(Format))
def test_a_file_appears_whole(tmp_path: Path, form: Format) -> None:
    write_result(reader(n=[1, 2, 3]), form, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").stat().st_size


def test_parquet_keeps_values_and_types(tmp_path: Path) -> None:
    write_result(reader(n=[1, 2, 3], s=["=1", None, "é"]), Format.PARQUET, tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.to_pydict() == {"n": [1, 2, 3], "s": ["=1", None, "é"]}


def failing() -> pa.RecordBatchReader:
    schema = pa.schema([("n", pa.int64())])

    def batches() -> Any:
        yield pa.record_batch([[1]], schema=schema)
        raise WrongUse("It ends here.")

    return pa.RecordBatchReader.from_batches(schema, batches())


@pytest.mark.parametrize("form", list(Format))
def test_a_failure_leaves_what_was_there(tmp_path: Path, form: Format) -> None:
    (tmp_path / "out").write_text("before")
    with pytest.raises(WrongUse, match="It ends here"):
        write_result(failing(), form, tmp_path / "out")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "before")]


def test_an_output_that_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be written: No such file or directory"):
        write_result(reader(n=[1]), Format.CSV, tmp_path / "missing" / "out.csv")
    with pytest.raises(WrongUse, match="cannot be written"):
        write_result(reader(n=[1]), Format.CSV, tmp_path)


def test_nothing_is_written_into_a_warehouse(stored: Path) -> None:
    for place in (stored / "out.csv", stored / "tables" / "articles" / "out.csv"):
        with pytest.raises(WrongUse, match="inside the warehouse"):
            write_result(reader(n=[1]), Format.CSV, place)


def test_stdout_gets_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    write_result(reader(n=[1]), Format.JSON)
    assert json.loads(capsys.readouterr().out) == [{"n": 1}]


def test_parquet_goes_into_a_pipe_but_not_to_a_terminal(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_result(reader(n=[1, 2]), Format.PARQUET)
    assert pq.read_table(io.BytesIO(capfdbinary.readouterr().out)).to_pydict() == {"n": [1, 2]}
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(WrongUse, match="not for a terminal"):
        write_result(reader(n=[1]), Format.PARQUET)


@pytest.mark.parametrize("form", [Format.JSON, Format.CSV])
def test_nothing_that_is_shown_on_a_terminal_commands_it(form: Format) -> None:
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    write_text(reader(name=["\x1b[2J\x9b31mred\u202efoo", "plain"]), form, screen)
    shown = screen.getvalue()
    assert not set(shown) & {"\x1b", "\x9b", "\u202e"}
    assert "plain" in shown
    assert "red" in shown


def test_a_program_gets_the_characters_as_they_are() -> None:
    (_, row) = text(Format.CSV, name=["\x1b[2J\u202efoo"]).splitlines()
    assert row == "\x1b[2J\u202efoo"
