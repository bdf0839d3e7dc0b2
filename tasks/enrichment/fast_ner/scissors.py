"""Where a text may be cut without changing its tokens."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

# One space with something on both sides: a run of white space is a token, and stays in one piece.
JOINT = re.compile(r"(?<=\S) (?=\S)")
ODD_SPACE = re.compile(r"^\s|\s\s|\s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scissors:
    """Cuts texts for one tokenizer; a match of `hindrances` ends with a space that must not be cut at."""

    hindrances: tuple[re.Pattern[str], ...]

    def cut(self, text: str) -> list[str]:
        """The pieces of a text, with one space between each two."""
        whole = {match.end() - 1 for hindrance in self.hindrances for match in hindrance.finditer(text)}
        if not whole:
            return JOINT.split(text) if ODD_SPACE.search(text) else text.split(" ")
        ends = [place for place in (joint.start() for joint in JOINT.finditer(text)) if place not in whole]
        return [text[start:end] for start, end in zip([0, *(end + 1 for end in ends)], [*ends, None], strict=True)]


def load_scissors(tokenizer: "Tokenizer") -> Scissors:
    """The scissors for a tokenizer and its special cases.

    A special case of several tokens, such as an emoticon, is looked for in the tokens of the whole text, spaces or not.
    One found across a space changes nothing itself and hides shorter ones that it overlaps. So no text is cut between
    two tokens that follow each other in a special case.
    """
    meetings = sorted(find_meetings(tokenizer))
    # A space before a sign or behind one is rare: each expression begins with that, and the rest costs nothing.
    before_signs = [f"(?<={ends_with(left)} ){re.escape(right)}" for left, right in meetings if not right[0].isalnum()]
    signs = "".join(sorted({re.escape(right[0]) for _, right in meetings if not right[0].isalnum()}))
    after_signs = [
        rf"{re.escape(left[-1])} (?={re.escape(right)}(?!\w))" for left, right in meetings if right[0].isalnum()
    ]
    return Scissors(
        hindrances=(
            *([re.compile(f" (?=[{signs}])(?={'|'.join(before_signs)})")] if before_signs else []),
            *([re.compile("|".join(after_signs))] if after_signs else []),
        )
    )


def ends_with(token: str) -> str:
    """An expression for the end of a text whose last token this is."""
    return (r"(?<!\w)" if token[0].isalnum() else "") + re.escape(token)


def find_meetings(tokenizer: "Tokenizer") -> set[tuple[str, str]]:
    """Tokens that follow each other in a special case, as it is split without being one."""
    from spacy.tokenizer import Tokenizer

    plain = Tokenizer(
        tokenizer.vocab,
        rules={},
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
    )
    return {pair for case in tokenizer.rules or {} for pair in pairwise(token.text for token in plain(case))}
