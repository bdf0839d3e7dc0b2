"""A warehouse that an older newsmill wrote is read, added to and derived again by this one."""

import sqlite3
from datetime import date

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
