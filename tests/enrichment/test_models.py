"""Models are found by name, and missed with a sentence."""

import pytest

from schemas.errors import NewsmillError
from tasks.enrichment.enricher import EnrichmentSettings, has_model, load_enricher
from tasks.enrichment.models import load_model, model_folder, model_language, model_version, recogniser_components


@pytest.mark.parametrize("name", ["en_core_web_md", "en_core_web_sm"])
def test_both_models_are_installed(name: str) -> None:
    assert (model_folder(name) / "config.cfg").is_file()
    assert model_language(name) == "en"
    assert model_version(name).endswith("-3.8.0")


@pytest.mark.parametrize("name", ["xx_not_installed", "no/such/folder", "", "../etc"])
def test_a_missing_model_is_named_in_a_sentence(name: str) -> None:
    with pytest.raises(NewsmillError, match="is not installed"):
        load_enricher(EnrichmentSettings(model=name))


def test_a_folder_is_a_model_too() -> None:
    folder = str(model_folder("en_core_web_sm"))
    assert model_version(folder) == model_version("en_core_web_sm")


def test_a_pipeline_without_a_recogniser_is_refused() -> None:
    with pytest.raises(NewsmillError, match="no named-entity recogniser"):
        recogniser_components({"nlp": {"pipeline": ["tagger"]}})


def test_shared_embeddings_are_kept_only_when_the_recogniser_listens() -> None:
    listening = {"model": {"tok2vec": {"@architectures": "spacy.Tok2VecListener.v1"}}}
    alone = {"model": {"tok2vec": {"@architectures": "spacy.Tok2Vec.v2"}}}
    pipeline = {"pipeline": ["tok2vec", "ner"]}
    assert "tok2vec" in recogniser_components({"nlp": pipeline, "components": {"ner": listening}})
    assert recogniser_components({"nlp": pipeline, "components": {"ner": alone}}) == {"ner"}


@pytest.mark.model
def test_only_the_recogniser_is_loaded() -> None:
    nlp = load_model("en_core_web_sm")
    assert nlp.pipe_names == ["ner"]
    assert len(nlp.vocab.strings) < 5_000


def test_a_language_without_a_model_is_said_to_have_none() -> None:
    settings = EnrichmentSettings(languages=(("de", "en_core_web_sm"),))
    assert has_model("en", settings)
    assert has_model("de", settings)
    assert has_model(None, settings)
    assert not has_model("fr", settings)
