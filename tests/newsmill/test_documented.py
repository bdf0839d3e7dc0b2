"""The Python of the documents runs as it stands, where a warehouse lies at its usual place."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.example_news import NEWS
from tests.example_warehouse import disk_warehouse

PROJECT = Path(__file__).parents[2]
EXAMPLES = {
    f"{name} {number}": code
    for name in ("README.md", "docs/queries.md")
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", (PROJECT / name).read_text("utf-8"), re.DOTALL))
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `warehouse/data` in it."""
    folder = tmp_path_factory.mktemp("folder")
    disk_warehouse(folder / "warehouse" / "data", **NEWS)
    return folder


def test_the_documents_have_python() -> None:
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("code", [pytest.param(code, id=name) for name, code in EXAMPLES.items()])
def test_example_runs(folder: Path, project: Path, code: str) -> None:
    python = [sys.executable, "-W", "error::SyntaxWarning", "-c", code]
    alone = {"PYTHONPATH": str(project)}
    ended = subprocess.run(python, cwd=folder, env=alone, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
