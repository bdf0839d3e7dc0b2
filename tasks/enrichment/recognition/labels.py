"""What a whole article says about the labels that a model gave sentence by sentence."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.recognition.clues import CHANGEABLE, WORD_OF_PERSON, Clues, read_clues
from tasks.enrichment.recognition.contexts import find_cue, find_team_cue, word_before
from tasks.enrichment.recognition.entities import PIECE_CHARS, cut
from tasks.enrichment.recognition.headlines import settle_capitals
from tasks.enrichment.recognition.known_words import Words, words_of
from tasks.enrichment.recognition.repeats import find_datelines, find_repeats, lay_over
from tasks.enrichment.recognition.shapes import reshape
from tasks.enrichment.recognition.spans import Span, shift_spans
from tasks.enrichment.recognition.teams import find_teams, is_sport
from tasks.enrichment.recognition.titles import is_part_of_title
from tasks.enrichment.reference import load_words

# Bare last names are what the model mistakes for companies most often.
FULL_NAME_VOTES = 3
# What stands beside a name is right more often than the model's label.
CUE_VOTES = 2

# What a team can be taken for.
TEAM_LABELS = frozenset(["GPE", "LOC", "FAC", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT"])

PLACE_PREPOSITIONS = frozenset(
    [
        *("in", "In", "at", "At", "near", "from", "From", "to", "of", "across", "for", "into", "outside", "through"),
        *("around", "between", "and", "the", "via", "toward", "towards"),
    ]
)
SENTENCE_ENDS = frozenset('\n.!?:"\u201c-\u2013\u2014*\u2022')

Ballots = Mapping[str, dict[str, int]]


def settle_labels(text: str, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The spans with labels that agree inside the article, and the repeats of their names that the model missed.

    Text longer than any article is settled in the pieces that the model reads: each name is looked for in all of one.
    """
    if len(text) <= PIECE_CHARS:
        return settle_piece(text, spans, gazetteer)
    settled: list[Span] = []
    for start, piece in cut(text):
        first = bisect_left(spans, (start,))
        inside = spans[first : bisect_left(spans, (start + len(piece),))]
        found = settle_piece(piece, shift_spans(inside, -start), gazetteer)
        settled += shift_spans([span for span in found if span.end <= len(piece)], start)
    return settled


