"""The lock: complete, exact, hashed, and without a place to download from."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.project.sources import imported_packages, python_files

LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-model.txt"]
HASH = re.compile(r"sha256:[0-9a-f]{64}")
HOST = re.compile(r"://|--(index|extra-index|find-links|trusted-host)|\b[\w-]+\.(org|com|net|io)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def settings(project: Path) -> dict[str, Any]:
    return tomllib.loads((project / "pyproject.toml").read_text())


def locked(lock: Path) -> list[tuple[Requirement, list[str]]]:
    """The lock's requirements, each with its hashes."""
    lines = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
    entries = "\n".join(lines).replace("\\\n", "").splitlines()
    parts = [[part.strip() for part in entry.split("--hash=")] for entry in entries]
    return [(Requirement(requirement), hashes) for requirement, *hashes in parts]


def locked_versions(lock: Path) -> dict[str, Version]:
    """Version of each distribution that this Python and platform would get."""
    return {
        canonicalize_name(requirement.name): Version(str(requirement.specifier).removeprefix("=="))
        for requirement, _ in locked(lock)
        if requirement.marker is None or requirement.marker.evaluate()
    }


def is_met(requirement: Requirement, versions: dict[str, Version]) -> bool:
    """Whether the versions hold one that the requirement accepts."""
    version = versions.get(canonicalize_name(requirement.name))
    return version is not None and version in requirement.specifier


@pytest.mark.parametrize("name", LOCKS)
def test_each_locked_package_is_exact_and_hashed(project: Path, name: str) -> None:
    found = locked(project / name)
    loose = [str(r) for r, _ in found if not str(r.specifier).startswith("==") or "*" in str(r.specifier)]
    without_hash = [r.name for r, hashes in found if not hashes or not all(map(HASH.fullmatch, hashes))]
    assert (bool(found), loose, without_hash) == (True, [], [])


@pytest.mark.parametrize("name", [*LOCKS, "pyproject.toml", "Makefile"])
def test_no_package_host_is_named(project: Path, name: str) -> None:
    assert [line for line in (project / name).read_text().splitlines() if HOST.search(line)] == []


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        pytest.param(("project", "dependencies"), "requirements.txt", id="run time"),
        pytest.param(("dependency-groups", "build"), "requirements.txt", id="build"),
        pytest.param(("dependency-groups", "dev"), "requirements-dev.txt", id="development"),
        pytest.param(("dependency-groups", "models"), "requirements-model.txt", id="models"),
    ],
)
def test_the_lock_answers_what_the_project_asks_for(
    project: Path, settings: dict[str, Any], wanted: tuple[str, str], lock: str
) -> None:
    versions = locked_versions(project / lock)
    asked = [Requirement(line) for line in settings[wanted[0]][wanted[1]]]
    assert [str(r) for r in asked if not is_met(r, versions)] == [], "run `make lock`"


def test_development_and_run_time_agree_on_versions(project: Path) -> None:
    run_time, development = (locked_versions(project / lock) for lock in LOCKS[:2])
    assert {name for name in run_time.keys() & development if run_time[name] != development[name]} == set()


def test_the_code_imports_only_what_it_depends_on(project: Path, settings: dict[str, Any]) -> None:
    extras = settings["project"]["optional-dependencies"].values()
    lines = [*settings["project"]["dependencies"], *(line for extra in extras for line in extra)]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    own = {"newsmill", "flows", "tasks", "schemas", "seeds", "warehouse"}
    distributions = packages_distributions()
    imported = {
        package: {canonicalize_name(name) for name in distributions.get(package, [package])}
        for path in python_files(project, own)
        for package in imported_packages(path) - own - sys.stdlib_module_names
    }
    assert {package for package, names in imported.items() if not names & declared} == set()


def test_what_is_installed_is_what_is_locked(project: Path) -> None:
    expected = locked_versions(project / "requirements.txt")
    assert {name: version(name) for name in expected if Version(version(name)) != expected[name]} == {}
