"""Arrow schemas follow from the row classes, and wrong values are refused."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, get_args, get_type_hints

import pyarrow as pa
import pytest

from schemas.arrow import SQL_TYPES, arrow_schema, arrow_table
from schemas.reasons import REASON_SENTENCES, Reason
from schemas.tables import TABLES
from tests.examples import article, entity, file, location, outcome, quarantined, run

BUILDERS: dict[str, Callable[[], Any]] = {
    "articles": article,
    "entities": entity,
    "locations": location,
    "files": file,
    "outcomes": outcome,
    "quarantine": quarantined,
    "runs": run,
}


@pytest.mark.parametrize("name", TABLES)
def test_an_example_row_becomes_a_table(name: str) -> None:
    row = BUILDERS[name]()
    table = arrow_table(TABLES[name].row, [row])
    assert table.schema == arrow_schema(TABLES[name].row)
    assert table.column_names == [*row.__slots__]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_a_meaning_and_a_type_of_sql(name: str) -> None:
    for field in arrow_schema(TABLES[name].row):
        assert field.metadata[b"meaning"].endswith((b".", b";")), field.name
        assert field.type in SQL_TYPES


@pytest.mark.parametrize("name", TABLES)
def test_partition_and_order_name_columns(name: str) -> None:
    columns = arrow_schema(TABLES[name].row).names
    assert {TABLES[name].partitioned_by, *TABLES[name].order, *TABLES[name].bloom_filters} <= set(columns)


def test_types_are_those_of_the_contract() -> None:
    locations = arrow_schema(TABLES["locations"].row)
    assert locations.field("geonames_id").type == pa.int64()
    assert locations.field("start_char").type == pa.int32()
    articles = arrow_schema(TABLES["articles"].row)
    assert articles.field("published_date").type == pa.date32()
    assert articles.field("published_at").type == pa.timestamp("us", tz="UTC")
    assert articles.field("flags").type == pa.list_(pa.string())
    assert articles.field("standfirst").nullable
    assert not articles.field("headline").nullable


def test_a_null_too_many_is_refused() -> None:
    with pytest.raises(pa.ArrowInvalid, match=r"Article\.headline has a null"):
        arrow_table(TABLES["articles"].row, [article(headline=None, text="")])


@pytest.mark.parametrize(("column", "value"), [("version_no", "1"), ("version_no", 2**31), ("published_date", "today")])
def test_a_value_of_the_wrong_type_is_refused(column: str, value: Any) -> None:
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError, OverflowError)):
        arrow_table(TABLES["articles"].row, [article(**{column: value})])


def test_every_reason_has_a_sentence() -> None:
    assert set(REASON_SENTENCES) == set(Reason)
    assert all(sentence.endswith(".") for sentence in REASON_SENTENCES.values())


def test_values_of_closed_lists_are_stored_as_text() -> None:
    for table in TABLES.values():
        for name, hint in get_type_hints(table.row, include_extras=True).items():
            if any(isinstance(kind, type) and issubclass(kind, StrEnum) for kind in kinds(hint)):
                assert arrow_schema(table.row).field(name).type == pa.string()


def kinds(hint: object) -> tuple[object, ...]:
    (kind, *_) = get_args(hint)
    return get_args(kind) or (kind,)


def test_annotations_are_what_the_schema_is_read_from() -> None:
    hint = get_type_hints(TABLES["articles"].row, include_extras=True)["published_date"]
    assert hint == Annotated[date, "Day in the header, as written there."]
