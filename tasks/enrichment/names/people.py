"""Which names of an article are one person: surnames, first names, initials, names in part, slips of spelling."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tasks.enrichment.names.canonical import Rule
from tasks.enrichment.names.cast import Cast, Member
from tasks.enrichment.names.forms import woman_or_man
from tasks.enrichment.reference import load_words

# Each score is the share of right links on CoNLL-2003 (AIDA) where the rule is common enough there: docs/quality.md.
SURNAME = Rule("surname", 0.96)
FIRST_NAME = Rule("first_name", 0.95)
MIDDLE_NAME = Rule("middle_name", 0.8)
FULLER_NAME = Rule("fuller_name", 0.95)
INITIALS = Rule("initials", 0.9)
SPELLING = Rule("spelling", 0.7)
# Of names shared by several people in the article the nearest one before is meant.
NEAREST = 0.85
SHORTEST_SLIP = 5
LONGEST_SLIP_OF_ONE = 5
# A list of thousands has more names that share a part than any article: only the first of them are compared.
MOST_COMPARED = 50
MOST_SURNAMES_OF_A_LETTER = 200

SharedParts = tuple[str | int, ...]


def find_bearers(cast: Cast) -> dict[str, list[Member]]:
    """The people's names of several parts that have a part, in order of appearance."""
    bearers: dict[str, list[Member]] = {}
    for member in cast.people:
        if len(member.form.parts) > 1:
            for part in dict.fromkeys(member.form.parts):
                bearers.setdefault(part, []).append(member)
    return bearers


def join_people(cast: Cast, bearers: Mapping[str, list[Member]]) -> None:
    """Join full names that are one, then each shorter name with the full one it belongs to."""
    alike: dict[str, dict[str, list[Member]]] = {}
    for member in cast.people if bearers else ():
        parts = member.form.parts
        if len(parts) > 1 and len(bearers[parts[-1]]) > 1:
            if parts[-1] not in alike:
                alike[parts[-1]] = by_part(bearers[parts[-1]])
            join_full_name(cast, member, alike[parts[-1]].get(parts[0], []))
    # The key of a name of one part is that part.
    for member in () if cast.keys.isdisjoint(bearers) else cast.members:
        if member.form.key in bearers and member.form.kind != "place":
            join_short_name(cast, member, bearers[member.form.key])


def by_part(members: Iterable[Member]) -> dict[str, list[Member]]:
    """The names that have a part, or of which the first begins with that letter: all that a full name may be."""
    found: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        parts = member.form.parts
        for part in {*parts, parts[0][0]}:
            if len(found[part]) < MOST_COMPARED:
                found[part].append(member)
    return found


def join_full_name(cast: Cast, member: Member, bearers: Sequence[Member]) -> None:
    """Join a name of several parts with one that says more: nearest before, if there are two that differ."""
    found = [(other, rule) for other in bearers if other is not member and (rule := rule_of_full_names(member, other))]
    choose(cast, member, found)


def rule_of_full_names(shorter: Member, fuller: Member) -> Rule | None:
    """The rule by which two names of several parts are one person's, None when they are two people's."""
    one, other = shorter.form.parts, fuller.form.parts
    if len(one) > len(other) or (shorter.form.generation and shorter.form.generation != fuller.form.generation):
        return None
    if len(one) < len(other):
        if other[-len(one) :] == one:
            return SURNAME
        if other[: len(one)] == one:
            return FULLER_NAME
    if one[-1] != other[-1] or not opens(one[0], other[0]):
        return None
    if len(one) == len(other):
        is_shorter = len("".join(one)) < len("".join(other)) or shorter.form.generation != fuller.form.generation
        return INITIALS if is_shorter and all(map(opens, one[1:-1], other[1:-1])) else None
    return (FULLER_NAME if one[0] == other[0] else INITIALS) if len(one) == 2 else None


def opens(one: str, other: str) -> bool:
    """Whether a part is the other, or its initial."""
    return one == other or (len(one) == 1 and other.startswith(one))


def join_short_name(cast: Cast, member: Member, bearers: Sequence[Member]) -> None:
    """Join "Witkoff" with "Steve Witkoff", else "Steve"; what is no person only by surname."""
    part = member.form.parts[0]
    found = [(other, rule_of_part(part, other.form.parts)) for other in bearers]
    for wanted in (SURNAME, FIRST_NAME, MIDDLE_NAME) if member.form.kind == "person" else (SURNAME,):
        of_rule = [(other, rule) for other, rule in found if rule is wanted]
        if of_rule:
            choose(cast, member, of_rule)
            return


def rule_of_part(part: str, full_name: tuple[str, ...]) -> Rule | None:
    """The rule by which one part stands for a full name that has it."""
    if part == full_name[-1]:
        return SURNAME
    if part == full_name[0]:
        return FIRST_NAME
    return MIDDLE_NAME if len(part) > 3 and part not in load_words("given_name") else None


def choose(cast: Cast, member: Member, found: list[tuple[Member, Rule]]) -> None:
    """Join with the only person found; of several, each mention with the nearest before it, else the first after."""
    found = [(other, rule) for other, rule in found if not cast.are_apart(member.form.key, other.form.key)]
    if not found:
        return
    titles = [cast.titles[mention] for mention in member.mentions] if cast.titles else []
    if len({cast.root(other.number) for other, _ in found}) == 1 and not any(titles):
        cast.join(member.number, found[0][0].number, found[0][1])
        return
    standing: dict[str, list[tuple[int, int]]] = {}
    for mention in member.mentions:
        sex = woman_or_man(cast.titles[mention] if cast.titles else "", member.form)
        if sex not in standing:
            standing[sex] = where_they_stand(found_of_sex(cast, found, sex))
        if standing[sex]:
            other, rule = found[nearest(mention, standing[sex])]
            cast.place(mention, other.number, rule if len(found) == 1 else Rule(rule.method, min(rule.score, NEAREST)))


