"""Alarms where Prefect shows them: after a run an artifact of what stands, and an event each, for automations."""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import duckdb
from prefect import get_run_logger
from prefect.artifacts import Artifact, create_table_artifact
from prefect.client.schemas.objects import Artifact as ArtifactResponse
from prefect.events import emit_event

from flows.signals import is_stop
from schemas.errors import NewsmillError
from tasks.reporting.counts import count_of
from tasks.reporting.reports import run_report
from tasks.reporting.result_values import json_value, shown_value
from tasks.stages import if_it_can, warehouse_key, warehouse_resource
from tasks.storage.opening import open_warehouse

CLEARED = "newsmill.alarm.cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One row of the view `alarms`; `measured` and `usual` are in `unit`."""

    alarm: str
    source: str | None
    since: datetime | None
    sentence: str
    measured: float | None
    usual: float | None
    unit: str | None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same alarm at a later run."""
        return self.alarm, self.source or ""


@contextmanager
def alarms_told(warehouse: Path) -> Iterator[list[Alarm]]:
    """After the block, tell Prefect which alarms stand; the list yielded is filled with them.

    A block that raises is the reason of one of them, so they are looked at then, too; not when it was stopped.
    """
    standing: list[Alarm] = []
    try:
        yield standing
    except Exception as error:
        if not is_stop(error):
            tell_in_spite(warehouse)
        raise
    standing += tell_alarms(warehouse)


def tell_in_spite(warehouse: Path) -> None:
    """Tell the alarms after a failure, which is not to be hidden by another."""
    try:
        tell_alarms(warehouse)
    except Exception:  # noqa: BLE001  what failed first is raised by the caller
        get_run_logger().warning("The alarms could not be told.", exc_info=True)


def tell_alarms(warehouse: Path) -> Sequence[Alarm]:
    """Leave an artifact and events of the alarms that stand, and of those that ended since the last artifact."""
    try:
        standing = find_alarms(warehouse)
    except (duckdb.Error, NewsmillError, OSError) as error:
        # As when a file is damaged, in spite of which new articles are taken in.
        get_run_logger().warning("The alarms could not be looked at: %s", error)
        return []
    for alarm in standing:
        emit(warehouse, event_name(alarm), alarm.key, json_value(alarm_row(alarm)))
    record_alarms(warehouse, standing)
    return standing


@if_it_can
def record_alarms(warehouse: Path, standing: Sequence[Alarm]) -> None:
    """Leave an artifact of the alarms that stand, and events of those that ended since the last artifact."""
    key = artifact_key(warehouse)
    ended = told_before(key) - {alarm.key for alarm in standing}
    for name, source in sorted(ended):
        over = f"The alarm {name} is over."
        emit(warehouse, CLEARED, (name, source), {"alarm": name, "source": source or None, "sentence": over})
    if standing or ended:
        create_table_artifact(table_rows(standing), key=key, description=description(warehouse, standing, ended))


def find_alarms(warehouse: Path) -> list[Alarm]:
    """What the view `alarms` says now."""
    with open_warehouse(warehouse) as connection:
        return [Alarm(**row) for row in run_report(connection, "alarms").records]


def event_name(alarm: Alarm) -> str:
    """What automations wait for: `newsmill.input.silent` for `input_silent`."""
    return f"newsmill.{alarm.alarm.replace('_', '.')}"


def emit(warehouse: Path, event: str, key: tuple[str, str], payload: dict[str, Any]) -> None:
    """Emit an event; alarms of one warehouse differ by its labels, so that an automation can count each for itself."""
    alarm, source = key
    labels = {"newsmill.alarm": alarm, "newsmill.source": source or "all"}
    emit_event(event, resource=warehouse_resource(warehouse) | labels, payload=payload)


def alarm_words(alarms: Sequence[Alarm]) -> str:
    """The alarms in the name of a run: `input silent, refusals high`."""
    return ", ".join(dict.fromkeys(alarm.alarm.replace("_", " ") for alarm in alarms))


def alarm_row(alarm: Alarm) -> dict[str, Any]:
    """The row as it stands in the view."""
    return {name: getattr(alarm, name) for name in Alarm.__slots__}


def artifact_key(warehouse: Path) -> str:
    """The key under which Prefect keeps the history of a warehouse's alarms."""
    return f"alarms-{warehouse_key(warehouse)}"


def told_before(key: str) -> set[tuple[str, str]]:
    """The alarms of the latest artifact."""
    artifact = cast("ArtifactResponse | None", Artifact.get(key))
    rows = json.loads(str(artifact.data)) if artifact else []
    return {(row["alarm"], row["source"]) for row in rows}


def table_rows(alarms: Sequence[Alarm]) -> list[dict[str, str]]:
    """The alarms as Prefect's pages show them."""
    return [
        {
            "alarm": alarm.alarm,
            "source": alarm.source or "",
            "since": shown_value(alarm.since),
            "what": shown_value(alarm.sentence),
        }
        for alarm in alarms
    ]


def description(warehouse: Path, standing: Sequence[Alarm], ended: Collection[tuple[str, str]]) -> str:
    """What stands and what has ended, in two sentences; sources are left to the table, where they stay text."""
    name = warehouse.absolute().name
    now = f"{count_of(len(standing), 'alarm')} for the warehouse `{name}`; docs/operate.md says what to do."
    over = f"Over: {', '.join(sorted(alarm for alarm, _ in ended))}."
    return " ".join([now] * bool(standing) + [over] * bool(ended))
