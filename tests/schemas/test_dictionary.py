"""The data dictionary is what the row classes say."""

from pathlib import Path

from schemas.arrow import dictionary
from schemas.tables import TABLES


def test_the_dictionary_is_the_generated_one(project: Path) -> None:
    stored = (project / "warehouse" / "DICTIONARY.md").read_text("utf-8")
    assert stored == dictionary(), "run `make dictionary`"


def test_the_dictionary_has_every_table_and_partition() -> None:
    for table in TABLES.values():
        assert f"\n## {table.name}\n" in dictionary()
        assert f"| `{table.partition}` | VARCHAR | no |" in dictionary()
