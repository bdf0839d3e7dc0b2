"""A warehouse that an older newsmill wrote is read, added to and derived again by this one."""

import sqlite3
from contextlib import closing
from datetime import date
from typing import Any

import pyarrow.parquet as pq

from schemas.tables import SCHEMA_VERSION
from tasks.ingestion.backfilling import Range, run_backfill
from tasks.ingestion.preparing import prepare_here
from tasks.storage.parts import file_hash
from tests.ingestion.mill import Mill, block, words

FIRST, LAST = date(2025, 12, 1), date(2025, 12, 31)


def age(mill: Mill) -> None:
    """Turn a warehouse into one of schema version 1, which knew no noise."""
    with sqlite3.connect(mill.warehouse / "ledger.sqlite") as ledger:
        parts = ledger.execute("SELECT path FROM parts WHERE table_name = 'articles' AND removed_by IS NULL").fetchall()
        for (path,) in parts:
            file = mill.warehouse / "store" / path
            rows = pq.read_table(file, partitioning=None).drop_columns(["noise", "removed_lines"])
            file.unlink()  # tables/ has a hard link to the same bytes
            pq.write_table(rows, file)
            values = (file.stat().st_size, file_hash(file), path)
            ledger.execute("UPDATE parts SET schema_version = 1, size_bytes = ?, sha256 = ? WHERE path = ?", values)
        ledger.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
        ledger.execute("DELETE FROM meta WHERE key = 'ledger_digest'")
        ledger.execute("DROP TABLE edge_lines")
        ledger.execute("DROP TABLE recurring_lines")
    ledger.close()


def test_an_old_warehouse_takes_new_articles_beside_the_old_ones(mill: Mill) -> None:
    mill.put("a.txt", block("Alte Meldung", f"{words(1)}\nQuelle: Bote"))
    mill.ingest()
    age(mill)
    mill.put("b.txt", block("Neue Meldung", f"{words(2)}\nQuelle: Bote"))
    mill.ingest()
    assert mill.rows("SELECT headline, len(noise) FROM articles ORDER BY 1") == [
        ("Alte Meldung", None),
        ("Neue Meldung", 1),
    ]
    with sqlite3.connect(mill.warehouse / "ledger.sqlite") as ledger:
        assert ledger.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == (
            str(SCHEMA_VERSION),
        )
    ledger.close()
    assert mill.broken() == []


def test_readers_see_the_new_columns_before_anything_is_written(mill: Mill) -> None:
    mill.put("a.txt", block("Alte Meldung", words(1)))
    mill.ingest()
    age(mill)
    assert mill.rows("SELECT headline, noise, removed_lines FROM articles") == [("Alte Meldung", None, None)]
    assert mill.column("SELECT count(*) FROM recurring_lines") == [0]


def test_either_backfill_gives_old_rows_the_new_columns(mill: Mill) -> None:
    for stage in ("enrich", "parse"):
        mill.put(f"{stage}.txt", block(f"Meldung {stage}", f"{words(len(stage))}\nQuelle: Bote"))
        mill.ingest()
        age(mill)
        run_backfill(mill.settings, Range(start=FIRST, end=LAST, stage=stage), prepare_here)
        assert mill.column("SELECT DISTINCT noise[1].kind FROM articles") == ["credit"]
    assert mill.broken() == []


OLD_INDEX = """
CREATE TABLE old_bands (
    band INTEGER NOT NULL, published_day INTEGER NOT NULL, article_id TEXT NOT NULL, version_no INTEGER NOT NULL,
    PRIMARY KEY (band, published_day, article_id, version_no)
) WITHOUT ROWID;
INSERT INTO old_bands SELECT band, published_day, article_id, version_no FROM bands JOIN versions USING (version_id);
CREATE INDEX bands_by_article ON old_bands (article_id);
CREATE TABLE old_versions AS SELECT * FROM versions ORDER BY version_id;
ALTER TABLE old_versions DROP COLUMN version_id;
DROP TABLE bands;
DROP TABLE versions;
ALTER TABLE old_bands RENAME TO bands;
ALTER TABLE old_versions RENAME TO versions;
CREATE INDEX versions_by_text ON versions (text_hash);
DELETE FROM meta WHERE key = 'ledger_digest';
"""


def index_rows(mill: Mill) -> list[list[tuple[Any, ...]]]:
    """Everything that identity knows, and the indexes that it asks."""
    with closing(sqlite3.connect(mill.warehouse / "ledger.sqlite")) as ledger:
        return [
            ledger.execute("SELECT * FROM versions ORDER BY article_id, version_no").fetchall(),
            ledger.execute("SELECT * FROM bands ORDER BY span, band, version_id").fetchall(),
            ledger.execute("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name").fetchall(),
        ]


def test_a_ledger_of_0_2_keeps_what_identity_knew(mill: Mill) -> None:
    mill.put("a.txt", block("Wahl", words(1), day="1950-03-01"))
    mill.put("b.txt", block("Streik", words(2)))
    mill.ingest()
    mill.put("b.txt", block("Streik", f"{words(2)} Nachtrag."))
    mill.ingest()
    before = index_rows(mill)
    with closing(sqlite3.connect(mill.warehouse / "ledger.sqlite")) as ledger:
        ledger.executescript(OLD_INDEX)
    mill.put("c.txt", block("Wahlen", f"{words(1)} Anders.", day="1950-03-02"))
    mill.ingest()
    after = index_rows(mill)
    assert [set(rows) <= set(now) for rows, now in zip(before, after, strict=True)] == [True] * 3
    assert mill.column("SELECT duplicate_kind FROM articles WHERE headline = 'Wahlen'") == ["near"]
    assert mill.broken() == []
