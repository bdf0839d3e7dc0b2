"""Parameters that the flows of newsmill share, as Prefect's pages show them and its server checks them."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Described:
    """What a parameter is, for whoever fills in the form of a run, and the pattern of its text if it has one.

    Prefect takes descriptions from the flow's docstring alone and drops those of `Field`, but it leaves the type's own
    schema as it is.
    """

    text: str
    pattern: str | None = None

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema of the type with what is said here."""
        said = {"description": self.text} | ({"pattern": self.pattern} if self.pattern else {})
        return {**handler(core), **said}


# Text that names something, in which nothing would be a slip.
Name = Annotated[str, Field(min_length=1)]

# The server checks a run that is asked for by pattern, not by `format`, and would take "yesterday".
DAY = r"^\d{4}-\d{2}-\d{2}"

Start = Annotated[date, Described("First day of publication, 2025-12-01.", DAY)]
End = Annotated[date, Described("Last day of publication, included, 2025-12-31.", DAY)]
Stage = Annotated[
    Literal["parse", "enrich"], Described("parse: everything, from the raw bytes; enrich: names and places only.")
]
DryRun = Annotated[bool, Described("Change nothing, only say what would change.")]
Stale = Annotated[bool, Described("Only articles that an older pipeline derived.")]

InputFolder = Annotated[Name, Described("Folder of raw dumps, where the run works; it is never changed.")]
Warehouse = Annotated[Name, Described("Folder of the warehouse, where the run works; an ingest makes it when missing.")]
Output = Annotated[Name, Described("File to write, where the run works.")]
Workers = Annotated[
    Annotated[int, Field(ge=1)] | None, Described("Processes that prepare batches; none: one per processor.")
]
BatchSize = Annotated[
    Annotated[int, Field(ge=1)] | None, Described("Files a batch; none: 400, with the runner pool 4,000.")
]
Model = Annotated[Name | None, Described("Installed spaCy pipeline; none: en_core_web_md.")]
Languages = Annotated[
    list[Annotated[str, Field(pattern=r"^\s*[A-Za-z]{2}\s*=\s*\S")]] | None,
    Described("More languages and their pipelines, each as fr=fr_core_news_sm."),
]
DayFirst = Annotated[
    bool | None, Described("True reads 03/04/2025 as 3 April, false as March 4; none refuses such dates.")
]
Encoding = Annotated[Name | None, Described("Encoding of files that are not Unicode, as cp1250; none: found out.")]
Runner = Annotated[
    Literal["processes", "dask", "pool"] | None,
    Described("Who prepares batches: processes here, Dask, or the workers of a work pool; none: processes."),
]
DaskAddress = Annotated[
    Name | None, Described("Scheduler of a Dask cluster, tcp://desk:8786; none: a cluster of processes here.")
]
Pool = Annotated[Name | None, Described("Work pool of the runner pool; none: newsmill.")]
