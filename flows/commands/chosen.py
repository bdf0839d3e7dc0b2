"""The options that make the settings of a run, listed once for all commands that take them."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import Parameter, signature
from typing import Any, get_type_hints

from flows.commands.options import (
    BatchOption,
    DaskOption,
    DayFirstOption,
    EncodingOption,
    InputOption,
    LanguageOption,
    ModelOption,
    PoolOption,
    RunnerOption,
    StoreOption,
    WarehouseOption,
    WorkersOption,
)
from tasks.settings import load_settings

# By the parameter of `load_settings` that they become.
OPTIONS: Mapping[str, Any] = {
    "input_folder": InputOption,
    "warehouse": WarehouseOption,
    "store": StoreOption,
    "workers": WorkersOption,
    "batch_files": BatchOption,
    "model": ModelOption,
    "languages": LanguageOption,
    "day_first": DayFirstOption,
    "encoding": EncodingOption,
    "runner": RunnerOption,
    "dask_address": DaskOption,
    "pool": PoolOption,
}
OF_INPUT = frozenset({"input_folder", "store"})

Command = Callable[..., None]


def takes_settings(*, without: Iterable[str] = ()) -> Callable[[Command], Command]:
    """Give a command the options in the place of its parameter `settings`, which it is called with.

    Typer learns what a command takes from its signature, so that is what is changed.
    """
    shared = {name: option for name, option in OPTIONS.items() if name not in set(without)}
    options = [Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=shared[name]) for name in shared]

    def give(command: Command) -> Command:
        @wraps(command)
        def run(**given: Any) -> None:
            settings = load_settings(**{name: given.pop(name) for name in shared})
            command(settings=settings, **given)

        own = signature(command)
        taken = [
            parameter
            for name, described in own.parameters.items()
            for parameter in (options if name == "settings" else [described])
        ]
        hints = get_type_hints(command, include_extras=True)
        vars(run)["__signature__"] = own.replace(parameters=taken)
        run.__annotations__ = {name: hint for name, hint in hints.items() if name != "settings"} | shared
        return run

    return give
