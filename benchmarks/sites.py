"""A warehouse to do harm to: its inbox, two light pipelines in turn, and the commands that change it."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.deliveries import Delivery
from benchmarks.measuring import PROJECT
from benchmarks.tiny import PLACES, write_tiny_pipeline

# Before and after all that `deliveries` dates.
START, END = "2025-09-01", "2026-01-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An inbox and a warehouse beside it; `models` differ, so that a backfill with the other rewrites rows."""

    inbox: Path
    warehouse: Path
    models: tuple[str, str]

    def ingest(self, *, workers: int = 1, batch_size: int = 2) -> list[str]:
        """The arguments of a pass over the inbox, in small batches: many commits."""
        counts = ["--workers", str(workers), "--batch-size", str(batch_size)]
        return ["ingest", "--direct", *self.own, "--input", str(self.inbox), *counts, "--model", self.models[0]]

    def backfill(self, model: str, start: str = START, end: str = END) -> list[str]:
        """The arguments of a backfill with one of the models."""
        derived = ["--workers", "1", "--batch-size", "20", "--model", model]
        return ["backfill", "--direct", *self.own, "--start", start, "--end", end, *derived]

    def maintain(self, keep_days: float) -> list[str]:
        """The arguments of upkeep."""
        return ["maintain", *self.own, "--keep-days", str(keep_days)]

    @property
    def own(self) -> list[str]:
        return ["--warehouse", str(self.warehouse)]


def site_at(folder: Path) -> Site:
    """A new site with an empty inbox; the pipelines are shared with others beside it."""
    (folder / "in").mkdir(parents=True)
    models = folder.parent / "models"
    if not models.exists():
        models.mkdir()
        write_tiny_pipeline(models / "some")
        write_tiny_pipeline(models / "more", (*PLACES, "Israel", "California", "Canada"), "2.0.0")
    names = (str(models / "some"), str(models / "more"))
    return Site(inbox=folder / "in", warehouse=folder / "data", models=names)


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=quiet())


def finish(arguments: list[str]) -> None:
    """A command from beginning to end; raises RuntimeError with its last words when it fails."""
    ended = start(arguments)
    _, errors = ended.communicate()
    if ended.returncode:
        raise RuntimeError(f"newsmill {arguments[0]} ended with {ended.returncode}: {errors.decode()[-1000:]}")


def quiet() -> dict[str, str]:
    """The environment without settings of the user's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NEWSMILL_")}


def undisturbed(folder: Path, deliveries: Iterable[Delivery]) -> Site:
    """A warehouse that had the same deliveries without a fault, one pass for each time that a name came."""
    site = site_at(folder)
    by_generation: dict[int, list[Delivery]] = {}
    for delivery in deliveries:
        by_generation.setdefault(delivery.generation, []).append(delivery)
    for _, together in sorted(by_generation.items()):
        for delivery in together:
            delivery.lay(site.inbox)
        finish(site.ingest(batch_size=400))
    return site
