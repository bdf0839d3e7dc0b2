"""Whether memory is bounded by the batch: the most that `ingest` holds at ten times the articles.

    python -m benchmarks.memory [--articles 2000 20000] [--model en_core_web_md]

One worker, the peak (ru_maxrss) of its whole process; first with a pipeline of a few names, which leaves what is the
program's own, then with the language model. Target: at 20,000 articles at most 1.2 times that at 2,000.
"""

import argparse
from pathlib import Path

from benchmarks.measuring import apart, peak_megabytes, print_machine, scratch, verdict
from benchmarks.news import SHORT_WORDS, write_articles
from benchmarks.tiny import write_tiny_pipeline

TARGET = 1.2


def main(arguments: list[str] | None = None) -> None:
    """Prints peaks and their ratio."""
    options = parse_arguments(arguments)
    print_machine()
    few, many = options.articles
    with scratch() as folder:
        inboxes = [write_articles(folder / f"in-{count}", count, SHORT_WORDS) for count in (few, many)]
        for name, model in (("tiny", write_tiny_pipeline(folder / "tiny")), (options.model, options.model)):
            peaks = [apart(peak_of_ingest, inbox, folder / f"data-{name}-{inbox.name}", model) for inbox in inboxes]
            ratio = peaks[1] / peaks[0]
            print(f"\n{name}: articles of about {SHORT_WORDS} words, one worker")
            print(f"  peak at {few:>7,} articles  {peaks[0]:7.0f} MB")
            print(f"  peak at {many:>7,} articles  {peaks[1]:7.0f} MB")
            print(f"  ratio                    {ratio:7.2f}, target {TARGET}: {verdict(ratio <= TARGET)}")


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How many articles, which model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs=2, default=(2_000, 20_000), help="the two sizes to compare")
    parser.add_argument("--model", default="en_core_web_md", help="spaCy pipeline of the second comparison")
    return parser.parse_args(arguments)


def peak_of_ingest(inbox: Path, warehouse: Path, model: str) -> float:
    """The most memory, in MB, of a process that takes in a folder."""
    from tasks.ingestion.ingesting import run_ingest
    from tasks.ingestion.preparing import prepare_directly
    from tasks.settings import load_settings

    settings = load_settings(input_folder=inbox, warehouse=warehouse, workers=1, model=model)
    run_ingest(settings, prepare_directly(settings))
    return peak_megabytes()


if __name__ == "__main__":
    main()
