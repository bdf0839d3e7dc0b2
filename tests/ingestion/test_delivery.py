"""A whole delivery of mixed files: taken in twice, in another order, in batches of another size."""

import os
import random
from pathlib import Path
from typing import Any

import pytest

from tests.ingestion.deliveries import mixed_delivery
from tests.ingestion.mill import VOLATILE, Contents, Mill, mill_at, words

FILES = 200


def german(number: int) -> tuple[str, str]:
    """A headline and four paragraphs, which no model reads."""
    return f"Nummer {number}", "\n".join(words(number * 10 + at, 45) for at in range(4))


DELIVERY = mixed_delivery(FILES, german)

# What is stored, whichever of equal articles came first: their ids differ, and the files they are first found in.
STORED = """
    SELECT a.published_date, a.published_at, a.headline, a.standfirst, a.text, a.language, a.paragraph_count,
        a.is_current, a.duplicate_kind, root.published_date, root.headline, root.text
    FROM articles a LEFT JOIN articles root ON a.duplicate_of = root.article_id
    ORDER BY ALL"""
# Of equal bytes the first path is read or refused, and the others are duplicates of it.
FOUND = """
    SELECT coalesce(file_id, path), list_sort(list(path)), count(*) FILTER (outcome = 'duplicate'),
        max(outcome) FILTER (outcome <> 'duplicate'), max(reason), max(detail), max(article_count)
    FROM files GROUP BY ALL ORDER BY ALL"""
REFUSED = "SELECT file_id, position_in_file, reason, detail, status FROM quarantine ORDER BY ALL"
BLOCKS = "SELECT file_id, position_in_file, outcome = 'refused', reason, detail FROM outcomes ORDER BY ALL"


def lay(mill: Mill, paths: list[str]) -> None:
    """Some files of the delivery, each with a time that follows from its path."""
    for path in paths:
        os.utime(mill.put(path, DELIVERY[path]), (1_764_000_000, 1_764_000_000 + int(path.split("/")[-1][:5])))


def result(mill: Mill) -> dict[str, list[tuple[Any, ...]]]:
    """What must be the same however the delivery came."""
    return {query: mill.rows(query) for query in (STORED, FOUND, REFUSED, BLOCKS)}


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Mill:
    """The delivery taken in by one run."""
    mill = mill_at(tmp_path_factory.mktemp("at_once"))
    lay(mill, list(DELIVERY))
    mill.ingest()
    return mill


def test_every_file_and_block_ends_in_one_outcome(at_once: Mill) -> None:
    assert at_once.column("SELECT count(*) FROM files") == [FILES]
    assert (
        at_once.rows(
            "SELECT f.path FROM files f LEFT JOIN outcomes o USING (file_id) WHERE f.outcome = 'read'"
            " GROUP BY ALL HAVING count(o.file_id) != max(f.article_count)"
        )
        == []
    )
    assert len(at_once.rows(STORED)) > FILES / 2
    assert at_once.broken() == []


def test_a_second_pass_changes_nothing(at_once: Mill) -> None:
    def stable() -> Contents:
        return at_once.tables(without=VOLATILE)

    before = stable()
    again = at_once.ingest()
    assert again.articles_new == 0
    assert stable() == before


def test_order_and_batches_change_nothing_that_is_stored(at_once: Mill, tmp_path: Path) -> None:
    mill, chance = mill_at(tmp_path), random.Random(1)
    paths = chance.sample(list(DELIVERY), FILES)
    while paths:
        some, paths = paths[: (size := chance.randint(50, 100))], paths[size:]
        lay(mill, some)
        mill.ingest(batch_files=chance.choice([20, 500]))
    assert result(mill) == result(at_once)
    assert mill.broken() == []
