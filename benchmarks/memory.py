"""Whether memory is bounded by the batch and time by the article: `ingest` of so many articles and of a hundred times.

    python -m benchmarks.memory [--articles 1000 100000] [--by-source] [--model en_core_web_md]

One worker, the peak (ru_maxrss) of its whole process and its processor time; with a pipeline of a few names, which
leaves what is the program's own, and with a language model only where one is named. The articles are those of
`benchmarks.made_news`, 100 a day, a file each, in folders by day: relatives of each other only as far as news are. The
smaller number is taken in three times, as what a batch leaves in the heap varies, and its median counts. Targets: at
the larger number 1.2 times the memory and 1.1 times the seconds an article.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.claims import Claim
from benchmarks.made_news import write_newsroom
from benchmarks.measuring import apart, costs, peak_megabytes, print_machine, scratch, verdict
from benchmarks.tiny import write_tiny_pipeline

TARGET_MEMORY = 1.2
TARGET_SECONDS = 1.1
ARTICLES_A_DAY = 100
REPEATS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What taking in a folder took."""

    megabytes: float
    cpu_seconds: float
    articles: int

    @property
    def milliseconds(self) -> float:
        """Processor time of an article."""
        return self.cpu_seconds / self.articles * 1e3


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints peaks, milliseconds an article, and their ratios."""
    options = parse_arguments(arguments)
    print_machine()
    with scratch() as folder:
        inboxes = [
            write_newsroom(folder / f"in-{count}", count, ARTICLES_A_DAY, by_day=not options.by_source)
            for count in options.articles
        ]
        models = {"a few names": write_tiny_pipeline(folder / "tiny")}
        models |= {options.model: options.model} if options.model else {}
        return [claim for name, model in models.items() for claim in compare(inboxes, folder / "data", name, model)]


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How many articles, which model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs=2, default=(1_000, 100_000), help="the two sizes to compare")
    parser.add_argument("--by-source", action="store_true", help="folders by source, so that each batch has all months")
    parser.add_argument("--model", help="spaCy pipeline of a second comparison")
    return parser.parse_args(arguments)


def compare(inboxes: list[Path], data: Path, name: str, model: str) -> Iterator[Claim]:
    """Both sizes with one model."""
    small, large = inboxes
    fews = [apart(take_in, small, data / f"{name} {number}", model) for number in range(REPEATS)]
    many = apart(take_in, large, data / f"{name} {large.name}", model)
    few = Taken(
        megabytes=median(taken.megabytes for taken in fews),
        cpu_seconds=median(taken.cpu_seconds for taken in fews),
        articles=fews[0].articles,
    )
    print(f"\n{name}, one worker")
    for taken in (*fews, many):
        print(f"  {taken.articles:>7,} articles   {taken.megabytes:4.0f} MB   {taken.milliseconds:.2f} ms an article")
    sizes = f"{many.articles:,} articles over {few.articles:,}"
    for what, ratio, target in (
        ("peak memory", many.megabytes / few.megabytes, TARGET_MEMORY),
        ("processor time an article", many.milliseconds / few.milliseconds, TARGET_SECONDS),
    ):
        print(f"  {what:<26} {ratio:.2f} times, target {target}: {verdict(ratio <= target)}")
        yield Claim(
            claim=f"{what.capitalize()} of `ingest` with a pipeline of {name}, {sizes}",
            command="python -m benchmarks.memory",
            measured=f"{ratio:.2f} times",
            target=f"{target} times",
            met=ratio <= target,
        )


def take_in(inbox: Path, warehouse: Path, model: str) -> Taken:
    """What a process takes for a folder; loading the model is left out of its time."""
    from tasks.ingestion.batch import warm
    from tasks.ingestion.ingesting import run_ingest
    from tasks.ingestion.preparing import prepare_directly
    from tasks.settings import load_settings

    settings = load_settings(input_folder=inbox, warehouse=warehouse, workers=1, model=model)
    warm(settings)
    with costs() as spent:
        run = run_ingest(settings, prepare_directly(settings))
    return Taken(megabytes=peak_megabytes(), cpu_seconds=spent[0].cpu_seconds, articles=run.files_read)


if __name__ == "__main__":
    main()
