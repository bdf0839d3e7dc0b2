"""What the rules around the language model cost: labels, places and names, in words a second of CPU.

    python -m benchmarks.enrichment [--input texts.jsonl] [--repeats 5]

The model reads the texts once (by default the seeds) and its documents are kept; then `Enricher` runs on them,
so that everything but the model is timed, the rows of the mentions included. The first pass looks every name up in
the gazetteer, the later ones find all in memory; a worker is between the two. Targets: 200,000 and 300,000 words/s.
Then each stage is timed by itself in fresh processes, the first time with the reading of the reference tables. The
gazetteer is opened in a fresh process; targets: 50 ms and 150 MB, the imports of Python apart.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.annotate import document, read_texts
from benchmarks.claims import Claim
from benchmarks.gold_set import SEEDS, load_gold
from benchmarks.kept_model import kept_enricher, read_once
from benchmarks.measuring import apart, peak_megabytes, print_machine, spread, verdict
from benchmarks.rule_stages import print_stages
from tasks.enrichment.enricher import Document, Enricher, EnrichmentSettings
from tasks.enrichment.gazetteer.build import gazetteer_path
from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.models import load_model
from tasks.enrichment.recognition.entities import spans_of

TARGET_WORDS = 300_000
TARGET_WORDS_AT_FIRST = 200_000
TARGET_OPEN_MS = 50
TARGET_OPEN_MB = 150
COMMAND = "python -m benchmarks.enrichment"
NAMES_ASKED = ("Paris", "Springfield", "Kyiv", "Ukrainian", "Xyzzy")


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints words a second of the first and the later passes, beside the model's, and what opening costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, help="JSON lines with id and text; default: the seeds")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args(arguments)
    print_machine()
    opening = print_opening()
    seeds = [text.document for text in load_gold(SEEDS)]
    documents = [document(text) for text in read_texts(options.input)] if options.input else seeds
    return [*print_speed(documents, options.repeats), opening]


def print_opening() -> Claim:
    """Milliseconds and megabytes for opening the gazetteer and asking it for some names, in fresh processes."""
    path = gazetteer_path(EnrichmentSettings())
    milliseconds, megabytes = zip(*(apart(open_gazetteer, path) for _ in range(5)), strict=True)
    size = path.stat().st_size / 1e6
    is_met = median(milliseconds) <= TARGET_OPEN_MS and median(megabytes) <= TARGET_OPEN_MB
    what = f"gazetteer of {size:.0f} MB opened and asked"
    taken = f"{spread(milliseconds, '.1f')} ms, {spread(megabytes, '.1f')} MB"
    print(f"{what}: {taken} ({verdict(is_met)})")
    return Claim(
        claim=what, command=COMMAND, measured=taken, target=f"≤ {TARGET_OPEN_MS} ms, ≤ {TARGET_OPEN_MB} MB", met=is_met
    )


def open_gazetteer(path: Path) -> tuple[float, float]:
    """Milliseconds and megabytes that one opening takes."""
    before, start = peak_megabytes(), time.perf_counter()
    gazetteer = Gazetteer(path)
    for name in NAMES_ASKED:
        gazetteer.find_named(name)
        gazetteer.find_people(name)
    return (time.perf_counter() - start) * 1000, peak_megabytes() - before


def print_speed(documents: Sequence[Document], repeats: int) -> list[Claim]:
    """Words a second of CPU, the first time and later."""
    settings = EnrichmentSettings()
    words = sum(len(text.text.split()) for text in documents)
    load_model(settings.model)
    start = time.process_time()
    docs = read_once(documents, settings)
    model_seconds = time.process_time() - start
    enricher = kept_enricher(docs, settings)
    first = enrich_seconds(enricher, documents)
    later = [enrich_seconds(enricher, documents) for _ in range(repeats)]
    speed, first_speed = words / median(later), words / first
    print(f"{len(documents):,} texts, {words:,} words; the model alone {words / model_seconds:,.0f} words/s")
    print(f"rules, later passes {speed:,.0f} words/s ({verdict(speed >= TARGET_WORDS)})")
    print(f"rules, first pass {first_speed:,.0f} words/s ({verdict(first_speed >= TARGET_WORDS_AT_FIRST)})")
    over_model = spread([seconds / model_seconds for seconds in later])
    print(f"rules over model, time: {over_model}")
    print_stages(documents, [spans_of(doc) for doc in docs], repeats)
    what = f"rules around the model, {len(documents):,} texts, {words:,} words, CPU time of one core"
    return [
        *(
            Claim(
                claim=f"{what}, {passes}",
                command=COMMAND,
                measured=f"{found:,.0f} words/s",
                target=f"≥ {target:,} words/s",
                met=found >= target,
            )
            for passes, found, target in (
                ("first pass", first_speed, TARGET_WORDS_AT_FIRST),
                ("later passes", speed, TARGET_WORDS),
            )
        ),
        Claim(claim=f"{what}, later passes over the model", command=COMMAND, measured=f"{over_model} times"),
    ]


def enrich_seconds(enricher: Enricher, documents: Sequence[Document]) -> float:
    """CPU seconds for one pass."""
    start = time.process_time()
    for _ in enricher.enrich(documents):
        pass
    return time.process_time() - start


if __name__ == "__main__":
    main()
