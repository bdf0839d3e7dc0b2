"""What the language model marks in a text, whichever code runs it."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from tasks.enrichment.recognition.known_words import words_of
from tasks.enrichment.recognition.spans import NAMED_LABELS, Span, clean_spans, shift_spans

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.enrichment.fast_ner.pipeline import Marked, Recogniser

# Of spaCy's code 8 to 32 texts a batch cost the same, 1,000 took 26 % more CPU and 2.3 GB (en_core_web_md, news); of
# ours 16 to 64 cost the same.
BATCH_SIZE = 32


# Unspaced runs of signs: the tokenizer takes time in their square (10,000 brackets: 16 s), and they name nothing.
LEAST_SIGNS = 30
SIGNS = re.compile(rf"[^\w\s]{{{LEAST_SIGNS},}}")
# "Paris's's's", "_____": of 20,000 characters the tokenizer took 40 and 80 s. Latin script only: Chinese has no spaces.
LONG_TOKEN = re.compile(r"[!-\u024f\u2010-\u203a]{200,}")
# White space too, but of the signs that a long token may have.
SPACES_IN_TOKENS = "\x85\xa0\u2028\u2029\u202f"
SIGN_IN_TOKEN = re.compile(r"[\W_]")
LONG_WORD = re.compile(r"[^\W_]{200,}")


# The model's memory grows with its longest text: 5 MB in one piece took gigabytes and several times as long. No article
# of a newspaper is as long as this, so almost nothing is ever cut.
PIECE_CHARS = 50_000


def find_entities(texts: Iterable[str], nlp: "Recogniser") -> Iterator[list[Span]]:
    """For each text its named entities, cleaned, in order of position."""
    # The piece goes along, because a document puts its text together anew whenever it is asked: a third of all the time
    # that the rules take.
    pieces = (
        (piece, (number, start, piece)) for number, text in enumerate(texts) for start, piece in cut(blank_signs(text))
    )
    marked = nlp.pipe(pieces, as_tuples=True, batch_size=BATCH_SIZE)
    for _, of_text in groupby(marked, key=lambda answer: answer[1][0]):
        yield [
            span for doc, (_, start, piece) in of_text for span in shift_spans(clean_spans(piece, spans_of(doc)), start)
        ]


def spans_of(doc: "Doc | Marked") -> list[Span]:
    """The names that the model marked in one piece."""
    return [
        Span(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents if entity.label_ in NAMED_LABELS
    ]


def cut(text: str) -> Iterator[tuple[int, str]]:
    """A text in pieces with their starts, cut after a line, else after a space, else anywhere; an empty text is one."""
    start = 0
    while len(text) - start > PIECE_CHARS:
        limit = start + PIECE_CHARS
        end = max(text.rfind("\n", start, limit), 0) or max(text.rfind(" ", start, limit), 0) or limit - 1
        yield start, text[start : end + 1]
        start = end + 1
    yield start, text[start:]


def blank_signs(text: str) -> str:
    """The text with spaces in place of long runs of signs and of all signs in endless tokens; no letter moves."""
    if not has_long_tokens(text):
        return text
    return LONG_TOKEN.sub(lambda token: without_signs(token[0]), SIGNS.sub(blanks, text))


def has_long_tokens(text: str) -> bool:
    """Whether anything stands unspaced for long: a look at the words costs a third of the patterns."""
    return (
        any(space in text for space in SPACES_IN_TOKENS) or max(map(len, words_of(text).told), default=0) >= LEAST_SIGNS
    )


def without_signs(token: str) -> str:
    """The words of a token that is too long for one, with spaces between."""
    return LONG_WORD.sub(blanks, SIGN_IN_TOKEN.sub(" ", token))


def blanks(run: re.Match[str]) -> str:
    """As many spaces."""
    return " " * len(run[0])
