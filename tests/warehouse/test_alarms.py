"""Alarms: what is unusual is said, what is usual or has no past is not."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.reasons import RunStatus
from tests.example_warehouse import memory_warehouse
from tests.examples import article, run
from warehouse import load_queries

NOW = datetime.now(UTC)  # some minutes ago when a test runs late: fit for spans of days only


def arrivals(*hours_ago: float, **changes: Any) -> list[Any]:
    """An article for each moment at which something arrived, counted from now: alarms know the time of day."""
    now = datetime.now(UTC)
    return [
        article(article_id=f"{changes.get('source')}-{hours}", first_seen_at=now - timedelta(hours=hours), **changes)
        for hours in hours_ago
    ]


def alarms(**rows: Any) -> dict[tuple[str, str | None], str]:
    found = memory_warehouse(**rows).execute("SELECT alarm, source, sentence FROM alarms").fetchall()
    return {(alarm, source): sentence for alarm, source, sentence in found}


def days(first: int, last: int) -> list[float]:
    return [24.0 * day for day in range(first, last)]


def test_an_empty_warehouse_has_no_alarm() -> None:
    assert alarms() == {}


@pytest.mark.parametrize(("silent_days", "is_alarm"), [(0, False), (1, False), (2, True), (30, True)])
def test_a_daily_input_is_silent_after_a_day_and_a_half(silent_days: int, is_alarm: bool) -> None:
    found = alarms(articles=arrivals(*days(silent_days, silent_days + 20)))
    assert (("input_silent", None) in found) is is_alarm


@pytest.mark.parametrize(
    ("silent_hours", "every_hours", "told"),
    [
        # Minutes go on while the test runs; the other spans stand far from where they are rounded.
        (1.5, 0.25, "Nothing new for 9[0-2] min; usually something comes within 15 min."),
        (36.0, 3.2, "Nothing new for 36 h; usually something comes within 4 h."),
        (47.8, 24.0, "Nothing new for 48 h; usually something comes within 24 h."),
        (7128.0, 60.0, "Nothing new for 297 days; usually something comes within 3 days."),
    ],
)
def test_a_silence_is_told_in_minutes_hours_or_days(silent_hours: float, every_hours: float, told: str) -> None:
    found = alarms(articles=arrivals(*(silent_hours + number * every_hours for number in range(20))))
    assert list(found) == [("input_silent", None)]
    assert re.fullmatch(told, found["input_silent", None])


def test_weekends_are_usual_and_one_long_gap_is_not() -> None:
    workdays = [hours for hours in days(0, 60) if (hours // 24) % 7 not in {0, 1}]  # the last two days were none
    assert alarms(articles=arrivals(*workdays)) == {}
    one_outage = [*days(3, 25), *days(45, 65)]
    assert ("input_silent", None) in alarms(articles=arrivals(*one_outage))


def test_a_young_warehouse_is_not_called_silent() -> None:
    assert alarms(articles=arrivals(*days(100, 109))) == {}


def test_a_silent_source_is_named_unless_all_are_silent() -> None:
    herald = arrivals(*days(5, 25), source="herald")
    tribune = arrivals(*days(0, 25), source="tribune")
    assert list(alarms(articles=[*herald, *tribune])) == [("source_silent", "herald")]
    assert list(alarms(articles=herald)) == [("input_silent", None)]
    ended = arrivals(*days(40, 60), source="ended")
    assert alarms(articles=[*ended, *tribune]) == {}


def ingests(*refused: int, read: int = 100, **changes: Any) -> list[Any]:
    """Runs, the last one the newest."""
    counts = {"files_read": read, "articles_new": read}
    return [
        run(
            run_id=f"r{number:03}",
            started_at=NOW + timedelta(minutes=number),
            articles_refused=many,
            **counts,
            **changes,
        )
        for number, many in enumerate(refused)
    ]


@pytest.mark.parametrize(
    ("refused", "is_alarm"),
    [
        ([0, 1, 0, 1, 0, 1, 50], True),
        ([0, 1, 0, 1, 0, 50, 1], False),  # over
        ([10, 12, 9, 10, 11, 10, 12], False),  # as always
        ([0, 0, 0, 0, 0, 0, 4], False),  # too few to mean anything
        ([0, 0, 50], False),  # no past
    ],
)
def test_refusals_above_usual_are_an_alarm(refused: list[int], is_alarm: bool) -> None:
    found = alarms(runs=ingests(*refused))
    assert (("refusals_high", None) in found) is is_alarm
    if is_alarm:
        sentence = "The last large ingest refused 50 items, 20.0 % of what it met; usual are 0.2 %."
        assert found["refusals_high", None] == sentence


def test_small_runs_say_nothing_about_refusals() -> None:
    small = run(run_id="r999", started_at=NOW + timedelta(days=1), files_read=1, articles_refused=10)
    assert alarms(runs=[*ingests(0, 1, 0, 1, 0, 1, 0), small]) == {}


def test_coverage_that_falls_is_an_alarm() -> None:
    before = [article(article_id=f"b{n}", first_seen_at=NOW - timedelta(days=20)) for n in range(30)]
    late = [
        article(article_id=f"l{n}", first_seen_at=NOW, enrichment_status="no_model" if n < 10 else "done")
        for n in range(30)
    ]
    sentence = "Of the articles of the last seven days 67 % were searched for names and places; before it was 100 %."
    assert alarms(articles=[*before, *late]) == {("coverage_falling", None): sentence}
    assert alarms(articles=[*before, *late[10:]]) == {}


def test_a_run_that_failed_is_an_alarm_until_the_next() -> None:
    (good, bad, better) = ingests(0, 0, 0)
    failed = run(run_id=bad.run_id, started_at=bad.started_at, status="failed", detail="The disk is full.")
    assert alarms(runs=[good, failed]) == {("run_failed", None): "The last ingest failed: The disk is full."}
    assert alarms(runs=[good, failed, better]) == {}
    assert alarms(runs=[good, replace(failed, status=RunStatus.INTERRUPTED)]) == {}


def test_operators_are_told_what_to_do_for_each_alarm() -> None:
    names = set(re.findall(r"^    '([a-z]+_[a-z]+)'", load_queries("views")["alarms"].sql, re.MULTILINE))
    assert len(names) == 5
    page = (Path(__file__).parents[2] / "docs" / "operate.md").read_text("utf-8")
    assert {name for name in names if f"| `{name}` |" not in page} == set()
