"""What a run needs to know: folders, model, limits. Flags come first, then NEWSMILL_* variables, then defaults."""

import codecs
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from schemas.errors import NewsmillError, WrongUse
from tasks.aliases.files import load_aliases
from tasks.enrichment.models import has_recogniser, model_folder, model_language
from tasks.enrichment.settings import DEFAULT_MODEL, EnrichmentSettings
from tasks.identity.settings import WINDOW_DAYS
from tasks.reading.settings import ReadingSettings
from tasks.storage.layout import parse_address

DEFAULT_INPUT = "seeds/raw"
DEFAULT_WAREHOUSE = "warehouse/data"

DEFAULT_POOL = "newsmill"

# Some hundred articles are half a minute of model work: orchestration then costs under one per cent.
BATCH_FILES = 400

# A batch never carries more bytes than this: memory is bounded by the batch, not by the folder.
BATCH_BYTES = 16 << 20

VARIABLES = frozenset(
    f"NEWSMILL_{name}"
    for name in (
        *("INPUT", "WAREHOUSE", "WORKERS", "BATCH_SIZE", "MODEL", "LANGUAGES", "DATE_ORDER", "ENCODING", "DIRECT"),
        *("DUPLICATE_WINDOW_DAYS", "GAZETTEER", "STOCK_NER", "STORE", "RUNNER", "DASK_ADDRESS", "POOL", "LOG_JSON"),
        *("KILL_AT", "FAIL_ON", "FAIL_COMMIT_ON", "REQUIRE_BROWSER", "REQUIRE_TRACE"),  # for tests
        "SHARED_MODELS",  # between processes of ours
    )
)


def unknown_variables() -> list[str]:
    """Variables of the environment that look like newsmill's and are none: a slip would otherwise pass unnoticed."""
    return sorted(name for name in os.environ if name.startswith("NEWSMILL_") and name not in VARIABLES)


class RunnerKind(StrEnum):
    """Who prepares batches, beside the process that commits them."""

    PROCESSES = "processes"
    DASK = "dask"
    POOL = "pool"


