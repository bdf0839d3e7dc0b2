"""The settings of the enrichment: hashable and picklable, so that they can key a cache and travel to a worker."""

from dataclasses import dataclass, field
from typing import Annotated

from tasks.aliases.files import load_shipped

DEFAULT_MODEL = "en_core_web_md"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichmentSettings:
    """Which models and which gazetteer derive the mentions."""

    model: Annotated[str, "Name or folder of an installed spaCy pipeline; its language is the default one."] = (
        DEFAULT_MODEL
    )
    languages: Annotated[tuple[tuple[str, str], ...], "More languages: pairs of ISO 639-1 code and pipeline."] = ()
    apart: Annotated[tuple[tuple[str, str], ...], "Keys of names that no rule joins in an article, in pairs."] = field(
        default_factory=lambda: load_shipped().pairs_apart()
    )
    gazetteer: Annotated[str | None, "Path of a compiled gazetteer; None: NEWSMILL_GAZETTEER, else built once."] = None
    stock_ner: Annotated[bool, "Whether spaCy's own code runs every model; the entities are the same."] = False

    @property
    def all_models(self) -> tuple[str, ...]:
        """Every model, the default one first."""
        return (self.model, *(model for _, model in self.languages))
