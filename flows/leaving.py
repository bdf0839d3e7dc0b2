"""A quick and quiet end of the process.

DuckDB's Python module complains on stderr, in some forty lines, about objects that still stand when the interpreter
ends (nanobind's leak check; it cannot be turned off from Python, and nothing is lost in a process that ends). Imported
by the command and by the flows, so that it holds for terminals, workers and schedules alike.
"""

import atexit
import gc
import os
import sys


def close_stderr() -> None:
    """Send what comes after the last handler nowhere; everything before it has been shown."""
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)


def spare_collection() -> None:
    """Leave everything that still stands to the system: taking Prefect's modules apart takes half a second."""
    gc.freeze()


# Handlers run last in, first out: registered this early, they run after those of the libraries.
atexit.register(close_stderr)
atexit.register(spare_collection)
