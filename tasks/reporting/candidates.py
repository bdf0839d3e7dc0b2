"""Names over all articles that may be one: proposals for the alias file, with the evidence for each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import duckdb
import pyarrow as pa

from tasks.aliases.keys import KIND_OF_LABEL, Kind
from tasks.aliases.resolving import Aliases
from tasks.aliases.rows import AliasRule
from tasks.reporting.similar_names import find_alike
from warehouse import load_query

LABELS = ("PERSON", "ORG", "NORP", "GPE")
LEAST_SCORE = 0.75
# Context is looked up for so many times the proposals that are asked for.
LOOKED_AT = 4
# Of the articles in which a short name stands for a fuller one, so many must agree on which.
LEAST_SHARE = 0.6
# Names that one article tells apart are seldom one.
TOLD_APART = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class NameInUse:
    """One name of a label over all original articles."""

    label: str
    name: str
    article_count: int
    headline: Annotated[str, "Of the newest article that has it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A merge that is proposed: `name` into `canonical_name`."""

    kind: Kind
    name: NameInUse
    canonical_name: NameInUse
    score: Annotated[float, "How likely they are one, 0 to 1."]
    reason: str


def find_candidates(
    connection: duckdb.DuckDBPyConnection,
    aliases: Aliases,
    labels: Sequence[str] = LABELS,
    limit: int = 50,
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Candidate]:
    """The likeliest merges that no alias file decides, best first."""
    found: list[Candidate] = []
    for label in labels:
        names = find_names_in_use(connection, label)
        said = find_said_together(connection, names)
        alike = find_similar(names, partial(show_names, progress, len(names), label) if progress else None)
        undecided = [pair for pair in (*said, *alike) if not is_decided(pair, aliases)]
        found += best_of_each(undecided)
    found.sort(key=by_rank)
    weighed = weigh_context(connection, found[: LOOKED_AT * limit])
    return sorted((pair for pair in weighed if pair.score >= LEAST_SCORE), key=by_rank)[:limit]


def by_rank(pair: Candidate) -> tuple[float, int, str, str]:
    """Likeliest first, then those that change most."""
    return -round(pair.score, 2), -pair.name.article_count, pair.name.name, pair.canonical_name.name


def is_decided(pair: Candidate, aliases: Aliases) -> bool:
    """Whether an alias file already says that two names are one, or never are."""
    one, other = pair.name.name, pair.canonical_name.name
    return aliases.name(pair.kind, one) == aliases.name(pair.kind, other) or aliases.are_apart(pair.kind, one, other)


def best_of_each(pairs: Iterable[Candidate]) -> Iterator[Candidate]:
    """Each pair of names once, with the best reason."""
    best: dict[frozenset[str], Candidate] = {}
    for pair in pairs:
        key = frozenset([pair.name.name, pair.canonical_name.name])
        if key not in best or best[key].score < pair.score:
            best[key] = pair
    yield from best.values()


def find_names_in_use(connection: duckdb.DuckDBPyConnection, label: str) -> list[NameInUse]:
    """The names of a label, those of most articles first."""
    rows = connection.execute(load_query("names_in_use").sql, [[label]]).fetchall()
    return [
        NameInUse(label=label, name=name, article_count=articles, headline=headline)
        for label, name, articles, _, headline in rows
    ]


def show_names(progress: Callable[[int, int, str], None], total: int, label: str, done: int) -> None:
    """Tell how many names of a label have been looked at."""
    progress(done, total, label)


def find_similar(names: Sequence[NameInUse], progress: Callable[[int], None] | None = None) -> Iterator[Candidate]:
    """Names of one label whose letters are alike; the more frequent one of each pair is canonical."""
    if not names:
        return
    kind = KIND_OF_LABEL[names[0].label]
    for one, other, score, reason in find_alike([name.name for name in names], kind, progress):
        yield Candidate(kind=kind, name=names[other], canonical_name=names[one], score=score, reason=reason)


