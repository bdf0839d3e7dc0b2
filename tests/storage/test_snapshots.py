"""Reading the warehouse as it stood: by the number of a commit or by a time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.errors import NewsmillError, WrongUse
from tasks.storage.commit import transaction
from tasks.storage.ledger import instant
from tasks.storage.opening import writing
from tasks.storage.retention import expire
from tests.examples import article
from tests.storage.commits import ask, commit, headlines, table_of

NAMES = ["First", "Second", "Third"]
NO_ROWS = table_of("articles", [])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three commits that no test adds to."""
    return made_of_three(tmp_path_factory.mktemp("kept") / "data")


@pytest.fixture
def three_commits(root: Path) -> Path:
    """Three commits for a test to add to."""
    return made_of_three(root)


def made_of_three(root: Path) -> Path:
    """A warehouse of three commits with one article each."""
    for number, name in enumerate(NAMES):
        commit(root, articles=[article(article_id=f"a{number}", headline=name)])
    return root


def committed_at(root: Path, number: int) -> datetime:
    """The time of a commit."""
    with writing(root) as (_, ledger):
        (us,) = ledger.execute("SELECT committed_us FROM commits WHERE commit_id = ?", (number,)).fetchone()
    return instant(us)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_number_shows_what_that_commit_showed(kept: Path, number: int) -> None:
    assert headlines(kept, as_of=str(number)) == NAMES[:number]


def test_a_time_shows_the_newest_commit_not_after_it(kept: Path) -> None:
    second = committed_at(kept, 2)
    assert headlines(kept, second.isoformat()) == NAMES[:2]
    assert headlines(kept, (second - timedelta(microseconds=1)).isoformat()) == NAMES[:1]
    assert headlines(kept, f"{second + timedelta(microseconds=1):%Y-%m-%dT%H:%M:%S.%f}") == NAMES[:2]


def test_a_bare_day_means_its_end(kept: Path) -> None:
    assert headlines(kept, f"{datetime.now(UTC):%Y-%m-%d}") == NAMES


def test_views_are_as_of_then_too(kept: Path) -> None:
    assert ask(kept, "SELECT sum(article_count) FROM daily_volume", as_of="2") == [(2,)]


def test_what_was_replaced_since_shows_as_it_was(three_commits: Path) -> None:
    with writing(three_commits) as (warehouse, ledger), transaction(warehouse, ledger, "forget", "r2") as under_way:
        for part in under_way.live("articles", "2025-12"):
            under_way.replace(part, lambda _: NO_ROWS)
    assert headlines(three_commits) == []
    assert headlines(three_commits, as_of="3") == NAMES


@pytest.mark.parametrize(
    "wrong",
    ["9", "0", "999999999999999999999999", "yesterday", "2025-13-01", "", "1; DROP TABLE commits", "²"],
)
def test_a_snapshot_that_there_is_not_is_wrong_use(kept: Path, wrong: str) -> None:
    with pytest.raises(WrongUse):
        headlines(kept, as_of=wrong)


def test_a_time_before_the_first_commit_is_wrong_use(kept: Path) -> None:
    with pytest.raises(WrongUse, match="begins"):
        headlines(kept, as_of="2001-01-01")


def test_an_expired_snapshot_says_so_and_which_one_is_the_oldest(three_commits: Path) -> None:
    with writing(three_commits) as (warehouse, ledger):
        with transaction(warehouse, ledger, "forget", "r2") as under_way:
            under_way.replace(under_way.live("articles", "2025-12")[0], lambda _: NO_ROWS)
        expire(warehouse, ledger, timedelta(0))
    with pytest.raises(NewsmillError, match=r"Snapshot 3 has expired; the oldest kept is 4\."):
        headlines(three_commits, as_of="3")
    assert headlines(three_commits, as_of="4") == NAMES[1:]
