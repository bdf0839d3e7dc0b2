"""A flow that is told to stop in the middle of a query."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.exceptions import TerminationSignal

from flows.signals import is_stop

# Set by Prefect in the process of a run that a schedule or a worker started.
RUN_OF_A_SCHEDULE = "PREFECT__FLOW_RUN_ID"


@contextmanager
def stoppable() -> Iterator[None]:
    """Raises the signal again that DuckDB or pydantic made an ordinary error of.

    A signal in the middle of a query ends it with RuntimeError("Query interrupted"), one while a call to Prefect is
    serialised with "Error calling function ...: KeyboardInterrupt: ". Prefect takes both for a fault of the flow: a
    traceback in the log and a failed run instead of one that was stopped.
    """
    try:
        yield
    # Pydantic's error is a ValueError.
    except (RuntimeError, ValueError) as error:
        if not is_stop(error):
            raise
        if os.environ.get(RUN_OF_A_SCHEDULE):
            raise TerminationSignal(signal.SIGTERM) from None
        raise KeyboardInterrupt from None
