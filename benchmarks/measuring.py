"""Measuring fairly on a machine that does other work too: fresh processes, pairs in turn, medians of ratios."""

import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

import flows.leaving  # noqa: F401  its import is its effect

PROJECT = Path(__file__).parents[1]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a piece of work took; CPU and memory include the processes that it started and waited for."""

    wall_seconds: float
    cpu_seconds: float


def apart(function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
    """The result of a module's function, computed in a fresh process that ends with it."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(function, *arguments, **named).result()


@contextmanager
def costs() -> Iterator[list[Cost]]:
    """A list that holds the cost of the block once it has ended."""
    found: list[Cost] = []
    wall, cpu = time.perf_counter(), cpu_seconds()
    yield found
    found.append(Cost(wall_seconds=time.perf_counter() - wall, cpu_seconds=cpu_seconds() - cpu))


def cpu_seconds() -> float:
    """CPU time of this process and of the children that it waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_megabytes() -> float:
    """The most memory that this process has held, in MB of 1,000,000 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def newsmill(*arguments: str, environment: Mapping[str, str] | None = None) -> Cost:
    """The cost of one newsmill command as a process of its own; raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", "flows.cli", *arguments]
    with costs() as spent:
        ended = subprocess.run(
            command, cwd=PROJECT, env={**os.environ, **(environment or {})}, check=False, capture_output=True
        )
    if ended.returncode:
        sys.stderr.buffer.write(ended.stderr)
    ended.check_returncode()
    return spent[0]


def in_turn(number: int, first: Callable[[], Result], second: Callable[[], Result]) -> tuple[Result, Result]:
    """The results of both; which of them goes first changes with the number of the pair."""
    if number % 2:
        later = second()
        return first(), later
    return first(), second()


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Median, least and greatest."""
    return f"{median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def verdict(is_met: bool) -> str:
    """Whether a target was met."""
    return "met" if is_met else "MISSED"


def machine() -> str:
    """What is measured on: processor, cores and versions, as a sentence."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("spacy", "duckdb", "pyarrow", "prefect"))
    return f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}."


def print_machine() -> None:
    """What was measured on."""
    print(f"{machine()} Load {os.getloadavg()[0]:.1f} before.")


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for inputs and warehouses that is deleted afterwards."""
    with TemporaryDirectory(prefix="newsmill-bench-") as folder:
        yield Path(folder)
