"""Damage on the disk is found and named."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tasks.storage.locks import locked
from tasks.storage.opening import writing
from tasks.storage.verifying import find_damage
from tests.examples import article, entity
from tests.storage.commits import commit, parts_under


def damage_of(root: Path) -> list[str]:
    with writing(root) as (warehouse, ledger):
        return list(find_damage(warehouse, ledger))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def test_a_sound_warehouse_has_no_damage(root: Path) -> None:
    commit(root, articles=[article()], entities=[entity()])
    assert damage_of(root) == []


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        pytest.param(Path.unlink, "missing", id="lost"),
        pytest.param(cut, "bytes, committed were", id="cut short"),
        pytest.param(flip, "its bytes have changed since the commit", id="one bit"),
    ],
)
def test_a_damaged_part_is_named_with_what_is_wrong(root: Path, harm: Callable[[Path], None], sentence: str) -> None:
    commit(root, articles=[article()], entities=[entity()])
    (path,) = (path for path in parts_under(root / "store") if path.startswith("articles"))
    harm(root / "store" / path)
    (found,) = damage_of(root)
    assert found.startswith(f"{path}: ")
    assert sentence in found


def test_what_another_program_is_just_showing_is_no_damage(root: Path) -> None:
    commit(root, articles=[article()])
    (path,) = parts_under(root / "tables")
    link, is_held = root / "tables" / path, Event()

    def publish_slowly() -> None:
        with locked(root / "tmp" / "writer.lock"):
            link.unlink()
            is_held.set()
            time.sleep(0.5)
            link.hardlink_to(root / "store" / path)

    with ThreadPoolExecutor() as beside:
        shown = beside.submit(publish_slowly)
        assert is_held.wait(60)
        assert damage_of(root) == []
        shown.result()
