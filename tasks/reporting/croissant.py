"""The description of an export in Croissant 1.0 (JSON-LD on schema.org), which catalogs of data sets and loaders read.

Croissant rather than a Frictionless data package: it knows Parquet and folders of months, a package only whole files.
Specification: https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import duckdb
import pyarrow as pa

from schemas.arrow import NOISE_SPAN, arrow_schema
from schemas.tables import SCHEMA_VERSION, TABLES, Table
from warehouse import load_query

CROISSANT = "croissant.json"

DATA_TYPES: dict[pa.DataType, str] = {
    pa.string(): "sc:Text",
    pa.int32(): "sc:Integer",
    pa.int64(): "sc:Integer",
    pa.float64(): "sc:Float",
    pa.bool_(): "sc:Boolean",
    pa.date32(): "sc:Date",
    pa.timestamp("us", tz="UTC"): "sc:DateTime",
    pa.list_(pa.string()): "sc:Text",
    pa.list_(NOISE_SPAN): "sc:Text",
}
# Media types as Croissant's loader knows them.
ENCODINGS = {"parquet": "application/x-parquet", "csv": "text/csv", "jsonl": "application/jsonlines"}

# What locations hold of others, whatever the licence of the articles.
GAZETTEER = {
    "@type": "sc:Dataset",
    "name": "GeoNames",
    "url": "https://www.geonames.org/",
    "license": "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the rows of an export come from."""

    commit_id: Annotated[int, "The snapshot."]
    published_at: datetime | None
    first_day: Annotated[date | None, "Earliest publication; null without articles."]
    last_day: date | None
    pipeline_ids: Annotated[list[str], "What the articles were derived by: code, model, gazetteer, settings."]

    def as_json(self) -> dict[str, object]:
        """For export.json."""
        at = self.published_at.isoformat() if self.published_at else None
        return {
            "newsmill_version": version("newsmill"),
            "snapshot": self.commit_id,
            "snapshot_at": at,
            "pipeline_ids": self.pipeline_ids,
        }


def find_provenance(connection: duckdb.DuckDBPyConnection) -> Provenance:
    """What the connection shows."""
    (row,) = connection.sql(load_query("provenance").sql).to_arrow_table().to_pylist()
    return Provenance(**row)


def write_croissant(folder: Path, form: str, made_at: str, came: Provenance, licence: str | None) -> None:
    """Describe the files of an export that is whole but for this; they are read once more for their hashes."""
    described = {
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "newsmill-export",
        "description": "News articles with their versions and duplicates, the names and places they mention, and one"
        " outcome for each file and article that was read.",
        "version": f"{SCHEMA_VERSION}.{came.commit_id}.0",
        "datePublished": made_at,
        "creator": {"@type": "sc:Organization", "name": f"newsmill {version('newsmill')}"},
        "identifier": [named("snapshot", came.commit_id), *(named("pipeline_id", one) for one in came.pipeline_ids)],
        "isBasedOn": GAZETTEER,
        **({"license": licence} if licence else {}),
        **({"temporalCoverage": f"{came.first_day}/{came.last_day}"} if came.first_day else {}),
        "distribution": [*file_objects(folder, form), *(file_set(table, form) for table in TABLES.values())],
        "recordSet": [record_set(table, form) for table in TABLES.values()],
    }
    (folder / CROISSANT).write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@cache
def context() -> Any:
    """What the keys of the description mean, word for word as the specification gives it."""
    return json.loads((files(__package__) / "croissant_context.json").read_text("utf-8"))


def named(name: str, value: object) -> dict[str, object]:
    """An identifier of the kind that the name says."""
    return {"@type": "sc:PropertyValue", "propertyID": name, "value": str(value)}


def file_objects(folder: Path, form: str) -> list[dict[str, object]]:
    """Each file of a table with its size and hash."""
    return [
        {
            "@type": "cr:FileObject",
            "@id": path.relative_to(folder).as_posix(),
            "name": path.relative_to(folder).as_posix(),
            "contentUrl": path.relative_to(folder).as_posix(),
            "contentSize": f"{path.stat().st_size} B",
            "encodingFormat": ENCODINGS[form],
            "sha256": hash_of(path),
        }
        for path in sorted(folder.glob(f"*/*/*.{form}"))
    ]


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def file_set(table: Table, form: str) -> dict[str, object]:
    """All files of a table."""
    return {
        "@type": "cr:FileSet",
        "@id": files_of(table),
        "name": files_of(table),
        "includes": f"{table.name}/*/*.{form}",
        "encodingFormat": ENCODINGS[form],
    }


def files_of(table: Table) -> str:
    """The id of a table's files."""
    return f"{table.name}-files"


def record_set(table: Table, form: str) -> dict[str, object]:
    """A table's rows: its columns, and the month, which is in the names of the folders."""
    schema = arrow_schema(table.row)
    month = {"extract": {"fileProperty": "fullpath"}, "transform": {"regex": f".*{table.partition}=([0-9-]+)/.*"}}
    meaning = f"Month of {table.partitioned_by}, YYYY-MM; the folder that the row lies in."
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": (table.row.__doc__ or "").strip(),
        "field": [
            *(column(table, field, form) for field in schema),
            described_field(table, table.partition, meaning, "sc:Text", month),
        ],
    }


def column(table: Table, field: pa.Field, form: str) -> dict[str, object]:
    """A column of the files; lists are lists in all forms but CSV, where they are JSON."""
    meaning = field.metadata[b"meaning"].decode() + (" May be null." if field.nullable else "")
    of_files = {"extract": {"column": field.name}}
    described = described_field(table, field.name, meaning, DATA_TYPES[field.type], of_files)
    return described | ({"repeated": True} if pa.types.is_list(field.type) and form != "csv" else {})


def described_field(table: Table, name: str, meaning: str, kind: str, found: dict[str, Any]) -> dict[str, object]:
    """One field of a table's rows."""
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{name}",
        "name": name,
        "description": meaning,
        "dataType": kind,
        "source": {"fileSet": {"@id": files_of(table)}, **found},
    }
