"""Which of many names may be one: compared only with those that share a key, so that half a million take seconds."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from tasks.aliases.keys import Kind, name_key
from tasks.enrichment.names.forms import person_parts
from tasks.enrichment.reference import load_words
from tasks.reporting.name_sounds import sound_of

# Of a key that more names share only the first are compared, the most frequent ones.
MOST_OF_A_KEY = 40
SHORTEST_SLIP = 5
LEAST_ALIKE = 0.84
LEAST_ALIKE_SOUND = 0.74
LEGAL_FORMS = frozenset(
    ["inc", "corp", "corporation", "co", "company", "ltd", "limited", "plc", "llc", *("ag", "gmbh", "sa", "se", "spa")]
)


DOUBLED = re.compile(r"(.)\1")


class Likeness(NamedTuple):
    """Two names by their numbers, how likely they are one by their letters alone, and why."""

    one: int
    other: int
    score: float
    reason: str


def find_alike(names: Sequence[str], kind: Kind, progress: Callable[[int], None] | None = None) -> Iterator[Likeness]:
    """Pairs of names, given with the most frequent first, that may be one by their letters."""
    is_person = kind is Kind.PERSON
    parts = [tuple(person_parts(name) if is_person else name_key(name).split()) for name in names]
    # Most keys are one name's alone, and their hashes take a third of the room.
    first: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for number, (name, own) in enumerate(zip(names, parts, strict=True)):
        for key in {hash(key) for key in keys_of(name, own, is_person)}:
            if first.setdefault(key, number) != number:
                group = groups.setdefault(key, [first[key]])
                if len(group) < MOST_OF_A_KEY:
                    group.append(number)
        if progress and not number % 10_000:
            progress(number)
    known: set[tuple[int, int]] = set()
    for group in groups.values():
        for pair in combinations(group, 2):
            if pair not in known:
                known.add(pair)
                found = compare(parts[pair[0]], parts[pair[1]], kind)
                if found:
                    yield Likeness(*pair, *found)


def keys_of(name: str, parts: tuple[str, ...], is_person: bool) -> Iterator[Hashable]:
    """What names that may be one share: letters, sounds, all parts but one."""
    if not parts:
        return
    yield re.sub(r"\W", "", "".join(parts)) or name
    if len(parts) > 1 or len(name) > SHORTEST_SLIP:
        sounds = tuple(map(sound_of, parts))
        if len("".join(sounds)) > 2:
            yield "sound", *sounds
    if len(parts) > 1:
        yield "order", *sorted(parts)
        for place, part in enumerate(parts):
            if len(part) >= SHORTEST_SLIP:
                yield place, part[:2], *parts[:place], *parts[place + 1 :]
    if is_person and len(parts) > 1:
        yield "ends", parts[0][0], parts[-1]
    if not is_person and parts[-1] in LEGAL_FORMS:
        yield re.sub(r"\W", "", "".join(without_legal_form(parts)))


def compare(one: tuple[str, ...], other: tuple[str, ...], kind: Kind) -> tuple[float, str] | None:
    """How likely two names are one, and why; None when their letters say nothing for it."""
    if re.sub(r"\W", "", "".join(one)) == re.sub(r"\W", "", "".join(other)):
        return 0.97, "the same letters"
    if sorted(one) == sorted(other):
        return 0.9, "the same words in another order"
    if kind is Kind.ORGANISATION and without_legal_form(one) == without_legal_form(other):
        return 0.95, "only the legal form differs"
    if kind is Kind.PLACE:
        # "Oakland" and "Auckland": places have the gazetteer to tell them apart.
        return None
    if kind is Kind.PERSON and len(one) > 1 < len(other):
        found = compare_people(one, other)
        if found:
            return found
    return compare_spelling(one, other, kind is Kind.PERSON)


def without_legal_form(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A company's name without "Inc." and the like."""
    while len(parts) > 1 and parts[-1] in LEGAL_FORMS:
        parts = parts[:-1]
    return parts


def compare_people(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, str] | None:
    """Initials and middle names: "J. Smith", "John Q. Smith"."""
    if one[-1] != other[-1]:
        return None
    shorter, longer = sorted((one, other), key=lambda parts: (len(parts), len(parts[0])))
    if shorter[0] == longer[0] and len(shorter) == 2 < len(longer):
        return 0.85, "one has a middle name"
    if len(shorter[0]) == 1 and len(longer[0]) > 1 and longer[0].startswith(shorter[0]) and len(shorter) == 2:
        return 0.7, "one has an initial"
    return None


def compare_spelling(one: tuple[str, ...], other: tuple[str, ...], is_person: bool) -> tuple[float, str] | None:
    """Names of which each word is spelled alike: by one word and a letter or two, or all of them by their sound."""
    if len(one) != len(other) or any(character.isdigit() for part in (*one, *other) for character in part):
        return None
    differing = [(a, b, place) for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if is_person and len(one) > 1 and differing[0][2] == 0 and are_given_names(*differing[0][:2]):
        return None
    alike = min(JaroWinkler.similarity(a, b) for a, b, _ in differing)
    if all(sound_of(a) == sound_of(b) for a, b, _ in differing) and alike >= LEAST_ALIKE_SOUND:
        # One word alone sounds like many: "Auckland" and "Oakland".
        return round(0.75 + 0.2 * alike if len(one) > 1 else 0.9 * alike, 3), "sounds alike"
    a, b, _ = differing[0]
    slips = OSA.distance(a, b)
    shortest = min(len(a), len(b))
    if len(differing) == 1 and shortest >= SHORTEST_SLIP and slips <= 1 + (shortest > 6) and alike >= LEAST_ALIKE:
        return round(alike - 0.08 * slips, 3), f"one word differs by {'a letter' if slips == 1 else 'two letters'}"
    return None


def are_given_names(one: str, other: str) -> bool:
    """Whether both are names that people have: "Michael" and "Michelle" are two, "Mohamed" and "Mohammed" are not."""
    known = load_words("given_name")
    if DOUBLED.sub(r"\1", one) == DOUBLED.sub(r"\1", other):
        return False
    return (one in known and other in known) or (one.startswith(other) or other.startswith(one))
