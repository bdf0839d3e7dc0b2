"""An article goes to the model of its language, or to none; a model that is added renews what waited for it."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tasks.ingestion.backfilling import checked_range, run_backfill
from tasks.ingestion.preparing import prepare_here
from tasks.settings import load_settings
from tests.ingestion.mill import Mill, block, words

pytestmark = pytest.mark.model

STATUSES = "SELECT language, enrichment_status, entity_count > 0 FROM articles ORDER BY language"
# Names that the English model finds in any text: in a German article they show whether it was asked.
GERMAN = block("Merkel reist nach Leeds", f"{words(1)} Angela Merkel sprach in Leeds mit Boris Johnson. {words(2)}")
ENGLISH = block(
    "Merkel meets Johnson in London",
    "Angela Merkel met Boris Johnson in London on Monday. The two spoke about trade between Germany and Britain.",
)
TOWNS = ("Leeds", "Hamburg", "Berlin", "York", "Bremen", "Paris")


@pytest.fixture(scope="module")
def german_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A real pipeline with an entity recogniser, taught in seconds that towns are places."""
    import spacy
    from spacy.training import Example
    from thinc.api import fix_random_seed

    fix_random_seed(1)
    nlp = spacy.blank("de", meta={"name": "towns", "version": "0.0.1"})
    recogniser: Any = nlp.add_pipe("ner")
    recogniser.add_label("LOC")
    texts = [(f"{words(n, 6)} in {town} {words(n + 9, 4)}", town) for n, town in enumerate(TOWNS * 4)]
    examples = [example_of(Example, nlp, text, town) for text, town in texts]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(40):
        random.Random(1).shuffle(examples)
        nlp.update(examples, sgd=optimizer)
    folder = tmp_path_factory.mktemp("model") / "de_towns"
    nlp.to_disk(folder)
    return str(folder)


def example_of(example: Any, nlp: Any, text: str, town: str) -> Any:
    at = text.index(town)
    return example.from_dict(nlp.make_doc(text), {"entities": [(at, at + len(town), "LOC")]})


@pytest.fixture
def two_languages(mill: Mill) -> Mill:
    """A German and an English article, taken in with an English model alone."""
    mill.put("de.txt", GERMAN)
    mill.put("en.txt", ENGLISH)
    mill.ingest()
    return mill


def with_german(mill: Mill, model: str) -> Any:
    languages = load_settings(languages=[f"de={model}"]).enrichment.languages
    return replace(mill.settings, enrichment=replace(mill.settings.enrichment, languages=languages))


def test_an_article_without_a_model_is_kept_whole_and_shown_to_none(two_languages: Mill) -> None:
    assert two_languages.rows(STATUSES) == [("de", "no_model", False), ("en", "done", True)]
    assert two_languages.column("SELECT text LIKE '%Boris Johnson%' FROM articles WHERE language = 'de'") == [True]
    assert two_languages.column(
        "SELECT count(*) FROM entities JOIN articles USING (article_id, version_no) WHERE language = 'de'"
    ) == [0]
    assert two_languages.rows("SELECT languages_without_model FROM enrichment_coverage") == [({"de": 1},)]
    assert two_languages.broken() == []


def test_a_model_that_is_added_renews_what_waited_for_it(two_languages: Mill, german_model: str) -> None:
    settings = with_german(two_languages, german_model)
    wanted = checked_range(date(2025, 12, 1), date(2025, 12, 31), "enrich", stale=True)
    run_backfill(settings, wanted, prepare_here)
    assert two_languages.rows(STATUSES) == [("de", "done", True), ("en", "done", True)]
    found = two_languages.column(
        "SELECT DISTINCT surface FROM entities JOIN articles USING (article_id, version_no) WHERE language = 'de'"
    )
    assert "Leeds" in found
    assert two_languages.rows("SELECT languages_without_model FROM enrichment_coverage") == [(None,)]
    assert run_backfill(settings, wanted, prepare_here).articles_in_range == 0
    assert two_languages.broken() == []


def test_an_ingest_gives_each_article_to_the_model_of_its_language(mill: Mill, german_model: str) -> None:
    mill.put("de.txt", GERMAN)
    mill.put("en.txt", ENGLISH)
    mill.ingest(enrichment=with_german(mill, german_model).enrichment)
    assert mill.rows(STATUSES) == [("de", "done", True), ("en", "done", True)]
    labels = "SELECT DISTINCT label FROM entities JOIN articles USING (article_id, version_no) WHERE language = 'de'"
    # The German model knows places alone, rules add people named in full: the English one would see organisations.
    assert set(mill.column(labels)) == {"LOC", "PERSON"}
    assert mill.broken() == []


def test_the_place_of_an_agencys_dateline_is_found_and_the_agency_is_not(mill: Mill) -> None:
    body = "MOMBASA, Kenya (Reuters) - The bridge was shut on Monday after the rain, the county said in a statement."
    mill.put("a.txt", block("Bridge closed after rain", body))
    mill.ingest()
    assert mill.column("SELECT surface FROM locations ORDER BY start_char") == ["MOMBASA", "Kenya"]
    assert mill.column("SELECT surface FROM entities WHERE surface = 'Reuters'") == []
