"""The report page: one self-contained HTML file with charts, a map, the tables behind them and their SQL."""

import base64
import json
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow.compute as pc
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tasks.reporting import words
from tasks.reporting.over_time import names_and_places
from tasks.reporting.reports import Reports, shared_views
from tasks.reporting.results import whole_file

# A page of a million rows helps nobody and opens on no phone.
TABLE_ROWS = 100
SHOWN_STORIES = 8
SHOWN_RISING = 8

SCRIPTS = (
    "vendor/d3.min.js",
    "vendor/plot.min.js",
    "vendor/topojson-client.min.js",
    "vendor/world.js",
    "range.js",
    "report.js",
)

# What each chart draws: report and columns, in the order that report.js takes them apart.
CHARTS = {
    "volume": ("volume_by_day", ("published_date", "article_count", "duplicate_count")),
    "outcomes": ("outcomes_funnel", ("item", "outcome", "reason", "item_count")),
    "coverage": (
        "enrichment_by_month",
        ("published_month", "current_count", "stale_count", "pending_count", "no_model_count", "failed_count"),
    ),
}


def write_report(connection: duckdb.DuckDBPyConnection, output: Path) -> None:
    """Write the page for what the connection shows; raises WrongUse when the file cannot be written."""
    with shared_views(connection):
        page = report_page(Reports(connection), datetime.now(UTC))
    with whole_file(output) as out:
        out.write(page.encode())


def report_page(reports: Reports, made_at: datetime) -> str:
    """The page as text. Jinja escapes every value from the warehouse; only what `safe_json` and `asset` give is not."""
    environment = Environment(
        loader=PackageLoader("tasks.reporting", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= words.FILTERS
    scripts = [asset(name) for name in SCRIPTS]
    return environment.get_template("page.html").render(
        reports=reports,
        made_at=made_at,
        table_rows=TABLE_ROWS,
        policy=content_policy(scripts),
        style=asset("report.css"),
        scripts=scripts,
        shown_stories=SHOWN_STORIES,
        shown_rising=SHOWN_RISING,
        chart_rows={name: safe_json(rows) for name, rows in chart_rows(reports).items()},
        places_left_out=places_left_out(reports),
        missing_days=reports["missing_days"].rows.num_rows,
        **words.sentences(reports),
    )


def asset(name: str) -> Markup:
    """One of the page's own files, as it is."""
    text = (files("tasks.reporting") / "template" / name).read_text("utf-8")
    return Markup(text)  # noqa: S704 the project's own text


def content_policy(scripts: list[Markup]) -> str:
    """A policy under which only these scripts run and nothing is ever fetched."""
    hashes = " ".join(f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def chart_rows(reports: Reports) -> dict[str, object]:
    """What the scripts draw, by name: rows as lists, to spare the page the repeated names of columns."""
    drawn: dict[str, object] = {
        name: [
            [words.plain(value) for value in row.values()] for row in reports[report].rows.select(columns).to_pylist()
        ]
        for name, (report, columns) in CHARTS.items()
    }
    return drawn | {"counted": names_and_places(reports)}


def places_left_out(reports: Reports) -> int:
    """How many places with coordinates are mentioned too seldom to be on the page's map."""
    drawn = reports["places_over_time"].rows.filter(pc.is_valid(pc.field("latitude_deg")))
    return int(reports["map_points"].rows.num_rows - pc.count_distinct(drawn["place_rank"]).as_py())


def safe_json(value: object) -> Markup:
    """JSON that cannot end the script element it stands in, whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 nothing in it ends an element
