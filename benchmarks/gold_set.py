"""Texts whose names and places were marked by reading: the project's own, and corpora in JSON lines.

`benchmarks/gold/names.csv` has a row for each name of the 41 seeds and of the 40 texts in `benchmarks/gold/news`; what
is marked and how is told in `benchmarks/gold/README.md`.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.reasons import NoiseKind
from tasks.enrichment.mentions import Document
from tasks.reading.parsing import ParsedArticle, parse_file
from tasks.reading.settings import ReadingSettings

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds" / "raw"
UNSEEN = HERE / "gold" / "news"
NAMES = HERE / "gold" / "names.csv"
PLACE_LABELS = frozenset(["GPE", "LOC", "FAC", "NORP", "INSIDE"])


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPlace:
    """Where a name lies; without a point when the annotators gave none."""

    name: str | None
    latitude_deg: float | None
    longitude_deg: float | None
    country_code: str | None
    geonames_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldName:
    """One marked stretch in code points: a name with its label, a place, or both."""

    start: int
    end: int
    label: str
    place: GoldPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldText:
    """One text with all its marked names."""

    text_id: str
    document: Document
    names: tuple[GoldName, ...]

    @property
    def text(self) -> str:
        """What the names count."""
        return self.document.text

    def places(self) -> list[GoldName]:
        """The marked places: literal ones, peoples that have a country, and those inside other names."""
        return [name for name in self.names if name.place is not None]


def load_gold(folder: Path) -> list[GoldText]:
    """The marked texts of `SEEDS` or `UNSEEN`, as the pipeline reads them."""
    marked: dict[str, list[GoldName]] = defaultdict(list)
    with NAMES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            marked[row["file"]].append(gold_name(row))
    return [gold_text(file, marked[file.name]) for file in sorted(folder.rglob("*.txt"))]


def gold_name(row: dict[str, str]) -> GoldName:
    """One row of names.csv; only what can be a place and has a name of one is a place."""
    place = None
    if row["label"] in PLACE_LABELS and (row["place_name"] or row["label"] in ("GPE", "LOC", "FAC")):
        place = GoldPlace(
            name=row["place_name"] or None,
            latitude_deg=float(row["latitude_deg"]) if row["latitude_deg"] else None,
            longitude_deg=float(row["longitude_deg"]) if row["longitude_deg"] else None,
            country_code=row["country_code"] or None,
        )
    return GoldName(start=int(row["start_char"]), end=int(row["end_char"]), label=row["label"], place=place)


def gold_text(file: Path, names: list[GoldName]) -> GoldText:
    """The one article of a file with its names, both without what `newsmill ingest` takes for noise."""
    article = next(
        block for block in parse_file(file.read_bytes(), ReadingSettings()).blocks if isinstance(block, ParsedArticle)
    )
    is_agency = {(noise.start_char, noise.end_char): noise.kind is NoiseKind.AGENCY for noise in article.noise}
    document = Document(
        text=article.text,
        headline_length=len(article.headline),
        standfirst_length=len(article.standfirst or ""),
        quiet=tuple(stretch for stretch, agency in is_agency.items() if not agency),
        agencies=tuple(stretch for stretch, agency in is_agency.items() if agency),
    )
    heard = tuple(name for name in names if document.is_heard(name.start, name.end))
    return GoldText(text_id=file.name, document=document, names=heard)


def load_corpus(path: Path) -> list[GoldText]:
    """A corpus in JSON lines: `id`, `text`, `gold` with `start`, `end` and `label` or `lat`, `lon`, `name` and ids."""
    return [corpus_text(row) for row in json_lines(path)]


def corpus_text(row: dict[str, Any]) -> GoldText:
    """One line of a corpus; its first line is no headline for certain."""
    names = tuple(
        GoldName(start=mark["start"], end=mark["end"], label=mark.get("label") or "", place=corpus_place(mark))
        for mark in row["gold"]
    )
    return GoldText(text_id=str(row["id"]), document=Document(text=row["text"]), names=names)


def corpus_place(mark: dict[str, Any]) -> GoldPlace | None:
    """The place of a mark, when the corpus marks places."""
    if "lat" not in mark:
        return None
    return GoldPlace(
        name=mark.get("name"),
        latitude_deg=mark["lat"],
        longitude_deg=mark["lon"],
        country_code=mark.get("country_code"),
        geonames_id=int(mark["geonameid"]) if mark.get("geonameid") else None,
    )


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
