"""Ctrl-C at a chosen line of some modules."""

import sys
from collections.abc import Callable, Collection
from itertools import count
from types import FrameType, ModuleType
from typing import Any


def is_interrupted(action: Callable[[], object], modules: Collection[ModuleType], line: int) -> bool:
    """Do something; Ctrl-C comes before the line of this number that the thread passes in these modules, if any does.

    Gives whether it came.
    """
    passed, files = count(), {module.__file__ for module in modules}

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        if event == "line" and next(passed) == line:
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False
