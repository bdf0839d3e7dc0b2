"""What a whole `ingest` costs beside bare `nlp.pipe` of spaCy over the same texts with the same component.

    python -m benchmarks.ingest [--articles 2000] [--rounds 3] [--workers 2] [--model en_core_web_md] [--input DIR]

In each round, in turn and each in a process of its own: `nlp.pipe` in one process, `ingest --direct` with one worker
and with several, and the recogniser alone as newsmill runs it. Start-up, which is loading models, starting workers and
making the warehouse by an ingest of an empty folder, is measured and left out of all of them. Targets: 3.5 times the
words/s of `nlp.pipe` with one worker, 6.5 times with two, and at most 40 % of the time for everything beside the
recogniser.

The made articles have new words at the rate of agency news; `--input` takes a folder of real ones.
"""

import argparse
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.claims import Claim
from benchmarks.measuring import Cost, apart, costs, print_machine, scratch, spread, verdict
from benchmarks.news import write_articles

if TYPE_CHECKING:
    from tasks.settings import Settings

TARGET = 3.5
TARGET_TWO = 6.5
TARGET_BESIDE_PERCENT = 40.0

PIPE, ONE, SEVERAL, ALONE = "nlp.pipe", "one worker", "several workers", "recogniser alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What working through some words cost, start-up apart; `stages` are seconds within the wall time."""

    words: int
    cost: Cost
    start_seconds: float
    stages: Mapping[str, float] = field(default_factory=dict)

    @property
    def speed(self) -> float:
        """Words a second."""
        return self.words / self.cost.wall_seconds

    @property
    def cpu_microseconds(self) -> float:
        """CPU time a word."""
        return self.cost.cpu_seconds / self.words * 1e6


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints and gives the ratios of one run."""
    options = parse_arguments(arguments)
    print_machine()
    with scratch() as folder:
        inbox = options.input or write_articles(folder / "in", options.articles)
        rounds = [run_round(number, inbox, folder, options) for number in range(options.rounds)]
    print_rounds(rounds, options)
    return claims(rounds, options)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How much of what to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000, help="full-length articles to make")
    parser.add_argument("--input", type=Path, help="a folder of dumps instead of made articles")
    parser.add_argument("--rounds", type=int, default=3, help="repeats of the comparison")
    parser.add_argument("--workers", type=int, default=2, help="workers where there are several")
    parser.add_argument("--model", default="en_core_web_md", help="spaCy pipeline")
    return parser.parse_args(arguments)


Round = Mapping[str, Timing]


def run_round(number: int, inbox: Path, folder: Path, options: argparse.Namespace) -> Round:
    """All timings once; what goes first changes with the number."""
    ways: list[tuple[str, Callable[[], Timing]]] = [
        (PIPE, partial(apart, time_pipe, inbox, options.model)),
        (ONE, partial(apart, time_ingest, inbox, folder / f"one-{number}", options.model, 1)),
        (SEVERAL, partial(apart, time_ingest, inbox, folder / f"several-{number}", options.model, options.workers)),
        (ALONE, partial(apart, time_alone, inbox, options.model)),
    ]
    first = number % len(ways)
    return {name: measure() for name, measure in ways[first:] + ways[:first]}


def time_pipe(inbox: Path, model: str) -> Timing:
    """SpaCy's code over the texts that the pipeline makes of the folder, and nothing else."""
    from tasks.enrichment.models import load_model

    texts = article_texts(inbox)
    with costs() as start:
        nlp = load_model(model)
    with costs() as spent:
        found = sum(len(doc.ents) for doc in nlp.pipe(texts, batch_size=16))
    assert found
    return Timing(words=count_words(texts), cost=spent[0], start_seconds=start[0].wall_seconds)


def time_alone(inbox: Path, model: str) -> Timing:
    """The recogniser as newsmill runs it, over the same texts."""
    from tasks.enrichment.fast_ner.choosing import load_recogniser
    from tasks.enrichment.recognition.entities import BATCH_SIZE

    texts = article_texts(inbox)
    with costs() as start:
        recogniser = load_recogniser(model)
    with costs() as spent:
        pairs = recogniser.pipe(((text, None) for text in texts), as_tuples=True, batch_size=BATCH_SIZE)
        found = sum(len(marked.ents) for marked, _ in pairs)
    assert found
    return Timing(words=count_words(texts), cost=spent[0], start_seconds=start[0].wall_seconds)


def time_ingest(inbox: Path, warehouse: Path, model: str, workers: int) -> Timing:
    """The whole of `ingest --direct`, from listing the folder to joining parts."""
    from tasks.ingestion.batch import warm
    from tasks.ingestion.ingesting import run_ingest
    from tasks.ingestion.preparing import prepare_directly
    from tasks.settings import load_settings

    settings = load_settings(input_folder=inbox, warehouse=warehouse, workers=workers, model=model)
    empty = warehouse.with_suffix(".empty")
    empty.mkdir()
    with costs() as start:
        if workers == 1:
            warm(settings)
        else:
            start_and_end(settings)
        nothing = replace(settings, input_folder=empty)
        run_ingest(nothing, prepare_directly(nothing))
    with costs() as again:
        # The run starts them once more, now from a process that holds the model: left out of its time.
        if workers > 1:
            start_and_end(settings)
    with costs() as spent:
        run = run_ingest(settings, prepare_directly(settings))
    stages = {"reading": run.reading_seconds, "enriching": run.enriching_seconds, "storing": run.storing_seconds}
    cost = Cost(
        wall_seconds=spent[0].wall_seconds - again[0].wall_seconds,
        cpu_seconds=spent[0].cpu_seconds - again[0].cpu_seconds,
    )
    return Timing(words=run.words, cost=cost, start_seconds=start[0].wall_seconds, stages=stages)


