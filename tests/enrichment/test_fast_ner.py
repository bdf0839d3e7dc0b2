"""The recogniser computed anew marks what spaCy's own code marks, and gives way to it wherever it does not."""

import random
import warnings
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.attrs import IDX, LENGTH, NORM, ORTH
from spacy.language import Language
from threadpoolctl import threadpool_info

from benchmarks.gold_set import SEEDS, UNSEEN, load_gold
from tasks.enrichment.fast_ner.choosing import (
    checked,
    find_difference,
    load_recogniser,
    reason_against,
)
from tasks.enrichment.fast_ner.pieces import Pieces
from tasks.enrichment.fast_ner.pipeline import Entity, FastPipeline, Recogniser
from tasks.enrichment.fast_ner.scissors import load_scissors
from tasks.enrichment.fast_ner.stock import StockPipeline
from tasks.enrichment.models import load_model

pytestmark = pytest.mark.model

MODELS = ["en_core_web_sm", "en_core_web_md"]


@pytest.fixture(scope="module", params=MODELS)
def pair(request: pytest.FixtureRequest) -> tuple[Language, FastPipeline]:
    """SpaCy's own code and ours, of the same model, each loaded by itself."""
    fast = load_recogniser(request.param)
    assert isinstance(fast, FastPipeline)
    return load_model(request.param), fast


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_model("en_core_web_sm")


def of_spacy(nlp: Language, texts: list[str]) -> list[list[tuple[int, int, str]]]:
    return [[(span.start_char, span.end_char, span.label_) for span in doc.ents] for doc in nlp.pipe(texts)]


def of_ours(fast: FastPipeline, texts: list[str]) -> list[list[Entity]]:
    return [list(marked.ents) for marked, _ in fast.pipe((text, None) for text in texts)]


def news() -> list[str]:
    return [text.text for text in chain(load_gold(SEEDS), load_gold(UNSEEN))]


def test_all_news_of_the_project_has_the_same_entities(pair: tuple[Language, FastPipeline]) -> None:
    nlp, fast = pair
    texts = news()
    expected = of_spacy(nlp, texts)
    assert sum(map(len, expected)) > 1_500
    assert of_ours(fast, texts) == expected


DAMAGES: list[Callable[[str], str]] = [
    str.upper,
    str.title,
    str.lower,
    lambda line: line.replace(" ", "  "),
    lambda line: line.replace(" ", " \n"),
    lambda line: line.replace(" ", "\n "),
    lambda line: line.replace(" ", "\u00a0"),
    lambda line: line.replace(" ", ""),
    lambda line: line.replace(". ", " :-) '' ("),
    lambda line: line.replace(" the ", " 'the' ").replace(", ", " ) ) "),
    lambda line: f" \t{line[::-1]}\r\n",
    lambda line: line.encode().decode("latin-1"),
]


def test_damaged_lines_have_the_same_entities(pair: tuple[Language, FastPipeline]) -> None:
    nlp, fast = pair
    chance = random.Random(7)
    lines = [line for text in news() for line in text.split("\n") if line]
    texts = [chance.choice(DAMAGES)(chance.choice(lines)) for _ in range(250)]
    assert of_ours(fast, texts) == of_spacy(nlp, texts)


def test_a_text_alone_and_among_others_has_the_same_entities(pair: tuple[Language, FastPipeline]) -> None:
    _, fast = pair
    texts = news()[:20]
    together = of_ours(fast, texts)
    assert [of_ours(fast, [text])[0] for text in texts] == together
    assert of_ours(fast, texts[::-1])[::-1] == together


def test_texts_without_a_token_have_no_entities(pair: tuple[Language, FastPipeline]) -> None:
    _, fast = pair
    assert of_ours(fast, []) == []
    assert of_ours(fast, ["", ""]) == [[], []]
    assert [len(found) for found in of_ours(fast, ["", "Angela Merkel is in Berlin.", ""])] == [0, 2, 0]


SIGNS = st.sampled_from(
    ["'", "''", "(", ")", ":", ":)", ":-)", ".", "...", ";", "*", "-", "_", "\n", "\t", " ", "\u00a0"]
)
WORDS = st.sampled_from(
    ["it's", "cannot", "10a.m.", "U.S.", "Mar.", "doin'", "C++", "8)", "said", "x", "é", "語", "<33"]
)


@given(st.lists(st.one_of(SIGNS, WORDS, st.just(" "), st.just(" ")), max_size=30).map("".join))
@settings(deadline=None, max_examples=300)
def test_tokens_are_those_of_the_tokenizer(nlp: Language, text: str) -> None:
    pieces = make_pieces(nlp)
    tokens = pieces.read([text, "before", text])
    expected = nlp.tokenizer(text).to_array([IDX, LENGTH]).reshape(-1, 2).astype(int)
    for found in (slice(0, len(expected)), slice(len(tokens.starts) - len(expected), None)):
        assert tokens.starts[found].tolist() == expected[:, 0].tolist()
        assert tokens.ends[found].tolist() == expected.sum(axis=1).tolist()


