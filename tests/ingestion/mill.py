"""A mill for tests: an input folder, a warehouse beside it, and the code that a command runs, called in process."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from schemas.run import Run
from schemas.tables import TABLES
from tasks.ingestion.ingesting import run_ingest
from tasks.ingestion.plans import Prepare
from tasks.ingestion.preparing import prepare_directly, prepare_here
from tasks.reporting.checking import BrokenPromise, run_checks
from tasks.settings import Settings, load_settings
from tasks.storage.opening import open_warehouse

# The light model, for the tests that need one.
MODEL = "en_core_web_sm"

# No model reads German, so dumps of these words go through everything but the model, in milliseconds.
GERMAN = (
    "der die das und nicht gestern heute Regierung Minister sagte neue Straße Brücke Wasser Stadt Rathaus "
    "Bürger wurde wird werden gegen zwischen Verhandlung Gewerkschaft Streik Polizei Feuerwehr Hochwasser "
    "Regen Winter Sommer Haus Krankenhaus Schule Lehrer Kinder Eltern Gericht Urteil Richter Anklage Zeuge "
    "Bericht Zeitung Wahl Partei Abgeordnete Gesetz Haushalt Millionen Schulden Bank Unternehmen Arbeiter "
    "Fabrik Maschine Energie Strom Kohle Wind Sonne Wald Fluss Berg Dorf Bahnhof Zug Verspätung Fahrgäste "
    "Flughafen Sturm Schaden Versicherung Familie Hund Katze Garten Museum Ausstellung Künstler Musik "
    "Orchester Konzert Theater Bühne Fußball Mannschaft Trainer Sieg Niederlage "
)

Contents = Mapping[str, list[dict[str, Any]]]

VOLATILE = {"run_id", "ingested_at", "first_seen_at", "last_seen_at", "modified_at"}


def words(seed: int, count: int = 60) -> str:
    """German words that nobody wrote in this order; another seed shares no run of five with them."""
    return " ".join(random.Random(seed).choices(GERMAN.split(), k=count)) + "."


def block(headline: str, body: str, day: str = "2025-12-01") -> str:
    """One article as a dump writes it."""
    return f" date {day} {headline}\n{body}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mill:
    """An input folder and its warehouse; `settings` hold both."""

    settings: Settings

    @property
    def input(self) -> Path:
        return self.settings.input_folder

    @property
    def warehouse(self) -> Path:
        return self.settings.warehouse

    def put(self, name: str, content: str | bytes) -> Path:
        """Lay a file into the input folder."""
        file = self.input / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def ingest(self, prepare: Prepare | None = None, **changes: Any) -> Run:
        """One pass over the folder, in this process unless `workers` says otherwise."""
        settings = replace(self.settings, **changes)
        return run_ingest(settings, prepare or (prepare_here if settings.workers == 1 else prepare_directly(settings)))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the warehouse."""
        with open_warehouse(self.warehouse) as connection:
            return connection.execute(query).fetchall()

    def column(self, query: str) -> list[Any]:
        """The first column of a query."""
        return [row[0] for row in self.rows(query)]

    def tables(self, but: tuple[str, ...] = ("runs",), without: set[str] | frozenset[str] = frozenset()) -> Contents:
        """All rows of all tables but some, in a fixed order, perhaps without some columns."""
        with open_warehouse(self.warehouse) as connection:
            found = {}
            for name in TABLES.keys() - set(but):
                rows = connection.sql(f"SELECT * FROM {name}").to_arrow_table().to_pylist()
                kept = [{column: row[column] for column in row if column not in without} for row in rows]
                found[name] = sorted(kept, key=repr)
        return found

    def broken(self) -> list[BrokenPromise]:
        """The promises of the warehouse that do not hold."""
        with open_warehouse(self.warehouse) as connection:
            return run_checks(connection)


def mill_at(folder: Path, model: str = MODEL) -> Mill:
    """A mill with an empty input folder and no warehouse yet."""
    (folder / "in").mkdir(parents=True, exist_ok=True)
    settings = load_settings(input_folder=folder / "in", warehouse=folder / "data", workers=1, model=model)
    return Mill(settings=settings)
