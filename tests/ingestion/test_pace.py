"""The speed of a run and the time it has left, from commits at known times."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tasks.ingestion.pace import FilePace, Pace, RunProgress, duration

START = RunProgress(
    files_planned=100, files_done=0, bytes_done=0, articles=0, words=0, files_found=None, bytes_found=None
)


def paced(times: Sequence[float], *, bytes_found: int | None = 1_000) -> tuple[Pace, list[float]]:
    """A run that dealt with 10 files of 100 bytes and 11 articles of 300 words until each time but the first."""
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    for number, at in enumerate(times):
        now[0] = at
        done = replace(START, files_done=10 * number, bytes_done=100 * number, articles=11 * number)
        pace.note(replace(done, words=3_300 * number, bytes_found=bytes_found))
    return pace, now


def test_nothing_is_known_before_the_first_commit() -> None:
    assert paced([0])[0].sentence() == "0 articles"


def test_speed_and_time_left() -> None:
    assert paced([0, 10])[0].sentence() == "11 articles · 1.1/s · 330 words/s · 2 min left"


def test_time_left_shrinks_between_commits() -> None:
    pace, now = paced([0, 10])
    now[0] += 40
    assert pace.seconds_left() == 50


def test_no_time_is_told_until_all_is_counted() -> None:
    assert paced([0, 10], bytes_found=None)[0].sentence() == "11 articles · 1.1/s · 330 words/s"


def test_speed_is_that_of_the_last_minute() -> None:
    slow_then_fast = [0, 1_000, *range(1_010, 1_110, 10)]
    assert paced(slow_then_fast)[0].rate("bytes_done") == 10


@pytest.mark.parametrize(("seconds", "text"), [(40, "40 s"), (250, "4 min"), (5_300, "88 min"), (7_800, "2 h 10 min")])
def test_a_time_is_told_at_a_glance(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_work_that_knows_its_files_tells_its_speed_and_the_time_left() -> None:
    now = [100.0]
    pace = FilePace(clock=lambda: now[0])
    assert pace.sentence(0, 600) == ""
    now[0] += 20
    assert pace.sentence(200, 600) == "10 files/s · 40 s left"
