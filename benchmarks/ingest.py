"""What the pipeline costs beside the model: words a second of `ingest` over those of bare `nlp.pipe`.

    python -m benchmarks.ingest [--articles 2000] [--pairs 3] [--model en_core_web_md] [--input DIR]

Both get the same texts, components, texts a batch and cores, each in a process of its own. With one worker loading
the model is left out of both (target: 0.80); with more workers both are timed whole, as loading is the pool's work.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.measuring import Cost, apart, costs, in_turn, print_machine, scratch, spread, verdict
from benchmarks.news import write_articles

TARGET = 0.80


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What working through some words cost, and the seconds that their process took beside that."""

    words: int
    cost: Cost
    start_seconds: float = 0.0

    @property
    def speed(self) -> float:
        """Words a second of the work alone."""
        return self.words / self.cost.wall_seconds

    @property
    def whole_seconds(self) -> float:
        """Work and start-up."""
        return self.cost.wall_seconds + self.start_seconds


Pairs = Sequence[tuple[Timing, Timing]]


def main(arguments: list[str] | None = None) -> None:
    """Prints the ratios of one run."""
    options = parse_arguments(arguments)
    print_machine()
    with scratch() as folder:
        inbox = options.input or write_articles(folder / "in", options.articles)
        print_one_worker(pairs_of(options, inbox, folder, workers=1), options.model)
        if options.workers > 1:
            print_workers(pairs_of(options, inbox, folder, workers=options.workers), options.workers)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How much of what to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000, help="full-length articles to make")
    parser.add_argument("--input", type=Path, help="a folder of dumps instead of made articles")
    parser.add_argument("--pairs", type=int, default=3, help="repeats of each comparison")
    parser.add_argument("--workers", type=int, default=2, help="workers of the second comparison; 1 leaves it out")
    parser.add_argument("--model", default="en_core_web_md", help="spaCy pipeline")
    return parser.parse_args(arguments)


def pairs_of(options: argparse.Namespace, inbox: Path, folder: Path, *, workers: int) -> Pairs:
    """Timings of `nlp.pipe` and of `ingest`, which take turns in going first."""
    return [
        in_turn(
            number,
            partial(timing_apart, inbox, None, options.model, workers),
            partial(timing_apart, inbox, folder / f"warehouse-{workers}-{number}", options.model, workers),
        )
        for number in range(options.pairs)
    ]


def timing_apart(inbox: Path, warehouse: Path | None, model: str, workers: int) -> Timing:
    """One timing in a fresh process: of `ingest` into a warehouse, or without one of bare `nlp.pipe`."""
    before = time.perf_counter()
    timing = (
        apart(time_ingest, inbox, warehouse, model, workers) if warehouse else apart(time_pipe, inbox, model, workers)
    )
    return replace(timing, start_seconds=time.perf_counter() - before - timing.cost.wall_seconds)


def time_ingest(inbox: Path, warehouse: Path, model: str, workers: int) -> Timing:
    """The whole of `ingest --direct`, from listing the folder to joining parts."""
    from tasks.ingestion.batch import warm
    from tasks.ingestion.ingesting import run_ingest
    from tasks.ingestion.preparing import prepare_directly
    from tasks.settings import load_settings

    settings = load_settings(input_folder=inbox, warehouse=warehouse, workers=workers, model=model)
    if workers == 1:
        warm(settings)
    with costs() as spent:
        run = run_ingest(settings, prepare_directly(settings))
    return Timing(words=run.words, cost=spent[0])


def time_pipe(inbox: Path, model: str, workers: int) -> Timing:
    """The pipeline's model over the texts that the pipeline makes of the folder, and nothing else."""
    from tasks.enrichment.models import load_model
    from tasks.enrichment.recognition.entities import BATCH_SIZE

    texts = article_texts(inbox)
    nlp = load_model(model)
    with costs() as spent:
        found = sum(len(doc.ents) for doc in nlp.pipe(texts, batch_size=BATCH_SIZE, n_process=workers))
    assert found
    return Timing(words=sum(len(text.split()) for text in texts), cost=spent[0])


def article_texts(inbox: Path) -> list[str]:
    """The texts of all articles of a folder, as they are stored."""
    from tasks.reading.parsing import ParsedArticle, parse_file
    from tasks.reading.settings import ReadingSettings

    files = sorted(file for file in inbox.rglob("*") if file.is_file())
    blocks = [block for file in files for block in parse_file(file.read_bytes(), ReadingSettings()).blocks]
    return [block.text for block in blocks if isinstance(block, ParsedArticle)]


def print_one_worker(pairs: Pairs, model: str) -> None:
    """One worker over one `nlp.pipe`, without what loads first."""
    ratios = [ingest.speed / pipe.speed for pipe, ingest in pairs]
    cpu = [pipe.cost.cpu_seconds / ingest.cost.cpu_seconds for pipe, ingest in pairs]
    starts = [spread([timing.start_seconds for timing in side], ".1f") for side in zip(*pairs, strict=True)]
    print(f"\none worker, {model}, {pairs[0][1].words:,} words, {len(pairs)} pairs; median (least to greatest)")
    print(f"  nlp.pipe, words/s       {spread([pipe.speed for pipe, _ in pairs], ',.0f')}")
    print(f"  ingest, words/s         {spread([ingest.speed for _, ingest in pairs], ',.0f')}")
    print(f"  ratio                   {spread(ratios)}, target {TARGET:.2f}: {verdict(median(ratios) >= TARGET)}")
    print(f"  ratio by CPU time       {spread(cpu)}")
    print(f"  start-up, not counted   {starts[1]} s, of nlp.pipe {starts[0]} s")


def print_workers(pairs: Pairs, workers: int) -> None:
    """Several workers over `nlp.pipe` in as many processes, start-up and all."""
    ratios = [pipe.whole_seconds / ingest.whole_seconds for pipe, ingest in pairs]
    print(f"\n{workers} workers over nlp.pipe(n_process={workers}), start-up included")
    print(f"  nlp.pipe, seconds       {spread([pipe.whole_seconds for pipe, _ in pairs], '.1f')}")
    print(f"  ingest, seconds         {spread([ingest.whole_seconds for _, ingest in pairs], '.1f')}")
    print(f"  ratio of words/s        {spread(ratios)}")


if __name__ == "__main__":
    main()
