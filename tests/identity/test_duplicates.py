"""Copies of one story: linked whatever paper printed them, and independent of the order in which they came."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tasks.identity.clusters import cluster
from tasks.identity.duplicates import relink
from tests.identity.desk import DAY, NOON, WINDOW_DAYS, Desk, Item, clusters_after, new_desk
from tests.identity.stories import CUT, ELECTION, FLOOD, REWORDED, weather

STORY = Item(body=FLOOD)


def kind_of(desk: Desk, item: Item) -> tuple[str | None, float | None]:
    version = desk.index.by_content(item.prints.content_hash)
    assert version is not None
    return version.duplicate_kind, version.similarity


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(Item(headline="Leeds: bridge shut", body=FLOOD), id="another headline"),
        pytest.param(Item(body=FLOOD, day=DAY + timedelta(days=1)), id="another day"),
        pytest.param(Item(body=FLOOD, day=DAY + timedelta(days=400)), id="another year"),
    ],
)
def test_the_same_text_under_another_headline_or_day_is_an_exact_copy(desk: Desk, copy: Item) -> None:
    desk.deliver("a.txt", STORY)
    assert desk.outcomes("b.txt", copy) == ["new"]
    assert desk.clusters() in ({STORY: {STORY, copy}}, {copy: {STORY, copy}})
    assert kind_of(desk, copy if desk.canonical(copy) == STORY else STORY) == ("exact", 1.0)


def test_a_reworded_story_is_a_near_duplicate_that_names_the_earlier_one(desk: Desk) -> None:
    copy = Item(headline="Bridge shut", body=REWORDED, day=DAY + timedelta(days=1))
    desk.deliver("a.txt", STORY)
    desk.deliver("b.txt", copy)
    assert desk.canonical(copy) == STORY
    kind, similarity = kind_of(desk, copy)
    assert kind == "near"
    assert similarity is not None
    assert 0.7 < similarity < 1.0


def test_a_cut_copy_is_a_near_duplicate_of_the_whole_story(desk: Desk) -> None:
    copy = Item(headline="Bridge shut", body=CUT, day=DAY + timedelta(days=1))
    desk.deliver("a.txt", STORY)
    desk.deliver("b.txt", copy)
    assert desk.canonical(copy) == STORY
    assert kind_of(desk, copy) == ("near", 1.0)


def test_reports_of_one_template_with_other_numbers_stay_apart(desk: Desk) -> None:
    monday = Item(headline="Weather", body=weather(3, 9, 12, 40, 81))
    tuesday = Item(headline="Weather", body=weather(1, 6, 0, 22, 64), day=DAY + timedelta(days=1))
    desk.deliver("a.txt", monday)
    desk.deliver("b.txt", tuesday)
    assert desk.clusters() == {monday: {monday}, tuesday: {tuesday}}


def test_other_stories_stay_apart(desk: Desk) -> None:
    other = Item(body=ELECTION)
    desk.deliver("a.txt", STORY)
    desk.deliver("b.txt", other)
    assert desk.clusters() == {STORY: {STORY}, other: {other}}


@pytest.mark.parametrize(("days", "linked"), [(WINDOW_DAYS, True), (WINDOW_DAYS + 1, False)])
def test_near_duplicates_are_looked_for_within_a_window_of_days(desk: Desk, days: int, linked: bool) -> None:
    copy = Item(body=REWORDED, day=DAY + timedelta(days=days))
    desk.deliver("a.txt", STORY)
    desk.deliver("b.txt", copy)
    assert (desk.canonical(copy) == STORY) == linked


def test_a_late_original_becomes_the_canonical_copy_of_all(desk: Desk) -> None:
    copies = [Item(headline=f"Copy {day}", body=FLOOD, day=DAY + timedelta(days=day)) for day in (2, 3, 1)]
    for number, copy in enumerate([*copies, STORY]):
        desk.deliver(f"{number}.txt", copy)
    assert desk.clusters() == {STORY: {STORY, *copies}}


def test_two_clusters_become_one_when_a_copy_of_both_arrives(desk: Desk) -> None:
    half = len(FLOOD.split()) // 2
    beginning = Item(headline="Bridge", body=CUT)
    end = Item(headline="Shops", body=" ".join(FLOOD.split()[half:]), day=DAY + timedelta(days=2))
    desk.deliver("a.txt", beginning)
    desk.deliver("b.txt", end)
    assert desk.canonical(end) == end
    desk.deliver("c.txt", Item(body=FLOOD, day=DAY + timedelta(days=1)))
    assert desk.canonical(end) == beginning


def test_every_version_of_a_copy_names_the_canonical_one(desk: Desk) -> None:
    desk.deliver("a.txt", STORY)
    day = DAY + timedelta(days=1)
    versions = [Item(headline="Bridge shut", body=body, day=day) for body in (CUT, REWORDED)]
    for number, version in enumerate(versions):
        desk.deliver("b.txt", version, modified_at=NOON + timedelta(hours=number))
    assert {desk.canonical(version) for version in versions} == {STORY}


# One story on some days, cut, reworded or as it was, another one, and two items of one column.
BODIES = [FLOOD, REWORDED, CUT, ELECTION, weather(3, 9, 12, 40, 81), weather(1, 6, 0, 22, 64)]
ITEMS = st.builds(
    Item,
    headline=st.sampled_from(["Bridge in Leeds closed", "Bridge shut", "BRIEFS"]),
    body=st.sampled_from(BODIES),
    day=st.sampled_from([DAY, date(2025, 12, 2), date(2025, 11, 30)]),
)
FILES = st.lists(st.lists(ITEMS, min_size=1, max_size=3), min_size=2, max_size=6)


LATER = datetime(2025, 12, 1, 18, tzinfo=UTC)
UNHURRIED = settings(deadline=None, max_examples=60)


@UNHURRIED
@given(files=FILES, data=st.data())
def test_what_is_stored_and_how_it_is_clustered_does_not_depend_on_the_order_of_files(
    files: list[list[Item]], data: st.DataObject
) -> None:
    deliveries = [(f"{number}.txt", items, NOON) for number, items in enumerate(files)]
    assert clusters_after(data.draw(st.permutations(deliveries))) == clusters_after(deliveries)


@UNHURRIED
@given(others=FILES, first=ITEMS, second=ITEMS, data=st.data())
def test_a_version_that_arrives_late_leaves_the_clusters_as_they_would_be(
    others: list[list[Item]], first: Item, second: Item, data: st.DataObject
) -> None:
    # Articles are never merged: a text that has become one elsewhere is no version of what its own path held before.
    own = [[item for item in items if item not in (first, second)] for items in others]
    deliveries = [(f"{number}.txt", items, NOON) for number, items in enumerate(own)]
    deliveries += [("same.txt", [first], NOON), ("same.txt", [second], LATER)]
    assert clusters_after(data.draw(st.permutations(deliveries))) == clusters_after(deliveries)


@UNHURRIED
@given(files=FILES, data=st.data())
def test_without_some_articles_the_rest_is_clustered_as_if_these_had_never_come(
    files: list[list[Item]], data: st.DataObject
) -> None:
    items = list(dict.fromkeys(item for of_file in files for item in of_file))
    gone = set(data.draw(st.lists(st.sampled_from(items), unique=True)))
    desk = new_desk()
    with closing(desk.index.ledger):
        for number, item in enumerate(items):
            desk.deliver(f"{number}.txt", item)
        versions = [desk.index.by_content(item.prints.content_hash) for item in gone]
        article_ids = {version.article_id for version in versions if version}
        left = {version.article_id for version in cluster(article_ids, desk.index)} - article_ids
        for article_id in article_ids:
            desk.index.forget(article_id)
        relink(left, (), desk.index, WINDOW_DAYS)
        assert desk.clusters() == clusters_after(
            [(f"{n}.txt", [i], NOON) for n, i in enumerate(items) if i not in gone]
        )


@UNHURRIED
@given(files=FILES, bodies=st.lists(st.sampled_from(BODIES), min_size=3, max_size=3), data=st.data())
def test_with_other_texts_articles_are_clustered_as_if_they_had_come_with_these(
    files: list[list[Item]], bodies: list[str], data: st.DataObject
) -> None:
    items = list(dict.fromkeys(item for of_file in files for item in of_file))
    renewed = dict(zip(data.draw(st.permutations(items)), bodies, strict=False))
    after = [replace(item, body=renewed.get(item, item.body)) for item in items]
    # Two rows must not become one: a backfill leaves such an article as it is.
    assume(len({*after}) == len(after))
    assume(all(old == new or new not in items for old, new in zip(items, after, strict=True)))
    desk = new_desk()
    with closing(desk.index.ledger):
        for number, item in enumerate(items):
            desk.deliver(f"{number}.txt", item)
        before = {item: desk.index.by_content(item.prints.content_hash) for item in items}
        loosened: set[str] = set()
        keys = []
        for old, new in zip(items, after, strict=True):
            version = before[old]
            if old == new or version is None:
                continue
            loosened |= {member.article_id for member in cluster({version.article_id}, desk.index)}
            prints = new.prints
            desk.index.renew(
                replace(
                    version,
                    content_hash=prints.content_hash,
                    text_hash=prints.text_hash,
                    shingles=prints.shingles,
                    numbers=prints.numbers,
                    duplicate_of=None,
                    duplicate_kind=None,
                    similarity=None,
                ),
                prints.bands,
            )
            desk.items[prints.content_hash] = new
            keys.append(version.key)
        relink(loosened, keys, desk.index, WINDOW_DAYS)
        assert desk.clusters() == clusters_after([(f"{n}.txt", [item], NOON) for n, item in enumerate(after)])


def test_copies_that_come_newest_first_are_settled_once_a_file(desk: Desk) -> None:
    copies = [Item(headline=f"Copy {day}", body=FLOOD, day=DAY - timedelta(days=day)) for day in range(60)]
    statements: list[str] = []
    desk.index.ledger.set_trace_callback(statements.append)
    desk.deliver("a.txt", *copies)
    changed = [statement for statement in statements if statement.startswith("UPDATE versions SET duplicate_of")]
    assert len(changed) == len(copies) - 1
    assert desk.clusters() == {copies[-1]: {*copies}}
