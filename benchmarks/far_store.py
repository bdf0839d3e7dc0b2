"""What a store on S3 costs beside one on the disk: ingest, a query and the report, each of both in turn.

    python -m benchmarks.far_store [--articles 2000] [--repeats 3]

Counted is the CPU time of the commands: moto's S3 server is another process, and wall time says more of it than of S3.
A pipeline of a few names stands in for the language model.
"""

import argparse
import os
import uuid
from pathlib import Path
from statistics import median

from pyarrow.fs import S3FileSystem

from benchmarks.claims import Claim
from benchmarks.made_news import write_newsroom
from benchmarks.measuring import Cost, in_turn, newsmill, print_machine, scratch, spread
from benchmarks.s3_server import s3_server
from benchmarks.tiny import write_tiny_pipeline

BUCKET = "news"
ARTICLES_A_DAY = 40  # 2,000 articles lie in two months
KEYS = {
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
COMMAND = "python -m benchmarks.far_store"
WORK = ("ingest", "sql", "report")


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints CPU and wall seconds of both stores and the ratio of the CPU."""
    options = parse_arguments(arguments)
    print_machine()
    near: list[dict[str, Cost]] = []
    far: list[dict[str, Cost]] = []
    with scratch() as folder, s3_server() as endpoint:
        os.environ.update(KEYS, AWS_ENDPOINT_URL=endpoint)
        S3FileSystem(endpoint_override=endpoint, allow_bucket_creation=True).create_dir(BUCKET)
        write_newsroom(folder / "in", options.articles, ARTICLES_A_DAY)
        model = write_tiny_pipeline(folder / "tiny")
        for number in range(options.repeats):
            beside, there = in_turn(
                number,
                lambda: work(folder, model, []),
                lambda: work(folder, model, ["--store", f"s3://{BUCKET}/{uuid.uuid4().hex}"]),
            )
            near.append(beside)
            far.append(there)
    print(f"\n{options.articles:,} articles; median of {options.repeats} (least to greatest)")
    return [
        print_pair(name, [costs[name] for costs in near], [costs[name] for costs in far], options.articles)
        for name in WORK
    ]


def print_pair(name: str, near: list[Cost], far: list[Cost], articles: int) -> Claim:
    """One command on both stores."""
    for place, costs in (("disk", near), ("S3", far)):
        cpu, wall = ([getattr(cost, kind) for cost in costs] for kind in ("cpu_seconds", "wall_seconds"))
        print(f"  {name:7} {place:5} {spread(cpu)} s of CPU, {spread(wall)} s")
    ratios = [there.cpu_seconds / beside.cpu_seconds for beside, there in zip(near, far, strict=True)]
    print(f"  {name:7} CPU of S3 over disk {median(ratios):.2f}")
    at_s3, on_disk = (spread([cost.cpu_seconds for cost in costs]) for costs in (far, near))
    return Claim(
        claim=f"CPU seconds of `{name}`, {articles:,} articles in a store on S3, over the same on the disk",
        command=COMMAND,
        measured=f"{at_s3} s over {on_disk} s: {spread(ratios)}",
    )


def work(folder: Path, model: str, store: list[str]) -> dict[str, Cost]:
    """What each command costs over a new warehouse."""
    at = ["--warehouse", str(folder / uuid.uuid4().hex)]
    inbox = ["--input", str(folder / "in"), "--model", model, "--workers", "1", "--direct"]
    return {
        "ingest": newsmill("ingest", *at, *inbox, *store),
        "sql": newsmill("sql", "SELECT count(*) FROM articles", *at),
        "report": newsmill("report", *at, "--output", str(folder / "report.html")),
    }


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How many articles, how often."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000, help="one-article files in the input folder")
    parser.add_argument("--repeats", type=int, default=3, help="warehouses of each kind to take the median of")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
