"""Logs for machines: with `--log-json`, or NEWSMILL_LOG_JSON=1, each line on stderr is one JSON object.

Imported by the command and by the flows, so that processes that Prefect starts write in the same way.
"""

import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from tasks.ingestion.events import current_run, logger

VARIABLE = "NEWSMILL_LOG_JSON"
FLAG = "--log-json"
# As the options of the command line read their variables.
YES = {"1", "true", "t", "yes", "y", "on"}

# Prefect's own lines: its console becomes ours. These override its logging.yml, in the processes it starts as well.
PREFECT_CONSOLE = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_CLASS": "flows.logs.StderrHandler",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": "flows.logs.JsonLines",
}
# What Prefect adds to the records of a flow or task run.
PREFECT_FIELDS = ("flow_run_id", "flow_run_name", "task_run_name")


class JsonLines(logging.Formatter):
    """A record as one JSON object, in ASCII: nothing in it can break the line or command a terminal."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()  # what Prefect's configuration says of a format means nothing here

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "log"),
            "message": record.getMessage(),
            "logger": record.name,
            "run_id": current_run.get(),
            **{name: getattr(record, name) for name in PREFECT_FIELDS if hasattr(record, name)},
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = f"{record.exc_info[0].__name__}: {record.exc_info[1]}"
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class StderrHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what is stderr at the moment; made by Prefect too, with settings of a console that it is not."""

    def __init__(self, **_: object) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self.stream = sys.stderr
        super().emit(record)


def as_json() -> bool:
    """Whether stderr is for machines."""
    return os.environ.get(VARIABLE, "").lower() in YES


@contextmanager
def logs_as_asked(arguments: Sequence[str]) -> Iterator[None]:
    """Write JSON within the block when the flag or the variable says so."""
    if FLAG not in arguments and not as_json():
        yield
        return
    before = dict(os.environ)
    os.environ.update({VARIABLE: "1"} | {name: before.get(name, value) for name, value in PREFECT_CONSOLE.items()})
    handler = listen()
    try:
        yield
    finally:
        logger.setLevel(logging.NOTSET)
        for loud in (logger, logging.getLogger()):
            loud.removeHandler(handler)
        for name in (VARIABLE, *PREFECT_CONSOLE):
            os.environ.pop(name)
            os.environ.update({name: before[name]} if name in before else {})


def listen() -> StderrHandler:
    """Write what newsmill tells, and what any library warns of."""
    handler = StderrHandler()
    logger.setLevel(logging.INFO)
    for loud in (logger, logging.getLogger()):
        loud.addHandler(handler)
    logging.captureWarnings(True)
    return handler


def listen_in_flow() -> None:
    """In a process that Prefect started for a flow run: newsmill's events, as the command would write them."""
    if as_json() and not any(isinstance(handler, StderrHandler) for handler in logger.handlers):
        handler = StderrHandler()
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)


listen_in_flow()
