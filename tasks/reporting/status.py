"""How the warehouse is doing: last run, freshness, outcomes, coverage of enrichment, what waits in quarantine."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import duckdb
from rich.console import Group
from rich.table import Table
from rich.text import Text

from schemas.reasons import REASON_SENTENCES, RunStatus
from tasks.reporting.counts import count_of
from tasks.reporting.reports import Report, run_report
from tasks.reporting.result_values import json_value, shown_value
from tasks.reporting.words import hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What the tables do not say: where everything lies, runs without an end, snapshots to go back to."""

    warehouse: str
    inputs: Annotated[list[str], "Folders that articles were taken from."]
    open_runs: Annotated[list[dict[str, Any]], "run_id, kind, started_at and is_alive; a dead one was interrupted."]
    snapshots: Annotated[list[dict[str, Any]], "commit_id, committed_at and kind, newest first."]
    oldest_snapshot: Annotated[int, "The first that --as-of still reads."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One look at the warehouse; each list has a dict a row, each dict a value a column of the report it comes from."""

    numbers: Annotated[dict[str, Any], "headline_numbers: articles, duplicates, corrections, mentions."]
    freshness: Annotated[dict[str, Any], "freshness: latest day, latest arrival, last run; nulls when empty."]
    last_run: Annotated[dict[str, Any] | None, "latest_runs: the latest; null before the first."]
    outcomes: Annotated[list[dict[str, Any]], "outcomes_funnel: files, then article blocks."]
    enrichment: Annotated[list[dict[str, Any]], "enrichment_by_month."]
    no_model: Annotated[list[dict[str, Any]], "languages_without_model."]
    interrupted: Annotated[list[dict[str, Any]], "latest_runs: those that were cut off."]
    quarantine: Annotated[list[dict[str, Any]], "quarantine_by_reason, where something is open."]
    alarms: Annotated[list[dict[str, Any]], "alarms: what needs somebody's attention."]
    premises: Premises | None = None

    def as_json(self) -> dict[str, Any]:
        """The same as values that JSON knows."""
        return {name: json_value(value) for name, value in asdict(self).items()}


def find_status(connection: duckdb.DuckDBPyConnection, premises: Premises | None = None) -> Status:
    """Look at a warehouse, an empty one included."""

    def rows(name: str) -> list[dict[str, Any]]:
        report: Report = run_report(connection, name)
        return report.records

    runs = rows("latest_runs")
    return Status(
        numbers=rows("headline_numbers")[0],
        freshness=rows("freshness")[0],
        last_run=next(iter(runs), None),
        outcomes=rows("outcomes_funnel"),
        enrichment=rows("enrichment_by_month"),
        no_model=rows("languages_without_model"),
        interrupted=[run for run in runs if run["status"] == RunStatus.INTERRUPTED],
        quarantine=[row for row in rows("quarantine_by_reason") if row["open_count"]],
        alarms=rows("alarms"),
        premises=premises,
    )


def status_view(status: Status) -> Group:
    """The status for a terminal."""
    return Group(
        *alarm_lines(status.alarms),
        headline(status),
        "",
        outcomes_table("Files", [row for row in status.outcomes if row["item"] == "file"]),
        "",
        outcomes_table("Article blocks", [row for row in status.outcomes if row["item"] == "article"]),
        "",
        enrichment_line(status.enrichment),
        *no_model_lines(status.no_model),
        "",
        quarantine_table(status.quarantine),
        *snapshot_lines(status.premises),
    )


def alarm_lines(alarms: list[dict[str, Any]]) -> Iterable[Text]:
    """What needs attention, above all else."""
    for alarm in alarms:
        source = f" ({shown_value(alarm['source'])})" if alarm["source"] else ""
        yield Text.assemble((f"{alarm['alarm']}{source}: ", "bold red"), shown_value(alarm["sentence"]))
    if alarms:
        yield Text()


def headline(status: Status) -> Table:
    """Names and values, without lines."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in headline_values(status):
        grid.add_row(Text(name, style="bold"), Text(value))
    return grid


def headline_values(status: Status) -> Iterable[tuple[str, str]]:
    """What to say first."""
    numbers, freshness, run = status.numbers, status.freshness, status.last_run
    if status.premises:
        yield from premises_values(status.premises)
    if run is None:
        begun = status.premises and status.premises.open_runs
        yield "Last run", "none has ended yet" if begun else "none yet: `newsmill ingest` reads the input folder"
    else:
        ended = moment(run["finished_at"]) if run["finished_at"] else "has not finished"
        yield "Last run", f"{run['kind']} {run['status']}, {ended} ({run['run_id']})"
        if run["detail"]:
            yield "", shown_value(run["detail"])
    for cut_off in status.interrupted[:SHOWN]:
        if cut_off is not run:
            yield "Interrupted", f"{cut_off['kind']} of {moment(cut_off['started_at'])} ({cut_off['run_id']})"
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


SHOWN = 5


def premises_values(premises: Premises) -> Iterable[tuple[str, str]]:
    """Where everything lies, and what is going on there."""
    yield "Warehouse", shown_value(premises.warehouse)
    for number, folder in enumerate(premises.inputs):
        yield "" if number else "Input", shown_value(folder)
    for run in premises.open_runs:
        name = "Under way" if run["is_alive"] else "Interrupted"
        more = "" if run["is_alive"] else "; the next run takes up the rest"
        yield name, f"{run['kind']} since {moment(run['started_at'])} ({run['run_id']}){more}"


def snapshot_lines(premises: Premises | None) -> Iterable[str | Text]:
    """The newest snapshots, for --as-of."""
    if premises is None or not premises.snapshots:
        return
    yield ""
    yield Text(f"Snapshots for --as-of, {premises.oldest_snapshot} and later; the newest:")
    for snapshot in premises.snapshots[:SHOWN]:
        yield Text(f"  {snapshot['commit_id']}  {moment(snapshot['committed_at'])}  {snapshot['kind']}")


def no_model_lines(languages: list[dict[str, Any]]) -> Iterable[Text]:
    """Which languages wait for a model."""
    if languages:
        counted = ", ".join(f"{row['version_count']:,} {row['language']}" for row in languages)
        total = sum(row["version_count"] for row in languages)
        advice = "--language CODE=NAME names one"
        yield Text(f"Without a model for their language: {count_of(total, 'version')} ({counted}); {advice}.")


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
