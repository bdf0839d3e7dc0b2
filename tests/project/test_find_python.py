"""Finding a Python to install with, on machines that have the wrong one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder that is all there is on PATH."""
    return tmp_path


def put(machine: Path, name: str, version: str, *, venv: bool = True) -> None:
    """Put a stand-in on the machine that answers like that Python would."""
    minor = tuple(int(part) for part in version.split(".")[:2])
    answers = f"""#!/bin/sh
case "$2" in
    *python_version*) echo {version} ;;
    *exit*) exit {0 if (3, 11) <= minor <= (3, 14) else 1} ;;
    *ensurepip*) exit {0 if venv else 1} ;;
    *) echo {minor[0]}.{minor[1]} ;;
esac
"""
    (machine / name).write_text(answers)
    (machine / name).chmod(0o755)


def find_python(project: Path, machine: Path, named: str = "") -> tuple[int, str]:
    """Exit code, and what is said on either stream."""
    answer = subprocess.run(
        ["/bin/sh", project / ".ci/find-python", named],
        env={"PATH": os.fspath(machine)},
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode, (answer.stdout + answer.stderr).strip()


def test_the_usual_python_comes_first(project: Path, machine: Path) -> None:
    put(machine, "python3", "3.12.1")
    put(machine, "python3.13", "3.13.0")
    assert find_python(project, machine) == (0, "python3")


def test_a_newer_one_beside_an_old_one_is_found(project: Path, machine: Path) -> None:
    put(machine, "python3", "3.10.13")
    put(machine, "python3.12", "3.12.1")
    assert find_python(project, machine) == (0, "python3.12")


def test_an_old_python_alone_is_named(project: Path, machine: Path) -> None:
    put(machine, "python3", "3.10.13")
    code, said = find_python(project, machine)
    assert code == 1
    assert said == (
        "newsmill needs Python 3.11, 3.12, 3.13 or 3.14; python3 is 3.10.13;"
        " name one with: make PYTHON=/path/to/python3.12"
    )


def test_a_python_without_venv_says_what_to_install(project: Path, machine: Path) -> None:
    put(machine, "python3", "3.11.2", venv=False)
    code, said = find_python(project, machine)
    assert code == 1
    assert said == (
        "newsmill: python3 (Python 3.11) has no venv or ensurepip module;"
        " on Debian and Ubuntu: apt-get install python3.11-venv"
    )


def test_a_named_python_is_the_only_one_tried(project: Path, machine: Path) -> None:
    put(machine, "python3", "3.12.1")
    assert find_python(project, machine, "python9")[0] == 1
    assert find_python(project, machine, sys.executable) == (0, sys.executable)
