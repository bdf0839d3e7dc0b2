"""Parameters that the flows of newsmill share, as Prefect's pages show them."""

from typing import Annotated, Literal

from pydantic import Field

Warehouse = Annotated[str, Field(description="Folder of the warehouse; an ingest makes it when missing.")]
Workers = Annotated[int | None, Field(description="Processes; none: one per processor.", ge=1)]
BatchSize = Annotated[int | None, Field(description="Files a batch; none: some hundred.", ge=1)]
Model = Annotated[str | None, Field(description="Installed spaCy pipeline; none: en_core_web_md.")]
Languages = Annotated[list[str] | None, Field(description="More languages and their pipelines, as de=de_core_news_md.")]
DayFirst = Annotated[
    bool | None, Field(description="Read 03/04/2025 as 3 April, or as March 4; none: refuse such dates.")
]
Encoding = Annotated[
    str | None, Field(description="Encoding of files that are not Unicode, as cp1250; none: found out.")
]
Runner = Annotated[
    Literal["processes", "dask", "pool"] | None, Field(description="Who prepares batches; none: processes.")
]
DaskAddress = Annotated[
    str | None, Field(description="Scheduler of a Dask cluster, tcp://…; none: a cluster of processes here.")
]
Pool = Annotated[str | None, Field(description="Work pool of the runner pool; none: newsmill.")]
