"""Which benchmarks there are, and how one of them is run.

A module of its own: a fresh process finds nothing of `python -m benchmarks` itself in its `__main__`.
"""

from importlib import import_module

from benchmarks.claims import Claim

# The arguments of a quick run.
SUITE: dict[str, str] = {
    "reading": "--articles 10 --repeats 1",
    "ingest": "--articles 20 --rounds 1 --model en_core_web_sm",
    "prefect": "--articles 20 --pairs 1 --model en_core_web_sm",
    "rerun": "--files 100 --repeats 1",
    "scan": "--files 1000 --in-folder 100 --pairs 1",
    "memory": "--articles 50 100",
    "duplicates": "--articles 1000 2000 --pairs 1 --copies 1000",
    "small_files": "--ingests 20 --repeats 1",
    "backfill": "--months 3 --articles 20 --pairs 1",
    "enrichment": "--repeats 1",
    "far_store": "--articles 20 --repeats 1",
    "queries": "--articles 600 --months 3 --pairs 1",
    "report_page": "--articles 600 --months 3 --pairs 1",
    "reliability": "--kills 3 --seconds 10",
}


def run_benchmark(name: str, arguments: list[str]) -> list[Claim]:
    """The claims of one benchmark, which prints as it goes."""
    return list(import_module(f"benchmarks.{name}").main(arguments))
