"""What `status` says."""

import json

import duckdb
from rich.console import Console

from tasks.reporting.status import find_status, status_view
from tests.example_warehouse import memory_warehouse
from tests.examples import article, entity, file, file_id, location, outcome, quarantined, refused, run


def said(connection: duckdb.DuckDBPyConnection) -> str:
    console = Console(width=120, file=None, record=True, quiet=False)
    with console.capture() as captured:
        console.print(status_view(find_status(connection)))
    return captured.get()


def full() -> duckdb.DuckDBPyConnection:
    return memory_warehouse(
        articles=[article(entity_count=1, location_count=1, pipeline_id="p0")],
        entities=[entity()],
        locations=[location()],
        files=[file(), file(path="c.txt", file_id=file_id("c"))],
        outcomes=[outcome(), refused(file_id=file_id("c"))],
        quarantine=[
            quarantined(path="\x1b[31mc.txt", file_id=file_id("c")),
            quarantined(path="d.txt", status="discarded", reason="binary"),
        ],
        runs=[run()],
    )


def test_an_empty_warehouse_says_what_to_do() -> None:
    text = said(memory_warehouse())
    assert "none yet: `newsmill ingest` reads the input folder" in text
    assert "Quarantine: nothing open." in text
    assert "Enrichment: nothing to search yet." in text


def test_the_last_run_its_outcomes_and_what_is_open_are_told() -> None:
    lines = [" ".join(line.split()) for line in said(full()).splitlines()]
    assert lines[0] == "Last run ingest done, 2025-12-01 12:00 UTC (r1)"
    assert "Latest day 2025-12-01" in lines
    assert "refused │ invalid_date │ 1" in lines
    assert (
        "Enrichment: 1 of 1 stored versions (100.0%), 1 stale; `newsmill backfill --stage enrich` renews them." in lines
    )
    assert any(line.startswith("invalid_date │ 1 │ The header's date is not a day of the calendar.") for line in lines)
    assert not any("binary" in line for line in lines)


def test_alarms_stand_above_everything() -> None:
    failed = memory_warehouse(runs=[run(status="failed", detail="The disk is \x1b[31mfull.")])
    assert said(failed).splitlines()[0] == "run_failed: The last ingest failed: The disk is \\x1b[31mfull."
    assert find_status(failed).alarms[0]["alarm"] == "run_failed"
    assert find_status(full()).alarms == []


def test_names_of_files_cannot_colour_the_terminal() -> None:
    assert "\x1b" not in said(full())


def test_the_status_is_also_json() -> None:
    for connection in (memory_warehouse(), full()):
        status = json.loads(json.dumps(find_status(connection).as_json()))
        lists = {"outcomes", "enrichment", "no_model", "interrupted", "quarantine", "alarms"}
        assert set(status) == {"numbers", "freshness", "last_run", "premises", *lists}
    assert status["last_run"]["run_id"] == "r1"
    assert status["freshness"]["latest_published_date"] == "2025-12-01"


def test_languages_without_a_model_are_counted() -> None:
    articles = [
        article(article_id=f"a{n}", content_hash=f"h{n}", language=language, enrichment_status="no_model")
        for n, language in enumerate(("de", "fr", "de"))
    ]
    connection = memory_warehouse(articles=articles)
    assert "Without a model for their language: 3 versions (2 de, 1 fr); --language" in " ".join(
        said(connection).split()
    )
    coverage = connection.execute("SELECT languages_without_model FROM enrichment_coverage").fetchall()
    assert coverage == [({"de": 2, "fr": 1},)]


def test_a_run_that_was_cut_off_is_named() -> None:
    connection = memory_warehouse(runs=[run(), run(run_id="r0", status="interrupted", finished_at=None)])
    assert "interrupted" in said(connection).lower()
    assert "(r0)" in said(connection)
