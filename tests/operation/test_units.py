"""The systemd units of docs/systemd: systemd accepts them, newsmill accepts their command lines."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import typer

from flows.cli import app
from tasks.settings import VARIABLES

UNITS = Path(__file__).parents[2] / "docs/systemd"
BIN = "/opt/newsmill/.venv/bin/"
SCRIPT = "/usr/local/bin/newsmill-backup"
SERVICES = sorted(file.name for file in UNITS.glob("*.service"))
COMMON = UNITS / "newsmill-.service.d/common.conf"

# What `systemd-analyze security` gives, from 0 to 10; a unit without any of the settings has 9.6.
EXPOSURE = 2.0


def read_unit(file: Path) -> ConfigParser:
    """A unit as sections of settings; of a setting that comes twice the last."""
    unit = ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(file)
    return unit


def command(name: str) -> list[str]:
    """What a service starts."""
    return shlex.split(read_unit(UNITS / name)["Service"]["ExecStart"])


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as they are installed, on a machine whose newsmill is this one."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    shutil.copytree(UNITS, tmp_path / "units")
    for unit in (tmp_path / "units").glob("*.service"):
        text = unit.read_text().replace(BIN, f"{Path(sys.executable).parent}/")
        unit.write_text(text.replace(SCRIPT, str(UNITS / "newsmill-backup.sh")))
    return tmp_path / "units"


def analyze(units: Path, *arguments: str) -> str:
    """Everything that systemd-analyze says about units of a folder; it says nothing of good ones."""
    done = subprocess.run(
        ["systemd-analyze", *arguments],
        cwd=units,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + f"exit {done.returncode}" * (done.returncode != 0)


def test_systemd_accepts_every_unit(installed: Path) -> None:
    names = sorted(file.name for file in installed.glob("*.[st]*") if file.suffix in {".service", ".timer"})
    assert analyze(installed, "verify", *names) == ""


def test_systemd_names_a_slip_in_what_the_units_share(installed: Path) -> None:
    common = installed / COMMON.relative_to(UNITS)
    common.write_text(common.read_text().replace("ProtectSystem=strict", "ProtectSystem=strickt"))
    assert "strickt" in analyze(installed, "verify", SERVICES[0])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_touch_little(installed: Path, name: str) -> None:
    threshold = f"--threshold={round(EXPOSURE * 10)}"
    said = analyze(installed, "security", "--offline=yes", "--no-pager", threshold, name)
    assert "exit" not in said, said


@pytest.mark.parametrize("name", [name for name in SERVICES if command(name)[0] == f"{BIN}newsmill"])
def test_newsmill_accepts_the_command_line(name: str) -> None:
    verb, *arguments = command(name)[1:]
    group = typer.main.get_command(app)
    known = group.get_command(group.make_context("newsmill", [], resilient_parsing=True), verb)  # type: ignore[attr-defined]
    assert known is not None
    known.make_context(verb, arguments)


@pytest.mark.parametrize("name", [name for name in SERVICES if command(name)[0] == f"{BIN}prefect"])
def test_prefect_accepts_the_command_line(name: str) -> None:
    program, given = Path(sys.executable).with_name("prefect"), command(name)[1:]
    done = subprocess.run([program, *given, "--help"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    # With --help the program looks at no other flag.
    assert [flag for flag in given if flag.startswith("--") and f"{flag} " not in done.stdout] == []


def test_every_service_is_one_of_these_programs() -> None:
    assert {command(name)[0] for name in SERVICES} == {f"{BIN}newsmill", f"{BIN}prefect", SCRIPT}


def test_every_timer_starts_a_service() -> None:
    assert {file.stem for file in UNITS.glob("*.timer")} <= {file.stem for file in UNITS.glob("*.service")}


def test_the_settings_are_newsmills_and_the_folders_those_of_the_units() -> None:
    settings = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", (UNITS / "newsmill.env").read_text(), re.MULTILINE))
    assert {name for name in settings if name.startswith("NEWSMILL_")} <= VARIABLES
    unit = read_unit(COMMON)
    folders = [settings["NEWSMILL_INPUT"], settings["NEWSMILL_WAREHOUSE"]]
    assert unit["Unit"]["RequiresMountsFor"].split() == folders
    assert unit["Service"]["ReadWritePaths"] == settings["NEWSMILL_WAREHOUSE"]
    assert command("newsmill-backup.service")[1] == settings["NEWSMILL_WAREHOUSE"]
