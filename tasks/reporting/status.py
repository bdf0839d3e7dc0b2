"""How the warehouse is doing: last run, freshness, outcomes, coverage of enrichment, what waits in quarantine."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import duckdb
from rich.console import Group
from rich.table import Table
from rich.text import Text

from schemas.reasons import REASON_SENTENCES
from tasks.reporting.reports import Report, run_report
from tasks.reporting.result_values import json_value, shown_value
from tasks.reporting.words import hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One look at the warehouse; each list has a dict a row, each dict a value a column of the report it comes from."""

    numbers: Annotated[dict[str, Any], "headline_numbers: articles, duplicates, corrections, mentions."]
    freshness: Annotated[dict[str, Any], "freshness: latest day, latest arrival, last run; nulls when empty."]
    last_run: Annotated[dict[str, Any] | None, "latest_runs: the latest; null before the first."]
    outcomes: Annotated[list[dict[str, Any]], "outcomes_funnel: files, then article blocks."]
    enrichment: Annotated[list[dict[str, Any]], "enrichment_by_month."]
    quarantine: Annotated[list[dict[str, Any]], "quarantine_by_reason, where something is open."]

    def as_json(self) -> dict[str, Any]:
        """The same as values that JSON knows."""
        return {name: json_value(value) for name, value in asdict(self).items()}


def find_status(connection: duckdb.DuckDBPyConnection) -> Status:
    """Look at a warehouse, an empty one included."""

    def rows(name: str) -> list[dict[str, Any]]:
        report: Report = run_report(connection, name)
        return report.records

    return Status(
        numbers=rows("headline_numbers")[0],
        freshness=rows("freshness")[0],
        last_run=next(iter(rows("latest_runs")), None),
        outcomes=rows("outcomes_funnel"),
        enrichment=rows("enrichment_by_month"),
        quarantine=[row for row in rows("quarantine_by_reason") if row["open_count"]],
    )


def status_view(status: Status) -> Group:
    """The status for a terminal."""
    return Group(
        headline(status),
        "",
        outcomes_table("Files", [row for row in status.outcomes if row["item"] == "file"]),
        "",
        outcomes_table("Article blocks", [row for row in status.outcomes if row["item"] == "article"]),
        "",
        enrichment_line(status.enrichment),
        "",
        quarantine_table(status.quarantine),
    )


def headline(status: Status) -> Table:
    """Names and values, without lines."""
    grid = Table.grid(padding=(0, 2))
    for name, value in headline_values(status):
        grid.add_row(Text(name, style="bold"), Text(value))
    return grid


def headline_values(status: Status) -> Iterable[tuple[str, str]]:
    """What to say first."""
    numbers, freshness, run = status.numbers, status.freshness, status.last_run
    if run is None:
        yield "Last run", "none yet: `newsmill ingest` reads the input folder"
    else:
        ended = moment(run["finished_at"]) if run["finished_at"] else "has not finished"
        yield "Last run", f"{run['kind']} {run['status']}, {ended} ({run['run_id']})"
        if run["detail"]:
            yield "", shown_value(run["detail"])
    if freshness["latest_arrival_at"] is not None:
        yield (
            "Latest arrival",
            f"{moment(freshness['latest_arrival_at'])}, {hours(freshness['hours_since_arrival'])} ago",
        )
    if freshness["latest_published_date"] is not None:
        yield "Latest day", f"{freshness['latest_published_date']}"
    yield "Articles", f"{numbers['article_count']:,}, {numbers['word_count']:,} words"
    yield "Beside them", f"{numbers['duplicate_count']:,} duplicates, {numbers['corrected_count']:,} corrected"
    yield "Mentions", f"{numbers['mention_count']:,}, {numbers['place_mention_count']:,} of them on the map"


def moment(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC"


def outcomes_table(title: str, rows: list[dict[str, Any]]) -> Table:
    """Outcomes with their reasons and counts."""
    table = Table(title=title, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    table.add_column("outcome")
    table.add_column("reason")
    table.add_column("count", justify="right")
    for row in rows:
        table.add_row(row["outcome"], row["reason"], f"{row['item_count']:,}")
    if not rows:
        table.add_row("none yet", "", "0")
    return table


def enrichment_line(months: list[dict[str, Any]]) -> Text:
    """How much has been searched for entities and places, in one line."""
    total = sum(month["version_count"] for month in months)
    if not total:
        return Text("Enrichment: nothing to search yet.")
    done = sum(month["done_count"] for month in months)
    stale = sum(month["stale_count"] for month in months)
    advice = "; `newsmill backfill --stage enrich` renews them" if stale else ""
    return Text(f"Enrichment: {done:,} of {total:,} stored versions ({done / total:.1%}), {stale:,} stale{advice}.")


def quarantine_table(rows: list[dict[str, Any]]) -> Table | Text:
    """What waits in quarantine, by reason, with the reason in a sentence."""
    if not rows:
        return Text("Quarantine: nothing open.")
    table = Table(title="Open in quarantine", title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    for name in ("reason", "count", "means", "for example"):
        table.add_column(name, justify="right" if name == "count" else "left", overflow="fold")
    sentences = {str(reason): sentence for reason, sentence in REASON_SENTENCES.items()}
    for row in rows:
        example = Text(shown_value(row["example_path"]))
        table.add_row(row["reason"], f"{row['open_count']:,}", sentences.get(row["reason"], ""), example)
    return table
