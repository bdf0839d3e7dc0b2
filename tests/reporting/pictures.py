"""The pictures of the report page in README.md, of the seeds: `make pictures`."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.reporting.browser import open_browser

# Name of the picture, from which element on, how many pixels.
PICTURES = (("report-names", "#names", 655), ("report-map", "#map", 655))
SCREEN = (1000, 800)


def main(output: Path) -> None:
    """Ingest the seeds into a warehouse of their own and write a picture of each part."""
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        place = Path(scratch)
        there = ["--warehouse", str(place / "data")]
        page = place / "report.html"
        for command in (["ingest", "--direct"], ["report", "--output", str(page)]):
            subprocess.run([sys.executable, "-m", "flows.cli", *command, *there], check=True)
        with open_browser(place / "profile") as tab:
            tab.open(page, SCREEN, prefers_reduced_motion="reduce")
            for name, selector, height in PICTURES:
                tab.picture(output / f"{name}.webp", selector, height)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
