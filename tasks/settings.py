"""What a run needs to know: folders, model, limits. Flags come first, then NEWSMILL_* variables, then defaults."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from schemas.errors import WrongUse
from tasks.enrichment.settings import DEFAULT_MODEL, EnrichmentSettings
from tasks.identity.settings import WINDOW_DAYS
from tasks.reading.settings import ReadingSettings

DEFAULT_INPUT = "seeds/raw"
DEFAULT_WAREHOUSE = "warehouse/data"

# Some hundred articles are half a minute of model work: orchestration then costs under one per cent.
BATCH_FILES = 400

# A batch never carries more bytes than this: memory is bounded by the batch, not by the folder.
BATCH_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one run; hashable and picklable."""

    input_folder: Path = Path(DEFAULT_INPUT)
    warehouse: Path = Path(DEFAULT_WAREHOUSE)
    workers: Annotated[int, "Processes that read and enrich."] = 1
    batch_files: Annotated[int, "Files a batch."] = BATCH_FILES
    batch_bytes: Annotated[int, "Bytes a batch."] = BATCH_BYTES
    window_days: Annotated[int, "Near-duplicates are looked for so many days before and after."] = WINDOW_DAYS
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    enrichment: EnrichmentSettings = field(default_factory=EnrichmentSettings)


def load_settings(
    *,
    input_folder: str | Path | None = None,
    warehouse: str | Path | None = None,
    workers: int | None = None,
    batch_files: int | None = None,
    model: str | None = None,
) -> Settings:
    """Settings from flags (None: not given), the environment and defaults; raises WrongUse on a bad number."""
    return Settings(
        input_folder=Path(input_folder or os.environ.get("NEWSMILL_INPUT") or DEFAULT_INPUT),
        warehouse=warehouse_folder(warehouse),
        workers=whole_number(workers, "NEWSMILL_WORKERS", os.cpu_count() or 1),
        batch_files=whole_number(batch_files, "NEWSMILL_BATCH_SIZE", BATCH_FILES),
        window_days=whole_number(None, "NEWSMILL_DUPLICATE_WINDOW_DAYS", WINDOW_DAYS),
        enrichment=EnrichmentSettings(model=model or os.environ.get("NEWSMILL_MODEL") or DEFAULT_MODEL),
    )


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
