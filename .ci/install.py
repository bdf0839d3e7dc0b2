"""Runs `pip install` and shows how far it is: one moving line on a terminal, a line every 25 packages in a log."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = re.compile(r"(Collecting|Processing|Requirement already satisfied:) ")
PINNED = re.compile(r"^[\w.\[\]-]+==", re.MULTILINE)
LOG_EVERY = 25
TAIL = 30


def show(line: str, *, last: bool = False) -> None:
    """Write one line of progress; on a terminal the next one takes its place."""
    start, end = ("\r\033[K", "\n" if last else "") if sys.stdout.isatty() else ("", "\n")
    sys.stdout.write(f"{start}{line}{end}")
    sys.stdout.flush()


def follow(output: Iterator[str], what: str, total: int) -> list[str]:
    """Count the packages pip names and return all it said."""
    said, seen = [], 0
    for line in output:
        said.append(line)
        if PACKAGE.match(line):
            seen += 1
            if sys.stdout.isatty() or seen % LOG_EVERY == 0:
                show(f"{what}: {seen} of {total} fetched")
        elif total and line.startswith("Installing collected packages"):
            show(f"{what}: all fetched, unpacking")
    return said


def main(what: str, *options: str) -> int:
    """Install; on failure print the end of what pip said."""
    locks = [Path(option) for option in options if option.endswith(".txt")]
    total = sum(len(PINNED.findall(lock.read_text(encoding="utf-8"))) for lock in locks)
    show(f"{what}: installing" + (f" {total} packages" if total else ""))
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        said = follow(iter(pip.stdout or ()), what, total)
    if pip.returncode:
        sys.stdout.write("\n" + "".join(said[-TAIL:]))
    show(f"{what}: {'failed' if pip.returncode else 'installed'}", last=True)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
