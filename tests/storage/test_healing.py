"""The first file of a table is damaged after a publish: other rows are read again once somebody has looked."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tasks.maintaining import run_upkeep
from tasks.storage.healing import heal_views
from tasks.storage.ledger import live_parts
from tasks.storage.opening import reading
from tests.examples import article, entity
from tests.storage.commits import ask, commit


@pytest.fixture
def full(root: Path) -> Path:
    """A warehouse with articles in two months; gives its folder."""
    commit(root, articles=[article(headline="Lost", published_date=date(2024, 1, 1))], entities=[entity()])
    commit(root, articles=[article(article_id="b", headline="Kept", published_date=date(2024, 2, 1))])
    return root


def first_file(root: Path) -> Path:
    with reading(root) as (_, ledger):
        return root / "store" / live_parts(ledger, "articles")[0].path


def both_names_gone(file: Path) -> None:
    file.unlink()
    Path(str(file).replace("/store/", "/tables/")).unlink()


HARMS = [
    pytest.param(lambda file: file.write_bytes(b""), id="zero bytes"),
    pytest.param(lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), id="truncated"),
    pytest.param(lambda file: file.write_bytes(b"\xa5" * file.stat().st_size), id="garbage"),
    pytest.param(both_names_gone, id="gone"),
]
KEPT = "SELECT headline FROM articles WHERE published_month = '2024-02'"


@pytest.mark.parametrize("verify_only", [True, False])
@pytest.mark.parametrize("harm", HARMS)
def test_upkeep_lets_readers_go_on_without_a_damaged_first_file(
    full: Path, harm: Callable[[Path], None], verify_only: bool
) -> None:
    file = first_file(full)
    harm(file)
    with pytest.raises(duckdb.Error):
        ask(full, KEPT)
    upkeep = run_upkeep(full, verify_only=verify_only)
    assert [line.partition(":")[0] for line in upkeep.healed] == ["articles"]
    assert "--repair" in upkeep.healed[0]
    assert [line for line in upkeep.damage if str(file.relative_to(full / "store")) in line]
    assert ask(full, KEPT) == [("Kept",)]
    # Rows that are lost are missed, and not left out without a word.
    with pytest.raises(duckdb.Error, match=r"too small|[Pp]arquet"):
        ask(full, "SELECT headline FROM articles")
    assert run_upkeep(full, verify_only=True).healed == []


def test_a_sound_warehouse_is_not_published_again(full: Path) -> None:
    before = (full / "catalog.duckdb").stat().st_mtime_ns
    assert heal_views(full) == []
    assert (full / "catalog.duckdb").stat().st_mtime_ns == before