def found_of_sex(cast: Cast, found: list[tuple[Member, Rule]], sex: str) -> list[tuple[int, Member]]:
    """Those of a sex, else those of whom it is unknown, with their numbers; everybody when none is asked for."""
    everybody = [(number, other) for number, (other, _) in enumerate(found)]
    if not sex:
        return everybody
    known = [sex_of(cast, other) for other, _ in found]
    for wanted in (sex, ""):
        fitting = [(number, other) for number, other in everybody if known[number] == wanted]
        if fitting:
            return fitting
    return []


def where_they_stand(fitting: Iterable[tuple[int, Member]]) -> list[tuple[int, int]]:
    """Each mention of the names, in order, with the name's number."""
    return sorted((mention, number) for number, other in fitting for mention in other.mentions)


def nearest(mention: int, standing: Sequence[tuple[int, int]]) -> int:
    """The number of the name whose last mention before this one is latest, else of the one that comes first."""
    before = bisect_left(standing, (mention, 0))
    return standing[max(before - 1, 0)][1]


def sex_of(cast: Cast, member: Member) -> str:
    """`woman`, `man` or nothing, as the titles and the given name say."""
    titles = (cast.titles[mention] for mention in member.mentions if cast.titles)
    return next(filter(None, (woman_or_man(title, member.form) for title in titles)), "") or woman_or_man(
        "", member.form
    )


def join_slips(cast: Cast, bearers: Mapping[str, list[Member]]) -> None:
    """Join "Rustan Umerov" with "Rustem Umerov", and a "Zelenskiy" with "Volodymyr Zelensky", where one is rare."""
    alone = [member for member in cast.people if not cast.is_joined(member)] if bearers else []
    sharing = by_shared_parts(bearers) if alone else {}
    surnames = surnames_by_letter(bearers) if any(len(member.form.parts) == 1 for member in alone) else {}
    for member in alone:
        alike = find_misspelled(member, sharing, surnames)
        is_one = len({cast.root(other.number) for other in alike}) == 1
        if is_one and 1 in (len(member.mentions), len(alike[0].mentions)):
            cast.join(member.number, alike[0].number, SPELLING)


def by_shared_parts(bearers: Mapping[str, list[Member]]) -> dict[SharedParts, list[Member]]:
    """The full names that are equal but for one part, which begins alike."""
    found: dict[SharedParts, list[Member]] = defaultdict(list)
    sharing = {member.number: member for members in bearers.values() if len(members) > 1 for member in members}
    for _, member in sorted(sharing.items()):
        for key in shared_parts(member.form.parts):
            if len(found[key]) < MOST_COMPARED:
                found[key].append(member)
    return found


def shared_parts(parts: tuple[str, ...]) -> Iterator[SharedParts]:
    """For each part of a full name what a name has that differs in it alone; the surname comes last."""
    for place, part in enumerate(parts if len(parts) > 1 else ()):
        if len(part) >= SHORTEST_SLIP - 1:
            yield place, part[0], *parts[:place], *parts[place + 1 :]


def surnames_by_letter(bearers: Mapping[str, list[Member]]) -> dict[str, list[tuple[str, Member]]]:
    """The surnames that begin with a letter, each with the first who has it."""
    found: dict[str, list[tuple[str, Member]]] = defaultdict(list)
    for part, (first, *_) in bearers.items():
        if first.form.parts[-1] == part and len(found[part[0]]) < MOST_SURNAMES_OF_A_LETTER:
            found[part[0]].append((part, first))
    return found


def find_misspelled(
    member: Member,
    sharing: Mapping[SharedParts, list[Member]],
    surnames: Mapping[str, list[tuple[str, Member]]],
) -> list[Member]:
    """The full names of which this one may be a slip, those with its surname first."""
    parts = member.form.parts
    if len(parts) > 1:
        others = (other for key in shared_parts(parts) for other in sharing.get(key, ()))
        return [other for other in others if other is not member and is_misspelled(member, other)]
    if len(parts[0]) <= SHORTEST_SLIP or parts[0] in load_words("given_name"):
        return []
    return [first for last, first in surnames.get(parts[0][0], ()) if is_slip(parts[0], last)]


def is_misspelled(one: Member, other: Member) -> bool:
    """Whether two full names differ by a slip in one part, the given names not being two that exist."""
    ours, theirs = one.form.parts, other.form.parts
    if len(ours) != len(theirs) or one.form.generation != other.form.generation:
        return False
    differing = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    if len(differing) != 1 or not is_slip(*differing[0]):
        return False
    a, b = differing[0]
    if ours[0] != a:
        return True
    # "Daniel" and "Danielle", "Martin" and "Martina", "Brian" and "Bryan" may be two people.
    return not (a.startswith(b) or b.startswith(a) or (is_given_name(a) and is_given_name(b)))


def is_given_name(word: str) -> bool:
    """Whether people have the word for a first name."""
    return word in load_words("given_name") or word in load_words("womans_name")


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter, from six letters on by two, and begin alike."""
    shortest = min(len(one), len(other))
    # "The Davidsons" are several people.
    if shortest < SHORTEST_SLIP - 1 or one[0] != other[0] or one in (other, f"{other}s"):
        return False
    # Here, because with it comes NumPy, which whoever asks for the pipeline's id need not wait for.
    from rapidfuzz.distance import OSA

    allowed = 1 if shortest <= LONGEST_SLIP_OF_ONE else 2
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed
