"""What the words between two place names say."""

import pytest

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.resolution.containment import find_containments, find_lists
from tasks.enrichment.resolution.senses import load_senses
from tests.enrichment.marked import read_marked


@pytest.mark.parametrize(
    ("marked", "inner_and_outer"),
    [
        ("[Paris], [Texas]", ("Paris", "Texas")),
        ("[Paris] ([Texas])", ("Paris", "Texas")),
        ("[Paris] in [Texas]", ("Paris", "Texas")),
        ("[Ashford], a market town in [Kent]", ("Ashford", "Kent")),
        ("the [Kent] town of [Ashford]", ("Ashford", "Kent")),
        ("[Texas]'s [Paris]", ("Paris", "Texas")),
        ("[Paris] and [Texas]", None),
        ("[Paris] beat [Texas]", None),
        ("[Benin], [Nigeria]", None),
        ("[Oklahoma], [Pennsylvania] and [Ohio]", None),
    ],
)
def test_words_between_two_names_say_what_lies_where(
    marked: str, inner_and_outer: tuple[str, str] | None, gazetteer: Gazetteer
) -> None:
    text, marks = read_marked(marked)
    spans = [(start, end) for start, end, _ in marks]
    surfaces = [text[start:end] for start, end in spans]
    found = list(find_containments(text, spans, [load_senses(gazetteer, surface) for surface in surfaces]))
    assert [(surfaces[one.inner], surfaces[one.outer]) for one in found] == (
        [inner_and_outer] if inner_and_outer else []
    )


def test_lists_are_joined_by_commas_and_conjunctions() -> None:
    text, marks = read_marked("[Ohio], [Iowa], and [Utah]; [Maine] or the [Bronx] beside [Texas]")
    assert list(find_lists(text, [(start, end) for start, end, _ in marks])) == [(0, 1), (1, 2), (3, 4)]