@pytest.fixture(scope="module")
def pieces(nlp: Language) -> Pieces:
    return make_pieces(nlp, most_pieces=50)


def make_pieces(nlp: Language, **limits: int) -> Pieces:
    """Pieces whose embeddings are the two numbers that make a type."""

    def embed(texts: np.ndarray, features: np.ndarray) -> np.ndarray:
        return np.column_stack([texts, features[:, 0]]) if len(texts) else np.empty((0, 2), np.uint64)

    return Pieces(nlp, ["NORM"], embed, **limits)


@pytest.mark.parametrize("limits", [{"most_pieces": 5}, {"most_words": 1}], ids=["pieces", "words"])
def test_what_is_forgotten_is_learned_again(nlp: Language, limits: dict[str, int]) -> None:
    pieces = make_pieces(nlp, **limits)
    for line in chain.from_iterable(text.split("\n") for text in news()[:10] * 2):
        types = pieces.read([line]).types
        expected = nlp.tokenizer(line).to_array([ORTH, NORM]).reshape(-1, 2)
        assert pieces.embeddings[types].tolist() == expected.tolist()


def test_words_beyond_the_limit_are_not_kept(nlp: Language) -> None:
    pieces = make_pieces(nlp, most_words=len(nlp.vocab))
    made = [f"Qzx{number}wv" for number in range(500)]
    pieces.read(made[:10])
    pieces.read(made[10:])
    assert [word in nlp.vocab.strings for word in made] == [True] * 10 + [False] * 490


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("Talks in Paris", ["Talks", "in", "Paris"], id="words"),
        pytest.param("one  two three", ["one  two", "three"], id="two spaces"),
        pytest.param(" one two\n", [" one", "two\n"], id="white space at the ends"),
        pytest.param("'' ''Explore it", ["'' ''Explore", "it"], id="two tokens of one special case"),
        pytest.param("so :) :) now", ["so", ":) :)", "now"], id="emoticons"),
        pytest.param("said 'we are", ["said", "'we", "are"], id="a quotation"),
        pytest.param("", [""], id="nothing"),
    ],
)
def test_a_text_is_cut_where_no_token_can_be_hurt(nlp: Language, text: str, pieces: list[str]) -> None:
    assert load_scissors(nlp.tokenizer).cut(text) == pieces
    assert " ".join(pieces) == text


def test_matrix_products_stay_in_one_thread() -> None:
    load_recogniser("en_core_web_sm")
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}


def test_spacys_own_code_can_be_asked_for() -> None:
    assert isinstance(load_recogniser("en_core_web_sm", stock=True), StockPipeline)


def test_spacys_own_code_forgets_words_beyond_the_limit_and_finds_the_same() -> None:
    texts = [f"{text} Qzx{number}wv" for number, text in enumerate(news()[:40])]
    expected = of_spacy(load_model("en_core_web_sm"), texts)
    nlp = load_model("en_core_web_sm")
    bounded = StockPipeline(nlp, most_words=len(nlp.vocab))
    found = [list(marked.ents) for marked, _ in bounded.pipe(((text, None) for text in texts), batch_size=10)]
    assert found == expected
    assert [f"Qzx{number}wv" in nlp.vocab.strings for number in range(40)] == [True] * 10 + [False] * 30


@pytest.fixture
def other_architecture(tmp_path: Path) -> Path:
    """A pipeline whose recogniser embeds tokens in another way."""
    nlp = spacy.blank("en")
    recogniser = nlp.add_pipe("ner")
    recogniser.add_label("GPE")  # type: ignore[attr-defined]
    nlp.initialize()
    nlp.to_disk(tmp_path / "other")
    return tmp_path / "other"


def test_another_architecture_is_left_to_spacy_without_a_word(other_architecture: Path) -> None:
    assert reason_against(load_model(str(other_architecture))) == "embeds tokens in another way"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(load_recogniser(str(other_architecture)), StockPipeline)


def spacys_own(recogniser: Recogniser) -> Language:
    """The pipeline that spaCy's own code runs."""
    assert isinstance(recogniser, StockPipeline)
    return recogniser.nlp


def test_the_recogniser_of_another_model_is_found_out() -> None:
    small, medium = map(load_model, MODELS)
    assert find_difference(small, FastPipeline(small)) is None
    assert find_difference(medium, FastPipeline(small)) is not None


def test_code_that_differs_gives_way_with_a_warning() -> None:
    small, medium = map(load_model, MODELS)
    with pytest.warns(RuntimeWarning, match="several times slower.*marks '.*' differently"):
        assert spacys_own(checked(medium, lambda _: FastPipeline(small), "medium")) is medium


def test_code_that_breaks_gives_way_with_a_warning(other_architecture: Path) -> None:
    other = load_model(str(other_architecture))
    with pytest.warns(RuntimeWarning, match="differs .KeyError"):
        assert spacys_own(checked(other, FastPipeline, "other")) is other
