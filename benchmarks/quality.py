"""How good names and places are: recognition, resolution, calibration and canonical names, each apart.

    python -m benchmarks.quality
    python -m benchmarks.quality --names wikigold.jsonl --places lgl.jsonl --canonical aida.jsonl

Without options, the marked texts that come with newsmill: the seeds, which rules were developed on, and forty
articles that nobody who writes rules may read. With options, corpora in JSON lines, each line with `id`, `text` and
`gold`: a list with `start`, `end` and `label` (names) or `lat`, `lon`, `name`, `country_code` and `geonameid` (places).
For canonical names a line has `mentions` instead, with `text`, `label` and `link` (who it is; null is left out).
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.gold_set import SEEDS, UNSEEN, GoldText, json_lines, load_corpus, load_gold
from benchmarks.kept_model import kept_enricher, read_once
from benchmarks.scoring import (
    KINDS,
    Marked,
    PlaceScore,
    Tally,
    calibration_error,
    found_names,
    score_clusters,
    score_names,
    score_places,
)
from schemas.reasons import Role
from tasks.enrichment.enricher import Enrichment, EnrichmentSettings, PlaceMention

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One marked text with what the bare model marks and what newsmill makes of it."""

    gold: GoldText
    bare: tuple[Marked, ...]
    enrichment: Enrichment


Corpora = Mapping[str, Sequence[Judged]]
LABELS_OF_CORPORA = {"PER": "PERSON", "LOC": "GPE"}
PEOPLE_AND_BODIES = frozenset(["person", "organisation"])


def main(arguments: list[str] | None = None) -> None:
    """Prints a table for each kind of score."""
    options = parse_arguments(arguments)
    settings = EnrichmentSettings(model=options.model)
    print(f"model {settings.model}")
    is_own = not (options.names or options.places or options.canonical)
    own = {"seeds": load_gold(SEEDS), "unseen Wikinews": load_gold(UNSEEN)} if is_own else {}
    names = own | {path.stem: load_corpus(path) for path in options.names}
    places = own | {path.stem: load_corpus(path) for path in options.places}
    judged = {name: judge(texts, settings) for name, texts in (names | places).items()}
    print_names({name: judged[name] for name in names})
    print_places({name: judged[name] for name in places})
    for path in options.canonical:
        print_canonical(path)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The model and the corpora."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=EnrichmentSettings().model, help="spaCy pipeline")
    for option in ("names", "places", "canonical"):
        parser.add_argument(f"--{option}", type=Path, nargs="+", default=[], metavar="FILE")
    return parser.parse_args(arguments)


def judge(texts: Sequence[GoldText], settings: EnrichmentSettings) -> list[Judged]:
    """Every text through the model once, and then through newsmill's rules."""
    docs = read_once([text.document for text in texts], settings)
    enricher = kept_enricher(docs, settings)
    return [
        Judged(gold=gold, bare=tuple(bare_names(doc)), enrichment=enrichment)
        for gold, doc, enrichment in zip(texts, docs, enricher.enrich(text.document for text in texts), strict=True)
    ]


def bare_names(doc: "Doc") -> Iterator[Marked]:
    """What the model alone marks."""
    for entity in doc.ents:
        if entity.label_ in KINDS:
            yield Marked(entity.start_char, entity.end_char, KINDS[entity.label_])


def print_names(corpora: Corpora) -> None:
    """Names: the bare model's and newsmill's, by kind."""
    if not corpora:
        return
    print("\n| names, F1 | | people, organisations, places P / R / F1 | person | organisation | place | other |")
    print("|---|---|---|---|---|---|---|")
    for name, judged in corpora.items():
        bare = score_names((text.gold, text.bare) for text in judged)
        ours = score_names((text.gold, found_names(text.enrichment.entities)) for text in judged)
        for who, tallies in (("bare model", bare), ("newsmill", ours)):
            kinds = " | ".join(f"{100 * tallies[kind].f1:.1f}" for kind in ("person", "organisation", "place", "other"))
            print(f"| {name} | {who} | {shares(tallies['named'])} | {kinds} |")


def shares(tally: Tally) -> str:
    """Precision, recall and F1 in percent."""
    return f"{100 * tally.precision:.1f} / {100 * tally.recall:.1f} / **{100 * tally.f1:.1f}**"


def print_places(corpora: Corpora) -> None:
    """Places: of every role, then without demonyms and what stands inside other names."""
    if not corpora:
        return
    print(
        "\n| places | recognised, overlap F1 | of those within 161 km | or same | end to end P / R / F1 | or same F1 |"
        " calibration error |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, judged in corpora.items():
        print_place_row(name, score_places((text.gold, text.enrichment.places) for text in judged))
        literal = [(without(text.gold), literal_places(text.enrichment)) for text in judged]
        print_place_row(f"{name}, literal only", score_places(literal))


def without(text: GoldText) -> GoldText:
    """The text without the peoples and embedded places that only some corpora mark."""
    return replace(text, names=tuple(name for name in text.names if name.label not in ("NORP", "INSIDE")))


def literal_places(enrichment: Enrichment) -> list[PlaceMention]:
    """The places that are themselves meant."""
    return [place for place in enrichment.places if place.role is Role.LITERAL]


def print_place_row(name: str, score: PlaceScore) -> None:
    """One line of the table."""
    within, same = (share / max(score.resolved, 1) for share in (score.within, score.within_or_same))
    print(
        f"| {name} | {100 * score.recognised.f1:.1f} | {100 * within:.1f} | {100 * same:.1f} "
        f"| {shares(score.end_to_end)} | {100 * score.or_same.f1:.1f} "
        f"| {100 * calibration_error(score.confidences):.1f} |"
    )


def print_canonical(path: Path) -> None:
    """Canonical names of people and organisations, their spans given."""
    from tasks.enrichment.names.names import find_names
    from tasks.enrichment.reference import load_aliases

    texts = []
    for row in json_lines(path):
        mentions: list[dict[str, Any]] = row["mentions"]
        spans = [(mark["text"], LABELS_OF_CORPORA.get(mark["label"], mark["label"])) for mark in mentions]
        names = [name.canonical_name.casefold() for name in find_names(spans, load_aliases())]
        judged = [
            index for index, mark in enumerate(mentions) if mark["link"] and KINDS[mark["label"]] in PEOPLE_AND_BODIES
        ]
        texts.append(([mentions[index]["link"] for index in judged], [names[index] for index in judged]))
    score = score_clusters(texts)
    b_cubed = " / ".join(f"{100 * share:.1f}" for share in score.b_cubed)
    pairs = shares(score.pairs)
    print(f"\ncanonical names, {path.stem}: B-cubed {b_cubed}, pairwise {pairs} ({score.mentions:,} mentions)")


if __name__ == "__main__":
    main()