def start_and_end(settings: "Settings") -> None:
    """Start the workers, wait until each is warm, and end them."""
    from tasks.ingestion.batch import warm
    from tasks.ingestion.workers import start_workers

    with start_workers(settings.workers, partial(warm, settings), settings.enrichment.all_models) as pool:
        # Long enough for the other worker to take the next one.
        list(pool.map(time.sleep, [0.2] * settings.workers))


def article_texts(inbox: Path) -> list[str]:
    """The texts of all articles of a folder, as they are stored."""
    from tasks.reading.parsing import ParsedArticle, parse_file
    from tasks.reading.settings import ReadingSettings

    files = sorted(file for file in inbox.rglob("*") if file.is_file())
    blocks = [block for file in files for block in parse_file(file.read_bytes(), ReadingSettings()).blocks]
    return [block.text for block in blocks if isinstance(block, ParsedArticle)]


def count_words(texts: Sequence[str]) -> int:
    """Words between white space."""
    return sum(len(text.split()) for text in texts)


def ratios(rounds: Sequence[Round], way: str) -> list[float]:
    """Words/s of one way over those of `nlp.pipe`, a round each."""
    return [timings[way].speed / timings[PIPE].speed for timings in rounds]


def cpu_ratios(rounds: Sequence[Round], way: str) -> list[float]:
    """The same by CPU time, for ways that work in one process."""
    return [timings[PIPE].cpu_microseconds / timings[way].cpu_microseconds for timings in rounds]


def beside_percents(rounds: Sequence[Round]) -> list[float]:
    """The share of one worker's CPU time that is not the recogniser's."""
    return [100 * (1 - timings[ALONE].cpu_microseconds / timings[ONE].cpu_microseconds) for timings in rounds]


def print_rounds(rounds: Sequence[Round], options: argparse.Namespace) -> None:
    """What each way took, and where the time of one worker goes."""
    print(f"\n{options.model}, {rounds[0][ONE].words:,} words, {len(rounds)} rounds; median (least to greatest)")
    for way in (PIPE, ALONE, ONE, SEVERAL):
        timings = [found[way] for found in rounds]
        # Workers are no children of the process that measures, so their CPU time is not known to it.
        by_cpu = "" if way == SEVERAL else f"{spread([t.cpu_microseconds for t in timings], '.1f')} µs of CPU a word, "
        start = spread([t.start_seconds for t in timings], ".1f")
        print(f"  {way:17s} {spread([t.speed for t in timings], ',.0f')} words/s, {by_cpu}start-up {start} s")
    for stage in rounds[0][ONE].stages:
        microseconds = [timings[ONE].stages[stage] / timings[ONE].words * 1e6 for timings in rounds]
        print(f"  one worker, {stage:10s} {spread(microseconds, '.1f')} µs a word")
    for way, target in ((ONE, TARGET), (SEVERAL, TARGET_TWO)):
        met = verdict(median(ratios(rounds, way)) >= target)
        print(f"  {way} over nlp.pipe: {spread(ratios(rounds, way))}, target {target}: {met}")
    print(f"  one worker over nlp.pipe by CPU time: {spread(cpu_ratios(rounds, ONE))}")
    beside = beside_percents(rounds)
    print(f"  beside the recogniser: {spread(beside, '.0f')} % ({verdict(median(beside) <= TARGET_BESIDE_PERCENT)})")


def claims(rounds: Sequence[Round], options: argparse.Namespace) -> list[Claim]:
    """The rows for docs/performance.md."""
    words = f"{rounds[0][ONE].words:,} words, `{options.model}`, start-up apart"
    command = "python -m benchmarks.ingest"
    found = [
        Claim(
            claim=f"whole ingest over bare `nlp.pipe` in one process, words/s, {name}; {words}",
            command=command,
            measured=spread(ratios(rounds, way))
            + (f"; by CPU time {spread(cpu_ratios(rounds, ONE))}" if way == ONE else ""),
            target=f"{target}",
            met=median(ratios(rounds, way)) >= target,
        )
        for name, way, target in (
            ("one worker", ONE, TARGET),
            (f"{options.workers} workers on {os.cpu_count()} cores", SEVERAL, TARGET_TWO),
        )
    ]
    beside = beside_percents(rounds)
    share = Claim(
        claim="share of one worker's CPU time beside the recogniser",
        command=command,
        measured=f"{spread(beside, '.0f')} %",
        target=f"{TARGET_BESIDE_PERCENT:.0f} %",
        met=median(beside) <= TARGET_BESIDE_PERCENT,
    )
    starts = ", ".join(
        f"{way} {median(found[way].start_seconds for found in rounds):.1f} s" for way in (PIPE, ONE, SEVERAL)
    )
    return [*found, share, Claim(claim="start-up", command=command, measured=starts)]


if __name__ == "__main__":
    main()
