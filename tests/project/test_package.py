"""What a wheel of newsmill carries: every file the code reads at run time, and nobody's data."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

PACKAGES = ["flows", "schemas", "seeds", "tasks", "warehouse"]
# What lies in the packages' folders and is not read at run time.
NOT_SHIPPED = {"README.md", "DICTIONARY.md"}


@pytest.fixture(scope="module")
def source(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project without what is made from it."""
    copy = tmp_path_factory.mktemp("source")
    for name in ["pyproject.toml", "README.md", "LICENSE"]:
        shutil.copy(project / name, copy)
    for package in PACKAGES:
        skipped = shutil.ignore_patterns("__pycache__", "data", "raw")
        shutil.copytree(project / package, copy / package, ignore=skipped)
    return copy


@pytest.fixture(scope="module")
def wheel_names(source: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", folder, source], check=True, capture_output=True, cwd=folder)
    (wheel,) = folder.glob("newsmill-*.whl")
    with ZipFile(wheel) as content:
        return set(content.namelist())


def test_a_wheel_carries_every_file_the_code_reads(source: Path, wheel_names: set[str]) -> None:
    files = [path for package in PACKAGES for path in (source / package).rglob("*") if path.is_file()]
    needed = {path.relative_to(source).as_posix() for path in files if path.name not in NOT_SHIPPED}
    assert needed - wheel_names == set()


def test_a_wheel_carries_nothing_else(wheel_names: set[str]) -> None:
    folders = {name.partition("/")[0] for name in wheel_names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} <= set(PACKAGES)
    assert not [name for name in wheel_names if name.startswith(("warehouse/data/", "seeds/raw/"))]
