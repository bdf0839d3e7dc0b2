"""A small disk of a test's own, mounted where only the test's processes see it; it fills up and can be read-only."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MOUNT = 'mount -t tmpfs -o size="$1" none "$2" && echo mounted && exec sleep 600'


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallDisk:
    """The disk at `folder`, for the processes started by `run`."""

    folder: Path
    pid: int
    project: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command that sees the disk."""
        inside = ["nsenter", "--target", str(self.pid), "--user", "--mount", "--preserve-credentials", "--"]
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [*inside, *command], cwd=self.project, capture_output=True, text=True, check=False, env=environment
        )

    def newsmill(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A newsmill command that sees the disk."""
        return self.run(sys.executable, "-m", "flows.cli", *arguments)

    def well(self, *command: str) -> str:
        """What a command prints that must end well."""
        ended = self.run(*command)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def leave(self, kilobytes: int) -> None:
        """Fill the disk with ballast until so much is free."""
        self.make_room()
        free, block = map(int, self.well("stat", "--file-system", "--format=%a %S", str(self.folder)).split())
        count = max(free * block // 1024 - kilobytes, 0)
        self.well("dd", "if=/dev/zero", f"of={self.folder / 'ballast'}", "bs=1024", f"count={count}")

    def make_room(self) -> None:
        """Take the ballast away."""
        self.well("rm", "--force", str(self.folder / "ballast"))

    def forbid_writing(self) -> None:
        """Make the disk read-only."""
        self.well("mount", "--options", "remount,ro", str(self.folder))

    def copy(self, folder: Path) -> Path:
        """A copy of the disk where everybody sees it."""
        self.well("cp", "--archive", f"{self.folder}/.", str(folder))
        return folder


@contextmanager
def small_disk(folder: Path, project: Path, size: str = "12m") -> Iterator[SmallDisk]:
    """A new small disk; the test is skipped where a process may not have mounts of its own."""
    if not (shutil.which("unshare") and shutil.which("nsenter")):
        pytest.skip("no unshare and nsenter here")
    folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        ["unshare", "--user", "--map-root-user", "--mount", "--kill-child", "sh", "-c", MOUNT, "sh", size, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout
            if process.stdout.readline() != b"mounted\n":
                pytest.skip("no mounts of its own for a process here")
            yield SmallDisk(folder=folder, pid=process.pid, project=project)
        finally:
            process.kill()
