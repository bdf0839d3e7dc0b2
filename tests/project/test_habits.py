"""The code's habits that a machine can check."""

import re
from pathlib import Path
from statistics import median, quantiles

from tasks.settings import VARIABLES
from tests.project.sources import function_lengths, python_files

FOLDERS = ["newsmill", "flows", "tasks", "schemas", "seeds", "warehouse", "benchmarks"]
LONGEST_FUNCTION = 60
LONGEST_MODULE = 300
# Nine functions in ten.
MOST_FUNCTIONS = 30
MIDDLE_MODULE = 100
VAGUE = {"common", "handler", "handlers", "helper", "helpers", "manager", "misc", "util", "utils"}


def test_no_function_is_longer_than_a_screen(project: Path) -> None:
    lengths = dict(pair for path in python_files(project, FOLDERS) for pair in function_lengths(path))
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_nine_functions_in_ten_are_short(project: Path) -> None:
    lengths = [lines for path in python_files(project, FOLDERS) for _, lines in function_lengths(path)]
    assert quantiles(lengths, n=10)[-1] <= MOST_FUNCTIONS


def test_no_module_is_longer_than_a_reading(project: Path) -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in python_files(project, FOLDERS)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}
    assert median(lengths.values()) <= MIDDLE_MODULE


def test_modules_are_named_for_what_they_know(project: Path) -> None:
    assert {path.name for path in python_files(project, FOLDERS) if path.stem in VAGUE} == set()


def test_every_variable_that_is_read_is_known(project: Path) -> None:
    sources = " ".join(path.read_text() for path in python_files(project, ["flows", "tasks", "tests"]))
    read = set(re.findall(r"""["'](NEWSMILL_[A-Z_]+)["']""", sources)) - {"NEWSMILL_DAY_FIRST"}
    assert read - VARIABLES == set()
