"""Completion in the shell, as the lines of the documentation set it up."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.reasons import Reason

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "operate.md").read_text("utf-8")
LINES = dict(re.findall(r"^((?:eval|_NEWSMILL).*?)\s+# (\w+): ~", DOCUMENTED, re.MULTILINE))
SET_UP = {shell: line for line, shell in LINES.items()}


@pytest.fixture
def path(tmp_path: Path, project: Path) -> str:
    """A PATH with `newsmill` on it."""
    command = tmp_path / "newsmill"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{project}" exec "{sys.executable}" -m flows.cli "$@"\n')
    command.chmod(0o755)
    return f"{tmp_path}:{os.environ['PATH']}"


def completed(path: str, *words: str) -> list[str]:
    """What bash would offer in the place of the last word."""
    typed = " ".join(f"'{word}'" for word in words)
    script = f"""
        {SET_UP["bash"]}
        COMP_WORDS=({typed}) COMP_CWORD={len(words) - 1}
        _newsmill_completion newsmill
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    answer = subprocess.run(
        ["bash", "-euc", script], env={"PATH": path}, capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stderr == ""
    return answer.stdout.split()


def test_each_shell_has_its_line() -> None:
    assert set(SET_UP) == {"bash", "zsh", "fish"}


def test_bash_completes_commands_options_and_values(path: str) -> None:
    assert completed(path, "newsmill", "in") == ["ingest"]
    assert completed(path, "newsmill", "export", "--lic") == ["--licence"]
    assert completed(path, "newsmill", "sql", "--format", "") == ["table", "json", "csv", "parquet"]
    assert completed(path, "newsmill", "backfill", "--stage", "e") == ["enrich"]
    assert completed(path, "newsmill", "quarantine", "list", "--reason", "amb") == [Reason.AMBIGUOUS_DATE]


@pytest.mark.parametrize(("shell", "action"), [("zsh", {}), ("fish", {"_TYPER_COMPLETE_FISH_ACTION": "get-args"})])
def test_the_others_are_answered_as_their_scripts_ask(path: str, shell: str, action: dict[str, str]) -> None:
    asked = {"_NEWSMILL_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "newsmill quarantine re"}
    answer = subprocess.run(
        ["newsmill"], env={"PATH": path} | asked | action, capture_output=True, text=True, check=True, timeout=60
    )
    assert "replay" in answer.stdout


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_others_take_the_line(path: str, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    set_up = f"autoload -U compinit && compinit -D; {SET_UP[shell]}" if shell == "zsh" else SET_UP[shell]
    answer = subprocess.run([shell, "-c", set_up], env={"PATH": path}, capture_output=True, text=True, check=True)
    assert answer.stderr == ""