def settle_piece(text: str, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The settled spans of one article; `spans` are in order and do not overlap."""
    words = words_of(text)
    shaped = reshape(text, spans, gazetteer)
    teams: frozenset[str] = frozenset()
    of_sport = is_sport(text)
    if of_sport:
        people = family_names(text, shaped)
        found = [team for team in find_teams(text, words, gazetteer) if text[team.start : team.end] not in people]
        shaped = lay_over(shaped, found)
        teams = frozenset(name_key(text[start:end]) for start, end, label in found if label == "ORG")
    settled = by_majority(text, shaped, words, gazetteer)
    if of_sport:
        settled = by_team(text, settled, teams, gazetteer)
    settled = settle_capitals(text, settled, words.told, gazetteer)
    datelines = list(find_datelines(text, gazetteer))
    if datelines:
        settled = lay_over(settled, datelines)
    repeats = list(find_repeats(text, settled, words))
    return sorted([*settled, *repeats]) if repeats else settled


def family_names(text: str, spans: Sequence[Span]) -> set[str]:
    """The last words of the people that are named in full: "Moss beat Lund" is no match of towns then."""
    people = (text[start:end] for start, end, label in spans if label == "PERSON")
    return {name.rsplit(" ", 1)[1] for name in people if " " in name}


def by_team(text: str, spans: Sequence[Span], teams: AbstractSet[str], gazetteer: Gazetteer) -> list[Span]:
    """In a report of sport a town or club that plays is an organisation wherever it is not said to be a place."""
    cues = [find_team_cue(text, start, end) if label in TEAM_LABELS else None for start, end, label in spans]
    clues = [read_clues(text[start:end], label, gazetteer) for start, end, label in spans]
    playing = set(teams)
    for clue, cue in zip(clues, cues, strict=True):
        ends_club = clue.last in load_words("club_end") and clue.last != clue.key
        if (cue == "ORG" or ends_club) and clue.known not in ("nation", "landmark") and clue.label != "NORP":
            playing.add(clue.key)
    settled: list[Span] = []
    for span, clue, cue in zip(spans, clues, cues, strict=True):
        may_play = span.label in TEAM_LABELS and cue != "GPE"
        is_playing = clue.key in playing or (clue.known == "place" and stands_beside_team(text, span, settled))
        settled.append(span._replace(label="ORG") if may_play and is_playing else span)
    return settled


def stands_beside_team(text: str, span: Span, before: Sequence[Span]) -> bool:
    """Whether a team and a comma or "and" come before: "leaders Tottenham and Liverpool"."""
    return bool(before) and before[-1].label == "ORG" and text[before[-1].end : span.start] in (" and ", ", ")


def by_majority(text: str, spans: Sequence[Span], words: Words, gazetteer: Gazetteer) -> list[Span]:
    """One name, one label: what the name itself says, else the one with most votes."""
    clues = [read_clues(text[start:end], label, gazetteer) for start, end, label in spans]
    ballots, surnames = count_votes(text, spans, clues)
    companies = {clue.key.split(" ", 1)[0] for clue in clues if clue.label == "ORG"}
    settled: list[Span] = []
    for span, clue in zip(spans, clues, strict=True):
        key, last, own, known, _ = clue
        is_surname = key in surnames
        if last == key and own is None and not is_surname and is_common_word(text, span, clue, words):
            continue
        if is_surname and span.label in CHANGEABLE and is_said_of_person(text, span, clue):
            label = "PERSON"
        else:
            label = own or elect(text, span, clue, ballots[key], surnames)
            if label == "PERSON" and known is None and not is_surname and key in companies:
                label = "ORG"
        settled.append(span if label == span.label else Span(span.start, span.end, label))
    return settled


def is_common_word(text: str, span: Span, clue: Clues, words: Words) -> bool:
    """Whether a single word is no name here: "Automakers" where a sentence begins, "Commerce" of the Secretary."""
    if clue.part == "office":
        return True
    if clue.known is None and clue.key in words.told and begins_sentence(text, span.start):
        return True
    return clue.part == "rank" and is_part_of_title(text, span.start, span.end)


def begins_sentence(text: str, start: int) -> bool:
    """Whether a word at this place has its capital from the sentence."""
    before = text[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in SENTENCE_ENDS


def count_votes(text: str, spans: Sequence[Span], clues: Sequence[Clues]) -> tuple[Ballots, Mapping[str, int]]:
    """The votes of each name's mentions and neighbours for its labels; and how many full names end in each word."""
    ballots: dict[str, dict[str, int]] = defaultdict(dict)
    surnames: dict[str, int] = {}
    for (start, end, label), (key, last, own, _, _) in zip(spans, clues, strict=True):
        ballot = ballots[key]
        vote = own or label
        ballot[vote] = ballot.get(vote, 0) + 1
        if own is None and label in CHANGEABLE:
            cue = find_cue(text, start, end)
            if cue:
                ballot[cue] = ballot.get(cue, 0) + CUE_VOTES
        if vote == "PERSON" and last != key:
            surnames[last] = surnames.get(last, 0) + 1
    for last, count in surnames.items():
        ballot = ballots[last]
        ballot["PERSON"] = ballot.get("PERSON", 0) + FULL_NAME_VOTES * count
    return ballots, surnames


def elect(text: str, span: Span, clue: Clues, ballot: Mapping[str, int], surnames: Mapping[str, int]) -> str:
    """The label of one mention whose name decides nothing: the most voted when that has more votes than the model's."""
    label = span.label
    if len(ballot) > 1:
        most = max(ballot, key=ballot.__getitem__)
        if ballot[most] > ballot.get(label, 0):
            label = most
    if label == "ORG" and clue.last in surnames and clue.last != clue.key:
        words = text[span.start : span.end].split()
        if len(words) <= 3 and all(WORD_OF_PERSON.fullmatch(word) for word in words):
            return "PERSON"
    return label


def is_said_of_person(text: str, span: Span, clue: Clues) -> bool:
    """Whether a word that ends a full name means that person: "Jordan said", not "in Jordan".

    Once a full name is told, news calls people by the last one.
    """
    if clue.known is None or clue.label == "ORG":
        return clue.label != "NORP"
    return word_before(text, span.start) not in PLACE_PREPOSITIONS and text[span.end : span.end + 2] != ", "
