"""The flow that writes the report page."""

from functools import partial
from pathlib import Path

from prefect import flow

import flows.leaving  # noqa: F401  its import is its effect
from flows.parameters import Output, Warehouse
from flows.stopping import stoppable
from tasks.reporting.page import write_report
from tasks.settings import DEFAULT_WAREHOUSE
from tasks.stages import name_run, record_report, scheduled_name
from tasks.storage.opening import open_warehouse


@flow(name="report", flow_run_name=partial(scheduled_name, "report"), persist_result=False)
def report(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    output: Output = "report.html",
) -> str:
    """Write the report page; gives its path."""
    page = Path(output).absolute()
    with stoppable(), open_warehouse(Path(warehouse)) as connection:
        write_report(connection, page)
    size = f"{page.stat().st_size / 1e6:.1f} MB"
    name_run(f"{page.name}, {size}")
    record_report(page, f"Report of the warehouse `{Path(warehouse).absolute().name}`, {size}")
    return str(page)
