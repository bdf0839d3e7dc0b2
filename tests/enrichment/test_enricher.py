"""The room's one door: documents in, mentions out."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from schemas.reasons import Level, Role, Section
from tasks.enrichment.enricher import Document, Enricher, Enrichment
from tasks.enrichment.gazetteer.lookup import Gazetteer

ARTICLE = "Kyiv holds\nTalks in Paris failed\nKaja Kallas spoke in Moscow.\nKallas left for Kyiv."


@pytest.fixture
def ruled(ruled_nlp: Language, gazetteer: Gazetteer) -> Enricher:
    return Enricher({"en": ruled_nlp}, "en", gazetteer, "p1")


def enrich(enricher: Enricher, document: Document) -> Enrichment:
    (enrichment,) = enricher.enrich([document])
    return enrichment


def test_mentions_come_in_order_with_their_sections(ruled: Enricher) -> None:
    found = enrich(ruled, Document(text=ARTICLE, headline_length=10, standfirst_length=21))
    assert [(entity.surface, entity.section) for entity in found.entities] == [
        ("Kyiv", Section.HEADLINE),
        ("Paris", Section.STANDFIRST),
        ("Kaja Kallas", Section.BODY),
        ("Moscow", Section.BODY),
        ("Kallas", Section.BODY),
        ("Kyiv", Section.BODY),
    ]
    assert [place.surface for place in found.places] == ["Kyiv", "Paris", "Moscow", "Kyiv"]


def test_a_surname_carries_the_full_name(ruled: Enricher) -> None:
    found = enrich(ruled, Document(text=ARTICLE))
    people = [(entity.canonical_name, entity.canonical_method) for entity in found.entities if entity.label == "PERSON"]
    assert people == [("Kaja Kallas", "own_name"), ("Kaja Kallas", "surname")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("Prime Minister Kaja Kallas spoke", "Prime Minister", id="rank and office"),
        pytest.param("Estonian Prime Minister Dame Kaja Kallas", "Prime Minister Dame", id="the longest run"),
        pytest.param("the minister of Estonia, Kaja Kallas", None, id="not directly before"),
        pytest.param("Kaja Kallas spoke", None, id="none"),
    ],
)
def test_a_title_is_kept_beside_the_name(ruled: Enricher, text: str, title: str | None) -> None:
    found = enrich(ruled, Document(text=text))
    assert [(entity.surface, entity.title) for entity in found.entities if entity.label == "PERSON"] == [
        ("Kaja Kallas", title)
    ]


def test_a_resolved_place_has_every_column(ruled: Enricher) -> None:
    (place,) = enrich(ruled, Document(text="Kyiv holds", published_date=date(2025, 12, 1))).places
    assert (place.geonames_id, place.place_name, place.level, place.role) == (703448, "Kyiv", Level.CITY, Role.LITERAL)
    assert (place.feature_class, place.feature_code, place.country_code) == ("P", "PPLC", "UA")
    assert (place.admin1_code, place.admin1_name) == ("UA.12", "Kyiv")
    assert place.latitude_deg == pytest.approx(50.45, abs=0.01)
    assert place.longitude_deg == pytest.approx(30.52, abs=0.01)
    assert place.population is not None
    assert place.population > 2_000_000
    assert place.unresolved_reason is None


def test_context_is_evidence_but_not_text(ruled: Enricher) -> None:
    found = enrich(ruled, Document(text="Paris is dry", context="Texas news"))
    (place,) = found.places
    assert (place.start_char, place.end_char, place.surface) == (0, 5, "Paris")
    assert len(found.entities) == 1


def test_nothing_is_found_where_the_text_is_quiet_and_offsets_stay(ruled: Enricher) -> None:
    found = enrich(ruled, Document(text="Paris is dry.\nMoscow, Image\nKaja Kallas", quiet=((14, 27),)))
    assert [(mention.start_char, mention.surface) for mention in found.entities] == [(0, "Paris"), (28, "Kaja Kallas")]
    assert [place.surface for place in found.places] == ["Paris"]


def test_an_agency_tells_of_a_dateline_and_is_no_name(ruled: Enricher) -> None:
    text = "Bridge closed\nMOMBASA, Kenya (Reuters) - The bridge is shut."
    found = enrich(ruled, Document(text=text, headline_length=13, agencies=((30, 37),)))
    assert [place.surface for place in found.places] == ["MOMBASA", "Kenya"]
    assert "Reuters" not in {mention.surface for mention in found.entities}


def test_a_name_that_goes_on_behind_a_quiet_word_is_none(ruled_nlp: Language, gazetteer: Gazetteer) -> None:
    ruled_nlp.get_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [{"label": "ORG", "pattern": [{"TEXT": "Leeds"}, {"IS_SPACE": True}, {"TEXT": "Council"}]}]
    )
    enricher = Enricher({"en": ruled_nlp}, "en", gazetteer, "test")
    assert enrich(enricher, Document(text="Leeds theKremlin Council", quiet=((6, 16),))).entities == ()


def test_order_is_kept_across_languages(ruled_nlp: Language, gazetteer: Gazetteer) -> None:
    enricher = Enricher({"en": ruled_nlp, "de": ruled_nlp}, "en", gazetteer, "p1")
    languages = ["en", "de", None, "de", "fr"]
    texts = ["Kyiv", "Paris", "Moscow", "Texas", "NATO"]
    documents = [Document(text=text, language=language) for text, language in zip(texts, languages, strict=True)]
    assert [found.entities[0].surface for found in enricher.enrich(documents)] == texts


def test_no_documents_give_no_enrichments(ruled: Enricher) -> None:
    assert list(ruled.enrich([])) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\ufeff", "a" * 100_000, "Kyiv " * 3_000, "[" * 10_000])
def test_any_text_is_taken(text: str, ruled: Enricher) -> None:
    found = enrich(ruled, Document(text=text))
    assert all(text[entity.start_char : entity.end_char] == entity.surface for entity in found.entities)


WORDS = st.sampled_from(
    ["Kyiv", "Paris", "Texas", "Kallas", "NATO", "KYIV", "\n", ",", "\u2019s", "\u201c", "😀", "the", "(AP) -"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(words=st.lists(WORDS, max_size=30))
def test_a_mention_cuts_its_surface_and_no_span_comes_twice(words: list[str], ruled: Enricher) -> None:
    text = " ".join(words)
    found = enrich(ruled, Document(text=text))
    for mentions in (found.entities, found.places):
        spans = [(mention.start_char, mention.end_char) for mention in mentions]
        assert spans == sorted(set(spans))
        assert all(text[mention.start_char : mention.end_char] == mention.surface for mention in mentions)
        assert all("\n" not in mention.surface for mention in mentions)


@pytest.mark.model
def test_a_batch_gives_what_single_documents_give(enricher: Enricher) -> None:
    texts = [ARTICLE, "Paris, Texas, is dry.", "", "NATO could strike Russia, Moscow said.", "London, Ontario"] * 5
    documents = [Document(text=text) for text in texts]
    assert list(enricher.enrich(documents)) == [enrich(enricher, document) for document in documents]


@pytest.mark.model
def test_the_sample_dump_comes_out_well(enricher: Enricher, project: Path) -> None:
    (sample,) = [path for path in (project / "seeds" / "raw").rglob("*.txt") if "NATO could launch" in path.read_text()]
    found = enrich(enricher, Document(text=sample.read_text().strip()))
    names = {(entity.canonical_name, entity.label) for entity in found.entities}
    assert names >= {
        ("NATO", "ORG"),
        ("Vladimir Putin", "PERSON"),
        ("Kaja Kallas", "PERSON"),
        ("Rustem Umerov", "PERSON"),
        ("Steve Witkoff", "PERSON"),
        ("Antonio Costa", "PERSON"),
        ("European Union", "ORG"),
        ("United States", "GPE"),
    }
    places = {(place.surface, place.place_name, place.country_code, place.level) for place in found.places}
    assert places >= {
        ("Moscow", "Moscow", "RU", Level.CITY),
        ("Paris", "Paris", "FR", Level.CITY),
        ("Dnipro", "Dnipro", "UA", Level.CITY),
        ("Ukraine", "Ukraine", "UA", Level.COUNTRY),
        ("Russian", "Russia", "RU", Level.COUNTRY),
    }
    assert not {place.surface for place in found.places if place.place_name == "West"}