# A flow run of a work pool is a process that loads Prefect and the model anew, so its batches are larger.
STRETCH = {RunnerKind.PROCESSES: 1, RunnerKind.DASK: 1, RunnerKind.POOL: 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one run; hashable and picklable."""

    input_folder: Path = Path(DEFAULT_INPUT)
    warehouse: Path = Path(DEFAULT_WAREHOUSE)
    store: Annotated[str | None, "Where a new warehouse keeps its Parquet and raw files, if not in its folder."] = None
    workers: Annotated[int, "Processes that read and enrich."] = 1
    runner: Annotated[RunnerKind, "Who they are."] = RunnerKind.PROCESSES
    dask_address: Annotated[str | None, "Scheduler of a Dask cluster; None: one of this machine's processes."] = None
    pool: Annotated[str, "Prefect's work pool."] = DEFAULT_POOL
    batch_files: Annotated[int, "Files a batch."] = BATCH_FILES
    batch_bytes: Annotated[int, "Bytes a batch."] = BATCH_BYTES
    window_days: Annotated[int, "Near-duplicates are looked for so many days before and after."] = WINDOW_DAYS
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    enrichment: EnrichmentSettings = field(default_factory=EnrichmentSettings)


def load_settings(
    *,
    input_folder: str | Path | None = None,
    warehouse: str | Path | None = None,
    store: str | None = None,
    workers: int | None = None,
    batch_files: int | None = None,
    model: str | None = None,
    languages: Sequence[str] | None = None,
    day_first: bool | None = None,
    encoding: str | None = None,
    runner: str | None = None,
    dask_address: str | None = None,
    pool: str | None = None,
) -> Settings:
    """Settings from flags (None: not given), the environment and defaults.

    Raises WrongUse on a number, a pair or an order that is malformed, and on a model or encoding that is not there.
    """
    address = dask_address or os.environ.get("NEWSMILL_DASK_ADDRESS") or None
    kind = find_runner(runner, address)
    return Settings(
        input_folder=Path(input_folder or os.environ.get("NEWSMILL_INPUT") or DEFAULT_INPUT),
        warehouse=warehouse_folder(warehouse),
        store=find_store(store),
        workers=whole_number(workers, "NEWSMILL_WORKERS", os.cpu_count() or 1),
        runner=kind,
        dask_address=address,
        pool=pool or os.environ.get("NEWSMILL_POOL") or DEFAULT_POOL,
        batch_files=whole_number(batch_files, "NEWSMILL_BATCH_SIZE", BATCH_FILES * STRETCH[kind]),
        batch_bytes=BATCH_BYTES * STRETCH[kind],
        window_days=duplicate_window(),
        reading=ReadingSettings(day_first=find_day_first(day_first), legacy_encoding=find_encoding(encoding)),
        enrichment=EnrichmentSettings(
            model=checked_model(model or os.environ.get("NEWSMILL_MODEL") or DEFAULT_MODEL),
            languages=load_languages(languages),
            apart=load_aliases(warehouse_folder(warehouse)).pairs_apart(),
            stock_ner=os.environ.get("NEWSMILL_STOCK_NER") == "1",
        ),
    )


def find_store(flag: str | None = None) -> str | None:
    """Where a new warehouse is to keep its files, from a flag or the variable; None for its own folder."""
    address = flag or os.environ.get("NEWSMILL_STORE")
    return parse_address(address) if address else None


def find_runner(flag: str | None, dask_address: str | None) -> RunnerKind:
    """Who prepares batches, from a flag or the variable; an address of a cluster says it as well."""
    name = flag or os.environ.get("NEWSMILL_RUNNER") or (RunnerKind.DASK if dask_address else RunnerKind.PROCESSES)
    if name not in set(RunnerKind):
        raise WrongUse(f"runner takes {', '.join(RunnerKind)}, not {name}.")
    return RunnerKind(name)


def check_dask() -> None:
    """Raise WrongUse unless what the runner dask needs is installed."""
    if find_spec("prefect_dask") is None:
        raise WrongUse("The runner dask needs prefect-dask, which comes with: pip install 'newsmill[dask]'")


def duplicate_window() -> int:
    """Near-duplicates are looked for so many days before and after."""
    return whole_number(None, "NEWSMILL_DUPLICATE_WINDOW_DAYS", WINDOW_DAYS)


class DateOrder(StrEnum):
    """How 03/04/2025 is read; without one of these it is refused."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def find_day_first(flag: bool | None = None) -> bool | None:
    """Whether days come first in numeric dates, from a flag or the variable; None when neither says."""
    order = os.environ.get("NEWSMILL_DATE_ORDER")
    if flag is not None or not order:
        return flag
    if order not in set(DateOrder):
        raise WrongUse(f"NEWSMILL_DATE_ORDER takes {' or '.join(DateOrder)}, not {order}.")
    return order == DateOrder.DAY_FIRST


def find_encoding(flag: str | None = None) -> str | None:
    """Python's name of the encoding that a flag or the variable gives; None when neither does."""
    name = flag or os.environ.get("NEWSMILL_ENCODING")
    if not name:
        return None
    try:
        # Some codecs turn bytes into bytes, and some can do nothing with what they do not know.
        bytes(range(256)).decode(name, "replace")
        found = codecs.lookup(name)
    except (LookupError, UnicodeError) as error:
        raise WrongUse(f"There is no text encoding {name!r}; names are such as cp1250, koi8-r or gb18030.") from error
    return found.name


def load_languages(pairs: Sequence[str] | None = None) -> tuple[tuple[str, str], ...]:
    """The (language, model) pairs of flags or the variable, in order of language; every model is installed."""
    texts = pairs or [text for text in os.environ.get("NEWSMILL_LANGUAGES", "").split(",") if text.strip()]
    found: dict[str, str] = {}
    for language, model in map(parse_language, texts):
        if found.setdefault(language, model) != model:
            raise WrongUse(f"{language} is given two models, {found[language]} and {model}; give it one.")
    return tuple(sorted(found.items()))


def parse_language(pair: str) -> tuple[str, str]:
    """The language and the model of `fr=fr_core_news_sm`; raises WrongUse unless that model finds names in it."""
    language, _, model = (part.strip() for part in pair.partition("="))
    language = language.lower()
    if not (re.fullmatch("[a-z]{2}", language) and model):
        raise WrongUse(f"A language is given as its two-letter code and a model, fr=fr_core_news_sm, not {pair!r}.")
    try:
        reads = model_language(model)
    except NewsmillError as error:
        sentence = f"The model {model!r} for the language {language!r} is not installed; give the name of an installed"
        raise WrongUse(f"{sentence} spaCy pipeline or the folder of one.") from error
    if reads not in {language, MANY_LANGUAGES, *ALSO_READ_BY.get(language, ())}:
        raise WrongUse(f"The model {model} reads {reads!r}, not {language!r}; its entities would be guesses.")
    if not has_recogniser(model):
        raise WrongUse(f"{without_recogniser(model)}; name another with --language {language}=NAME.")
    return language, model


def without_recogniser(model: str) -> str:
    """What is wrong with a model that finds no names."""
    return f"The model {model} has no named-entity recogniser ('ner')"


# spaCy's models of many languages, and those of Norwegian, which a detector of languages takes for one.
MANY_LANGUAGES = "xx"
ALSO_READ_BY = {"no": ("nb", "nn")}


def checked_model(name: str) -> str:
    """The name of an installed model that finds names; raises WrongUse for another, before any work is done."""
    try:
        model_folder(name)
    except NewsmillError as error:
        raise WrongUse(str(error)) from error
    if not has_recogniser(name):
        raise WrongUse(f"{without_recogniser(name)}; name another with --model.")
    return name


def warehouse_folder(flag: str | Path | None = None) -> Path:
    """The warehouse that a flag, the environment or the default names."""
    return Path(flag or os.environ.get("NEWSMILL_WAREHOUSE") or DEFAULT_WAREHOUSE)


def whole_number(flag: int | None, variable: str, default: int) -> int:
    """A number above zero from a flag, a variable or the default; raises WrongUse otherwise."""
    text = str(flag) if flag is not None else os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        name = variable if flag is None else variable.removeprefix("NEWSMILL_").lower().replace("_", "-")
        raise WrongUse(f"{name} takes a whole number above zero, not {text}.")
    return int(text)
