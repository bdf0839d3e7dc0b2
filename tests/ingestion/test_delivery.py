"""A whole delivery of mixed files: taken in twice, in another order, in batches of another size."""

import os
import random
from pathlib import Path
from typing import Any

import pytest

from tests.ingestion.deliveries import mixed_delivery
from tests.ingestion.mill import VOLATILE, Contents, Mill, block, mill_at, words

FILES = 200
FOOTER = "Der Bote erscheint im Verlag der Stadt Leeds."


def german(number: int) -> tuple[str, str]:
    """A headline and four paragraphs, which no model reads; every third article has a line that recurs."""
    paragraphs = [words(number * 10 + at, 45) for at in range(4)]
    return f"Nummer {number}", "\n".join([*paragraphs, *[FOOTER] * (number % 3 == 0)])


DELIVERY = mixed_delivery(FILES, german)

# What is stored, whichever of equal articles came first: their ids differ, and the files they are first found in.
STORED = """
    SELECT a.published_date, a.published_at, a.headline, a.standfirst, a.text, a.language, a.paragraph_count,
        a.is_current, a.duplicate_kind, a.noise, a.byline, a.dateline, root.published_date, root.headline, root.text
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
    (recurring,) = at_once.column("SELECT sum(article_count) FROM recurring_lines")
    assert recurring > FILES / 6
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


ODD_NAMES = {
    b"two\nlines.txt": "two\\x0alines.txt",
    b"latin_n\xe4me.txt": "latin_n\\xe4me.txt",
    b"-rf --help.txt": "-rf --help.txt",
    b"x" * 246 + b".txt": "x" * 246 + ".txt",
    "\u202etxt.exe".encode(): "\\xe2\\x80\\xaetxt.exe",
    b"=cmd|'x'!A1.txt": "=cmd|'x'!A1.txt",
    b"<img src=x onerror=alert(1)>.txt": "<img src=x onerror=alert(1)>.txt",
    b"'; DROP TABLE files; --.txt": "'; DROP TABLE files; --.txt",
    b"%s{0}${HOME}`id`.txt": "%s{0}${HOME}`id`.txt",
    b" .txt": " .txt",
    "e\u0301.txt".encode(): "e\u0301.txt",
    b"back\\x41slash.txt": "back\\\\x41slash.txt",
}


def test_any_legal_name_is_read_and_stored_safely(mill: Mill) -> None:
    for number, name in enumerate(ODD_NAMES):
        with open(os.fsencode(mill.input) + b"/" + name, "wb") as file:
            file.write(block(f"Nummer {number}", words(number)).encode())
    mill.ingest()
    expected = [(path, "skipped" if path.endswith(".exe") else "read") for path in ODD_NAMES.values()]
    assert mill.rows("SELECT path, outcome FROM files ORDER BY path") == sorted(expected)
    assert mill.column("SELECT count(*) FROM articles") == [len(ODD_NAMES) - 1]
    assert mill.ingest().articles_new == 0


@pytest.mark.usefixtures("without_root_powers")
def test_what_may_not_be_read_is_counted_and_read_once_it_may_be(mill: Mill) -> None:
    locked = mill.put("locked.txt", block("Eins", words(1)))
    folder = mill.put("closed/inside.txt", block("Zwei", words(2))).parent
    mill.put("open.txt", block("Drei", words(3)))
    locked.chmod(0o000)
    folder.chmod(0o000)
    mill.ingest()
    assert mill.rows("SELECT path, outcome, reason FROM files ORDER BY path") == [
        ("closed", "refused", "unreadable"),
        ("locked.txt", "refused", "unreadable"),
        ("open.txt", "read", None),
    ]
    locked.chmod(0o600)
    folder.chmod(0o700)
    mill.ingest()
    assert mill.column("SELECT headline FROM articles ORDER BY headline") == ["Drei", "Eins", "Zwei"]
    assert mill.broken() == []
