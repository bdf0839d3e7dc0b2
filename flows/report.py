"""The flow that writes the report page."""

from functools import partial
from pathlib import Path
from typing import Annotated

from prefect import flow
from pydantic import Field

import flows.leaving  # noqa: F401  its import is its effect
from flows.stopping import stoppable
from tasks.reporting.page import write_report
from tasks.settings import DEFAULT_WAREHOUSE
from tasks.stages import record_report, scheduled_name
from tasks.storage.opening import open_warehouse


@flow(name="report", flow_run_name=partial(scheduled_name, "report"), persist_result=False)
def report(
    warehouse: Annotated[str, Field(description="Folder of the warehouse.")] = DEFAULT_WAREHOUSE,
    output: Annotated[str, Field(description="File to write.")] = "report.html",
) -> str:
    """Write the report page; gives its path."""
    page = Path(output).absolute()
    with stoppable(), open_warehouse(Path(warehouse)) as connection:
        write_report(connection, page)
    record_report(page.as_uri())
    return str(page)
