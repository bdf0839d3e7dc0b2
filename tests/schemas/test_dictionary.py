"""The data dictionary is what the row classes say."""

from pathlib import Path

from schemas.arrow import arrow_schema, dictionary
from schemas.reasons import Flag, NoiseKind, Reason
from schemas.tables import TABLES


def test_the_dictionary_is_the_generated_one(project: Path) -> None:
    stored = (project / "warehouse" / "DICTIONARY.md").read_text("utf-8")
    assert stored == dictionary(), "run `make dictionary`"


def test_the_dictionary_has_every_table_and_partition() -> None:
    for table in TABLES.values():
        assert f"\n## {table.name}\n" in dictionary()
        assert f"| `{table.partition}` | VARCHAR | no |" in dictionary()


def test_the_dictionary_names_what_a_closed_list_holds() -> None:
    assert "| `enrichment_status` | VARCHAR | no | Whether entities and locations were looked for. One of `done`" in (
        dictionary()
    )
    for values in (Reason, Flag, NoiseKind):
        assert [value for value in values if f"`{value}`" not in dictionary()] == []


def test_every_null_has_its_meaning() -> None:
    columns = [field for table in TABLES.values() for field in arrow_schema(table.row) if field.nullable]
    assert len(columns) > 20
    assert [field.name for field in columns if b"null" not in field.metadata[b"meaning"].lower()] == []


def test_every_reason_and_flag_of_reading_is_told_of(project: Path) -> None:
    told = (project / "docs" / "input.md").read_text("utf-8")
    later = {Reason.FAILED_PROCESSING, Reason.FORGOTTEN}
    assert [value for value in [*Reason, *Flag, *NoiseKind] if f"`{value}`" not in told and value not in later] == []
