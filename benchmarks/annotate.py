"""Annotates given texts with the pipeline's own enrichment, for evaluators.

    python -m benchmarks.annotate --input texts.jsonl --output predictions.jsonl

In, one JSON object a line: `id`, `text`, optionally `date` (YYYY-MM-DD) and `title` (context only); other keys are
ignored. Out, a line for each: `id`, `entities` (`start`, `end`, `label`), `locations` (`start`, `end`, `lat`, `lon`,
`geonameid`, `name`, `country_code`, `kind`, `confidence`). Offsets are code points of the given text.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from itertools import tee
from pathlib import Path
from typing import Any

from schemas.errors import NewsmillError, WrongUse
from schemas.reasons import Role
from tasks.enrichment.enricher import Document, Enrichment, EnrichmentSettings, PlaceMention, load_enricher

KIND_OF_ROLE = {Role.DEMONYM: "demonym", Role.ORGANISATION: "embedded"}


def main(arguments: list[str] | None = None) -> None:
    """Reads the texts, writes the annotations in their order; a sentence and exit code on what the user can mend."""
    options = parse_arguments(arguments)
    try:
        write_annotations(options.input, options.output, EnrichmentSettings(model=options.model))
    except NewsmillError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


def write_annotations(source: Path, target: Path, settings: EnrichmentSettings) -> None:
    """Annotates the texts of one file into another."""
    enricher = load_enricher(settings)
    texts, texts_to_name = tee(read_texts(source))
    enrichments = enricher.enrich(document(text) for text in texts)
    with target.open("w", encoding="utf-8") as lines:
        for text, enrichment in zip(texts_to_name, enrichments, strict=True):
            lines.write(json.dumps(annotation(text["id"], enrichment), ensure_ascii=False) + "\n")


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The paths and the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, required=True, help="JSON lines with id, text, optionally date and title")
    parser.add_argument("--output", type=Path, required=True, help="where the annotations go")
    parser.add_argument("--model", default=EnrichmentSettings().model, help="spaCy pipeline")
    return parser.parse_args(arguments)


def read_texts(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line; raises WrongUse where one is missing or has no id and text."""
    if not path.is_file():
        raise WrongUse(f"There is no file '{path}'.")
    with path.open(encoding="utf-8") as lines:
        for line_no, line in enumerate(lines, start=1):
            if line.strip():
                yield parse_text(line, f"{path}, line {line_no}")


def parse_text(line: str, where: str) -> dict[str, Any]:
    """One line's object; raises WrongUse when it is none with an id and a text."""
    try:
        text: dict[str, Any] = json.loads(line)
        _ = text["id"], text["text"].strip
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise WrongUse(f"{where}: not a JSON object with id and text.") from error
    return text


def document(text: dict[str, Any]) -> Document:
    """The text as the pipeline sees one; a title that already begins the text is no further evidence."""
    title = (text.get("title") or "").strip()
    published = text.get("date")
    return Document(
        text=text["text"],
        context=title if title and not text["text"].lstrip().startswith(title) else None,
        published_date=date.fromisoformat(published[:10]) if published else None,
    )


def annotation(text_id: object, enrichment: Enrichment) -> dict[str, Any]:
    """What one line of the output says."""
    return {
        "id": text_id,
        "entities": [
            {"start": entity.start_char, "end": entity.end_char, "label": entity.label}
            for entity in enrichment.entities
        ],
        "locations": [location(place) for place in enrichment.places],
    }


def location(place: PlaceMention) -> dict[str, Any]:
    """One place mention in the evaluators' words."""
    return {
        "start": place.start_char,
        "end": place.end_char,
        "lat": place.latitude_deg,
        "lon": place.longitude_deg,
        "geonameid": place.geonames_id,
        "name": place.place_name,
        "country_code": place.country_code,
        "kind": KIND_OF_ROLE.get(place.role) or place.level,
        "confidence": place.confidence if place.latitude_deg is not None else None,
    }


if __name__ == "__main__":
    main()
