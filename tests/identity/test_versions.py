"""New, a new version, or a repetition."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from tasks.identity.versions import confirm
from tests.identity.desk import NOON, Desk, Item, new_desk
from tests.identity.stories import ELECTION, FLOOD, REWORDED

LATER = datetime(2025, 12, 1, 18, tzinfo=UTC)
STORY = Item(body=FLOOD)
BRIEFS = "BRIEFS"
# Items of one column have nothing in common but their headline.
SHORTS = [
    Item(headline=BRIEFS, body=body)
    for body in (
        "A cat that had been missing for nine days was found asleep in the organ of the town church on Sunday.",
        "The library lends seeds from March on: whoever takes some brings others back in autumn.",
        "Police are looking for witnesses of a collision between a tram and a hay cart in Mill Street.",
        "The swimming pool stays closed until Easter, because its new filters were delivered in the wrong size.",
        "A collector from Hull bought the stationmaster's lamp for ninety pounds at the railway auction.",
    )
]


def test_the_first_sight_of_an_article_is_new(desk: Desk) -> None:
    assert desk.outcomes("a.txt", STORY) == ["new"]


def test_the_same_date_headline_and_text_is_not_stored_again(desk: Desk) -> None:
    (first,) = desk.deliver("a.txt", STORY)
    (second,) = desk.deliver("b.txt", STORY)
    assert (second.outcome, second.article_id, second.version_no) == ("exact_duplicate", first.article_id, 1)
    assert len(desk.versions) == 1


def test_a_file_that_holds_an_article_twice_repeats_itself(desk: Desk) -> None:
    assert desk.outcomes("a.txt", STORY, STORY) == ["new", "exact_duplicate"]


def test_what_a_changed_file_still_holds_is_unchanged(desk: Desk) -> None:
    desk.deliver("a.txt", STORY)
    assert desk.outcomes("a.txt", STORY, Item(headline="District votes", body=ELECTION)) == ["unchanged", "new"]


def test_another_text_under_the_same_path_date_and_headline_is_a_new_version(desk: Desk) -> None:
    (first,) = desk.deliver("a.txt", STORY)
    (second,) = desk.deliver("a.txt", Item(body=ELECTION), modified_at=LATER)
    assert (second.outcome, second.article_id, second.version_no) == ("new_version", first.article_id, 2)


@pytest.mark.parametrize(
    "corrected",
    [
        pytest.param(Item(headline="Bridge in Leeds closed for a week", body=FLOOD), id="headline"),
        pytest.param(Item(body=FLOOD, day=date(2025, 12, 2)), id="date"),
        pytest.param(Item(headline="Leeds bridge shut", body=REWORDED, day=date(2025, 12, 2)), id="all of it a little"),
    ],
)
def test_a_correction_of_a_file_is_a_new_version(desk: Desk, corrected: Item) -> None:
    desk.deliver("a.txt", STORY)
    assert desk.outcomes("a.txt", corrected, modified_at=LATER) == ["new_version"]
    assert desk.current() == {corrected}


def test_a_correction_under_another_path_is_a_copy(desk: Desk) -> None:
    desk.deliver("a.txt", STORY)
    corrected = Item(body=REWORDED)
    assert desk.outcomes("b.txt", corrected) == ["new"]
    assert desk.canonical(corrected) == desk.canonical(STORY)


def test_a_copy_whose_own_path_is_corrected_is_a_version_of_what_it_repeated(desk: Desk) -> None:
    (first,) = desk.deliver("a.txt", STORY)
    desk.deliver("b.txt", STORY)
    (corrected,) = desk.deliver("b.txt", Item(body=REWORDED), modified_at=LATER)
    assert (corrected.outcome, corrected.article_id) == ("new_version", first.article_id)


def test_another_article_under_a_path_that_is_used_again_is_new(desk: Desk) -> None:
    desk.deliver("latest.txt", STORY)
    assert desk.outcomes("latest.txt", Item(headline="District votes", body=ELECTION)) == ["new"]
    assert len(desk.current()) == 2


def test_items_of_one_headline_and_day_stay_apart(desk: Desk) -> None:
    assert desk.outcomes("a.txt", *SHORTS[:3]) == ["new"] * 3
    assert desk.outcomes("b.txt", SHORTS[3]) == ["new"]
    assert desk.current() == set(SHORTS[:4])


def test_one_changed_item_among_others_of_its_headline_is_a_version_of_the_one_that_is_gone(desk: Desk) -> None:
    first = desk.deliver("a.txt", SHORTS[0], SHORTS[1], SHORTS[2])
    again = desk.deliver("a.txt", SHORTS[0], SHORTS[3], SHORTS[2], modified_at=LATER)
    assert [verdict.outcome for verdict in again] == ["unchanged", "new_version", "unchanged"]
    assert again[1].article_id == first[1].article_id


def test_two_changed_items_of_one_headline_do_not_become_versions_of_the_same_article(desk: Desk) -> None:
    desk.deliver("a.txt", SHORTS[0], SHORTS[1])
    desk.deliver("a.txt", SHORTS[2], SHORTS[3], modified_at=LATER)
    assert desk.current() == {SHORTS[2], SHORTS[3]}


def test_a_file_with_more_items_than_before_loses_none(desk: Desk) -> None:
    desk.deliver("a.txt", SHORTS[0])
    desk.deliver("a.txt", *SHORTS[1:], modified_at=LATER)
    assert desk.current() == set(SHORTS[1:])


def test_versions_are_numbered_in_order_of_arrival(desk: Desk) -> None:
    desk.deliver("a.txt", STORY)
    desk.deliver("a.txt", Item(body=REWORDED), modified_at=LATER)
    desk.deliver("a.txt", Item(body=ELECTION), modified_at=NOON)
    assert [version.version_no for version in desk.versions] == [1, 2, 3]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        pytest.param(
            (None, LATER), (datetime(2025, 12, 1, 6, tzinfo=UTC), NOON), id="a time in the header counts first"
        ),
        pytest.param(
            (datetime(2025, 12, 1, 6, tzinfo=UTC), LATER),
            (datetime(2025, 12, 1, 7, tzinfo=UTC), NOON),
            id="then which time",
        ),
        pytest.param((None, NOON), (None, LATER), id="then the file's time"),
        pytest.param((None, NOON), (None, NOON.replace(microsecond=1)), id="to the microsecond"),
    ],
)
@pytest.mark.parametrize("in_order", [True, False], ids=["in order", "late"])
def test_the_newest_version_is_current_however_versions_arrive(
    desk: Desk,
    older: tuple[datetime | None, datetime],
    newer: tuple[datetime | None, datetime],
    in_order: bool,
) -> None:
    old, new = Item(body=FLOOD, at=older[0]), Item(body=REWORDED, at=newer[0])
    arrivals = [(old, older[1]), (new, newer[1])]
    for item, modified_at in arrivals if in_order else reversed(arrivals):
        desk.deliver("a.txt", item, modified_at=modified_at)
    assert desk.current() == {new}


def test_versions_of_one_time_are_told_apart_by_their_content(desk: Desk) -> None:
    rivals = [Item(body=FLOOD), Item(body=REWORDED)]
    for item in rivals:
        desk.deliver("a.txt", item)
    assert desk.current() == {max(rivals, key=lambda item: item.prints.content_hash)}


def questions(desk: Desk, items: list[Item]) -> int:
    """How often the ledger is asked when a file with these blocks arrives."""
    asked: list[str] = []
    desk.index.ledger.set_trace_callback(asked.append)
    desk.deliver("many.txt", *items)
    return len(asked)


@pytest.mark.parametrize("same_body", [False, True], ids=["of different articles", "of one text"])
def test_the_work_for_a_file_grows_no_faster_than_the_file(same_body: bool) -> None:
    counts = []
    for size in (20, 80):
        bodies = [SHORTS[0].body if same_body else f"{word} {ELECTION}" for word in ELECTION.split()[:size]]
        items = [Item(headline=f"Number {number}", body=body) for number, body in enumerate(bodies)]
        desk = new_desk()
        with closing(desk.index.ledger):
            counts.append(questions(desk, items))
    assert counts[1] < 5 * counts[0]


def put_back(desk: Desk, path: str, item: Item, at: datetime) -> None:
    """The bytes of an item lie at a path again, as a commit notes it."""
    version = desk.index.by_content(item.prints.content_hash)
    assert version is not None
    confirm(version, at, desk.index.versions_at(path).get(version.article_id, ()), desk.index)


def test_a_text_that_is_put_back_is_current_again(desk: Desk) -> None:
    corrected = Item(body=REWORDED)
    desk.deliver("a.txt", STORY)
    desk.deliver("a.txt", corrected, modified_at=LATER)
    put_back(desk, "a.txt", STORY, LATER + timedelta(hours=1))
    assert desk.current() == {STORY}
    put_back(desk, "a.txt", corrected, LATER + timedelta(hours=2))
    assert desk.current() == {corrected}


@pytest.mark.parametrize(
    ("path", "at"),
    [
        pytest.param("a.txt", NOON, id="with its old time"),
        pytest.param("mirror.txt", LATER + timedelta(hours=1), id="at a path that none of its versions is from"),
    ],
)
def test_an_old_copy_does_not_undo_a_correction(desk: Desk, path: str, at: datetime) -> None:
    corrected = Item(body=REWORDED)
    desk.deliver("a.txt", STORY)
    desk.deliver("a.txt", corrected, modified_at=LATER)
    desk.deliver("mirror.txt", STORY)
    put_back(desk, path, STORY, at)
    assert desk.current() == {corrected}
