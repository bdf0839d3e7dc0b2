"""What goes to the model and what comes back, with a pipeline that marks by rule."""

import time

import pytest
import spacy

from tasks.enrichment.recognition import entities
from tasks.enrichment.recognition.entities import blank_signs, cut, find_entities


def marker() -> spacy.language.Language:
    """A pipeline that knows one name."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Leeds"}])  # type: ignore[attr-defined]
    return nlp


def test_a_long_text_is_marked_at_the_places_of_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities, "PIECE_CHARS", 40)
    text = "\n".join(["Rain fell on Leeds again."] * 9)
    (spans,) = find_entities([text], marker())
    assert [text[span.start : span.end] for span in spans] == ["Leeds"] * 9


def test_every_text_has_its_answer_whatever_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities, "PIECE_CHARS", 10)
    answers = list(find_entities(["", "Leeds", "x" * 35, "In Leeds, then Leeds."], marker()))
    assert [len(spans) for spans in answers] == [0, 1, 0, 2]


def test_pieces_make_up_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities, "PIECE_CHARS", 7)
    for text in ("", "one two three", "x" * 30, "a\n" * 20, " " * 15):
        assert "".join(piece for _, piece in cut(text)) == text
        assert all(text[start:].startswith(piece) for start, piece in cut(text))


@pytest.mark.parametrize("unit", ["'s", "\u2019s", "_", "(", "A", "1", "a-", "http://a.b/"])
def test_no_token_is_too_long_for_the_tokenizer(unit: str) -> None:
    text = f"In Leeds, then Paris{unit * (20_000 // len(unit))} Leeds."
    start = time.process_time()
    (spans,) = find_entities([text], marker())
    assert time.process_time() - start < 2.0
    assert [text[span.start : span.end] for span in spans] == ["Leeds", "Leeds"]


def test_words_without_spaces_are_left_where_they_stand() -> None:
    assert blank_signs("Paris,Leeds;" * 30) == "Paris Leeds " * 30
    assert blank_signs("\u4e2d\u56fd\u3002" * 100) == "\u4e2d\u56fd\u3002" * 100
