"""A copy of a warehouse folder whose files lie on S3 is told apart: one of the two goes on, the other is refused."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.errors import NewsmillError, WrongUse
from tasks.maintaining import claim_store, run_upkeep
from tasks.storage import holder
from tasks.storage.commit import transaction
from tasks.storage.layout import locate
from tasks.storage.ledger import live_parts
from tasks.storage.objects import objects_of
from tasks.storage.opening import reading, writing
from tasks.storage.parts import in_store
from tasks.storage.retention import delete_unknown
from tests.examples import article
from tests.storage.commits import commit, headlines, table_of

REFUSED = "two may not write to one store"


@pytest.fixture
def far(root: Path, s3_store: str) -> Path:
    """The folder of a warehouse with one article that keeps its files on S3."""
    with writing(root, s3_store):
        pass
    commit(root, articles=[article(headline="First")])
    return root


@pytest.fixture
def copy(far: Path) -> Path:
    """A copy of that folder beside it."""
    return copied(far, far.with_name("copy"))


def copied(root: Path, place: Path) -> Path:
    shutil.copytree(root, place, ignore=shutil.ignore_patterns("*.lock"))
    return place


def from_another_machine(root: Path) -> None:
    """Let the store say that it was last written to from this folder on another machine."""
    shown = holder.read_holder(locate(root))
    assert shown
    holder.show_holder(locate(root), replace(shown, host="another"))


def second(root: Path) -> None:
    commit(root, articles=[article(article_id="b", headline="Second")])


def names_lost_objects(root: Path) -> bool:
    warehouse = locate(root)
    with reading(root) as (_, ledger):
        return not all(objects_of(warehouse).exists(in_store(part.path)) for part in live_parts(ledger))


def test_a_copy_beside_its_original_is_refused_before_it_does_anything(far: Path, copy: Path) -> None:
    with pytest.raises(NewsmillError, match=REFUSED) as refused:
        second(copy)
    assert str(far) in str(refused.value)
    assert "--take-store" in str(refused.value)
    assert headlines(copy) == ["First"]
    second(far)
    assert headlines(far) == ["First", "Second"]


def test_a_moved_warehouse_goes_on(far: Path) -> None:
    moved = far.rename(far.with_name("moved"))
    second(moved)
    assert headlines(moved) == ["First", "Second"]


def test_another_way_to_the_same_folder_is_no_copy(far: Path) -> None:
    link = far.with_name("link")
    link.symlink_to(far)
    second(link)
    assert headlines(far) == ["First", "Second"]


def test_of_copies_on_two_machines_the_first_to_commit_goes_on(far: Path, copy: Path) -> None:
    from_another_machine(far)
    second(copy)
    from_another_machine(copy)
    with pytest.raises(NewsmillError, match=f"{copy} on another.*{REFUSED}"):
        run_upkeep(far)
    assert headlines(copy) == ["First", "Second"]
    assert not names_lost_objects(copy)


def test_a_backup_does_not_go_on_when_its_original_did(far: Path, copy: Path) -> None:
    second(far)
    from_another_machine(far)
    with pytest.raises(NewsmillError, match=REFUSED):
        run_upkeep(copy)
    assert headlines(far) == ["First", "Second"]
    assert not names_lost_objects(far)


def append_third(root: Path, copy: Path) -> None:
    with writing(root) as (warehouse, ledger), transaction(warehouse, ledger, "ingest", "r1") as under_way:
        under_way.append("articles", table_of("articles", [article(article_id="c", headline="Third")]))
        from_another_machine(root)
        second(copy)


def test_a_program_under_way_commits_nothing_once_a_copy_went_on(far: Path, copy: Path) -> None:
    with pytest.raises(NewsmillError, match=REFUSED):
        append_third(far, copy)
    assert headlines(far) == ["First"]
    assert not names_lost_objects(copy)


def test_a_program_under_way_deletes_nothing_once_a_copy_went_on(far: Path, copy: Path) -> None:
    with writing(far) as (warehouse, ledger):
        from_another_machine(far)
        second(copy)
        with pytest.raises(NewsmillError, match=REFUSED):
            delete_unknown(warehouse, ledger)
    assert not names_lost_objects(copy)


def test_who_takes_the_store_goes_on_and_the_other_is_refused(far: Path, copy: Path) -> None:
    claim_store(copy)
    second(copy)
    with pytest.raises(NewsmillError, match=REFUSED):
        second(far)
    assert run_upkeep(copy).damage == []
    claim_store(far)
    assert run_upkeep(far).damage == []
    assert headlines(far) == ["First"]


def test_a_warehouse_in_its_own_folder_has_no_store_to_take(root: Path) -> None:
    commit(root, articles=[article()])
    with pytest.raises(WrongUse, match="no store on S3"):
        claim_store(root)


def test_a_warehouse_of_an_earlier_newsmill_goes_on(far: Path) -> None:
    objects_of(locate(far)).delete(holder.HOLDER)
    with writing(far) as (_, ledger):
        ledger.execute("DELETE FROM meta WHERE key = 'store_tokens'")
    objects_of(locate(far)).delete(holder.HOLDER)
    second(far)
    assert headlines(far) == ["First", "Second"]
    assert holder.read_holder(locate(far)) is not None


def test_a_program_that_died_after_its_commit_left_a_store_that_is_its_own(far: Path) -> None:
    before = holder.read_holder(locate(far))
    second(far)
    holder.show_holder(locate(far), before)
    commit(far, articles=[article(article_id="c", headline="Third")])
    assert headlines(far) == ["First", "Second", "Third"]
