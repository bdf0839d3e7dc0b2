"""What is expensive to make: the gazetteer, the model, an enricher; once for all tests."""

import pytest
from spacy.language import Language

from tasks.enrichment.enricher import Enricher, EnrichmentSettings, load_enricher
from tasks.enrichment.gazetteer.build import gazetteer_path
from tasks.enrichment.gazetteer.lookup import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer(gazetteer_path(EnrichmentSettings()))


@pytest.fixture(scope="session")
def enricher() -> Enricher:
    return load_enricher(EnrichmentSettings())


@pytest.fixture
def ruled_nlp() -> Language:
    """A blank pipeline that finds what rules say, as a model would."""
    import spacy

    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    places = ["Kyiv", "Paris", "Texas", "Moscow"]
    patterns = [("GPE", place) for place in places] + [("PERSON", "Kaja Kallas"), ("PERSON", "Kallas"), ("ORG", "NATO")]
    ruler.add_patterns([{"label": label, "pattern": pattern} for label, pattern in patterns])  # type: ignore[attr-defined]
    return nlp
