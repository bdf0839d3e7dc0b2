"""What a wheel of newsmill carries: every file the code reads at run time, and nobody's data."""

import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest

PACKAGES = ["flows", "newsmill", "schemas", "seeds", "tasks", "warehouse"]
# What lies in the packages' folders and is not read at run time.
NOT_SHIPPED = {"README.md", "DICTIONARY.md", "VIEWS.md"}


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
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", folder, source], check=True, capture_output=True, cwd=folder)
    (wheel,) = folder.glob("newsmill-*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel_names(wheel: Path) -> set[str]:
    """Names of the files in the wheel."""
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


@dataclass(frozen=True, slots=True)
class Installed:
    """A folder beside which newsmill is installed from the wheel; the project is nowhere near."""

    folder: Path

    def run(self, program: str, *arguments: str) -> str:
        """What a program of the environment writes; it ends well."""
        command = [str(self.folder / "env" / "bin" / program), *arguments]
        variables = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin"}
        ended = subprocess.run(command, cwd=self.folder, env=variables, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own; what it depends on comes from this one, so that nothing is fetched."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = str(folder / "env" / "bin" / "python")
    (packages,) = (folder / "env").glob("lib/python*/site-packages")
    # A folder that a .pth file names is searched, but the .pth files in it, which lead to the project, are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, cwd=folder)
    return Installed(folder)


@pytest.mark.model
def test_the_installed_wheel_works_from_one_end_to_the_other(installed: Installed, project: Path) -> None:
    """Its SQL, templates and reference tables are there: it compiles a gazetteer, ingests, asks, reports, exports."""
    written_by = "import newsmill, flows, tasks, schemas, warehouse, seeds; print(newsmill.__file__, seeds.__path__[0])"
    assert installed.run("python", "-c", written_by).count(str(installed.folder)) == 2
    assert installed.run("newsmill", "--version") == f"newsmill {version('newsmill')}\n"

    (installed.folder / "dumps").mkdir()
    for dump in sorted((project / "seeds" / "raw" / "wikinews").glob("*.txt"))[:3]:
        shutil.copy(dump, installed.folder / "dumps")
    direct = ["--direct", "--workers", "1", "--model", "en_core_web_sm"]
    told = installed.run("newsmill", "ingest", *direct, "--input", "dumps", "--warehouse", "news")
    assert re.search(r"new +│ +3 │", told)

    where = ["--warehouse", "news"]
    query = "SELECT count(DISTINCT country_code) > 2 AS are_placed FROM resolved_places"
    assert installed.run("newsmill", "sql", query, "--format", "csv", *where) == "are_placed\ntrue\n"
    installed.run("newsmill", "report", "--output", "report.html", *where)
    assert "</html>" in (installed.folder / "report.html").read_text("utf-8")
    installed.run("newsmill", "export", "--output", "copy", *where)
    assert (installed.folder / "copy" / "croissant.json").is_file()
    installed.run("newsmill", "maintain", *where)

    code = "from newsmill import open_warehouse; print(len(open_warehouse('news').report('volume_by_day').fetchall()))"
    assert installed.run("python", "-c", code) == "3\n"