def find_said_together(connection: duckdb.DuckDBPyConnection, names: Sequence[NameInUse]) -> Iterator[Candidate]:
    """Short names that stand for themselves in some articles and for one fuller name in those that have both."""
    if not names:
        return
    by_name = {name.name: name for name in names}
    label = names[0].label
    said: dict[str, dict[str, int]] = defaultdict(dict)
    for _, short, full, articles in connection.execute(load_query("names_said_together").sql, [[label]]).fetchall():
        said[short][full] = articles
    for short, of_full in said.items():
        full, articles = max(of_full.items(), key=lambda each: (each[1], each[0]))
        total = sum(of_full.values())
        if short in by_name and full in by_name and articles >= LEAST_SHARE * total:
            yield Candidate(
                kind=KIND_OF_LABEL[label],
                name=by_name[short],
                canonical_name=by_name[full],
                # One article alone is little to go by.
                score=round(articles / (total + 0.3 / articles), 3),
                reason=f"it is in {articles} of {total} articles that say more",
            )


def weigh_context(connection: duckdb.DuckDBPyConnection, pairs: Sequence[Candidate]) -> list[Candidate]:
    """The pairs, scores raised by names that both stand beside, and lowered where one article has both."""
    asked = sorted({(name.label, name.name) for pair in pairs for name in (pair.name, pair.canonical_name)})
    numbers = {key: number for number, key in enumerate(asked)}
    ends = [(numbers[p.name.label, p.name.name], numbers[p.name.label, p.canonical_name.name]) for p in pairs]
    register(connection, "asked_names", asked, ("label", "canonical_name"))
    register(connection, "asked_pairs", ends, ("one", "other"))
    beside: dict[int, set[str]] = defaultdict(set)
    for number, name, _ in connection.execute(load_query("names_beside").sql).fetchall():
        beside[number].add(name)
    apart = dict(connection.execute(load_query("names_apart").sql).fetchall())
    return [
        weighed(pair, shared(beside, *ends[number], pair), apart.get(number, 0)) for number, pair in enumerate(pairs)
    ]


def register(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[tuple[Any, Any]], columns: tuple[str, str]
) -> None:
    """Rows as a table of the connection, numbered from 0."""
    table = {"number": list(range(len(rows)))} | {c: [row[at] for row in rows] for at, c in enumerate(columns)}
    kinds = (pa.string() if name == "asked_names" else pa.int64() for _ in columns)
    schema = pa.schema([("number", pa.int64()), *zip(columns, kinds, strict=True)])
    connection.register(name, pa.table(table, schema=schema))


def shared(beside: Mapping[int, set[str]], one: int, other: int, pair: Candidate) -> float:
    """The share of the rarer name's company that the other one keeps too, 0 to 1."""
    own = {pair.name.name, pair.canonical_name.name}
    ours, theirs = beside[one] - own, beside[other] - own
    return len(ours & theirs) / min(len(ours), len(theirs)) if ours and theirs else 0.0


def weighed(pair: Candidate, company: float, articles_with_both: int) -> Candidate:
    """The pair with the score that its context leaves it."""
    score = pair.score + (1 - pair.score) * company / 2
    reason = pair.reason + (f", {company:.0%} of its company is the other's too" if company >= 0.3 else "")
    if articles_with_both:
        score *= TOLD_APART
        reason += f", but {articles_with_both} articles tell them apart"
    return replace(pair, score=round(min(score, 0.99), 2), reason=reason)


CANDIDATE_ROW = pa.schema(
    {
        "rule": pa.string(),
        "kind": pa.string(),
        "name": pa.string(),
        "canonical_name": pa.string(),
        "source": pa.string(),
        "licence": pa.string(),
        "score": pa.float64(),
        "reason": pa.string(),
        "article_count": pa.int64(),
        "canonical_article_count": pa.int64(),
        "headline": pa.string(),
        "canonical_headline": pa.string(),
    }
)


def candidate_table(candidates: Iterable[Candidate]) -> pa.Table:
    """The candidates as rows for the alias file, the evidence behind its columns."""
    rows = [
        {
            "rule": AliasRule.MERGE,
            "kind": pair.kind,
            "name": pair.name.name,
            "canonical_name": pair.canonical_name.name,
            "source": "newsmill entities candidates",
            "licence": "",
            "score": pair.score,
            "reason": pair.reason,
            "article_count": pair.name.article_count,
            "canonical_article_count": pair.canonical_name.article_count,
            "headline": pair.name.headline,
            "canonical_headline": pair.canonical_name.headline,
        }
        for pair in candidates
    ]
    return pa.Table.from_pylist(rows, CANDIDATE_ROW)
