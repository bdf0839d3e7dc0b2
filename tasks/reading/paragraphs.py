"""Lines to paragraphs: undoing the line breaks of a fixed width and of hyphenation."""

import re
from itertools import groupby
from statistics import median

# Mail and old wire text is set to 60 to 80 characters a line.
MAX_WIDTH = 100
MIN_LINES = 4
# In text with a paragraph a line next to none begins in lower case; in wrapped text most do.
MIN_LOWER_CASE_SHARE = 0.3
# The lines of a table vary in length; wrapped ones fill their width.
MIN_FILL = 0.7

HYPHENATED = re.compile("[^\\W\\d_]{2}[-\N{HYPHEN}]$")
# "pre- and post-war": the hyphen stands for a part of the word.
SUSPENDED = re.compile(r"(?:and|or|to|und|oder|bzw|bis|et|ou|y|o|e|en|of)\b")


def find_paragraphs(lines: list[str]) -> tuple[list[str], bool]:
    """The paragraphs that cleaned lines make up, and whether hyphenated words were put together."""
    joined, hyphenated = join_hyphenated(lines)
    if is_wrapped(joined):
        groups = [list(group) for filled, group in groupby(joined, key=bool) if filled]
        return [paragraph for group in groups for paragraph in unwrapped(group)], hyphenated
    return [line for line in joined if line], hyphenated


def join_hyphenated(lines: list[str]) -> tuple[list[str], bool]:
    """A line that ends in a part of a word is joined with the next, which begins with the rest."""
    joined: list[list[str]] = []
    repaired = False
    for line in lines:
        if joined and line[:1].islower() and HYPHENATED.search(joined[-1][-1][-3:]) and not SUSPENDED.match(line):
            joined[-1][-1] = joined[-1][-1][:-1]
            joined[-1].append(line)
            repaired = True
        else:
            joined.append([line])
    return ["".join(parts) for parts in joined], repaired


def is_wrapped(lines: list[str]) -> bool:
    """Whether the lines fill a fixed width, none of them long, and many go on in lower case."""
    filled = [line for line in lines if line]
    widest = max(map(len, filled), default=0)
    if len(filled) < MIN_LINES or widest > MAX_WIDTH or median(map(len, filled)) < MIN_FILL * widest:
        return False
    return sum(line[0].islower() for line in filled) >= MIN_LOWER_CASE_SHARE * len(filled)


def unwrapped(lines: list[str]) -> list[str]:
    """Joins lines that no blank line parts; one that ends a sentence well before the margin ends a paragraph."""
    margin = 0.75 * median(map(len, lines))
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        paragraphs[-1].append(line)
        if len(line) < margin and line.endswith((".", "!", "?", '."', ".”", ":")):
            paragraphs.append([])
    return [" ".join(parts) for parts in paragraphs if parts]
