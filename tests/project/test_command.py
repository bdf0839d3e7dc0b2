"""The installed command and what the documents say about it."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("newsmill")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELL = {"", "console", "sh", "bash", "shell"}
CALL = re.compile(r"(?:^|[\s;&|])(?:\.venv/bin/)?newsmill ([a-z]+(?: (?:list|show|replay|discard|candidates))?)(.*)")
FLAG = re.compile(r"(?<=\s)--[a-z][a-z-]+")


def run_newsmill(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command as a user types it."""
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=60)


def documented_calls(project: Path) -> dict[str, set[str]]:
    """Each `newsmill COMMAND` in a code block of README.md and docs/, with the flags it is shown with."""
    calls: dict[str, set[str]] = {}
    for document in [project / "README.md", *sorted((project / "docs").glob("*.md"))]:
        blocks = [block for language, block in FENCE.findall(document.read_text()) if language in SHELL]
        for block in blocks:
            for line in block.replace("\\\n", " ").splitlines():
                for command, rest in CALL.findall(line.partition(" #")[0]):
                    calls.setdefault(command, set()).update(FLAG.findall(re.sub(r"(['\"]).*?\1", "", rest)))
    return calls


def test_the_command_tells_the_version_of_the_project(project: Path) -> None:
    version = tomllib.loads((project / "pyproject.toml").read_text())["project"]["version"]
    answer = run_newsmill("--version")
    assert (answer.returncode, answer.stdout.strip()) == (0, f"newsmill {version}")


def test_every_documented_command_exists_with_its_flags(project: Path) -> None:
    calls = documented_calls(project)
    if not calls:
        pytest.skip("no document shows a command yet")
    unknown = set()
    for command, flags in calls.items():
        answer = run_newsmill(*command.split(), "--help")
        shown = set(re.findall(r"--[a-z][a-z-]+", answer.stdout))
        unknown |= {command} if answer.returncode else {f"{command} {flag}" for flag in flags - shown}
    assert unknown == set()
