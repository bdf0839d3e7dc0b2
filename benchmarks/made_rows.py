"""Rows of every table for one month of news, made of numbers, quickly: for measuring what reads tables.

The texts are words of the Wikinews seeds in an order that nobody wrote, and mentions point anywhere in them, so what
needs a text to be what its rows say (offsets, hashes, near-duplicates) cannot be measured with these. Numbers, skew,
types, sizes and keys are as in a real warehouse. The same month gives the same rows.
"""

from calendar import monthrange
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.made_columns import days, drawn, hexadecimals, lists, noise_spans, sentences, some, table
from benchmarks.made_names import Chance, name_pool, place_pool
from benchmarks.news import RANDOM_SEED

MENTIONS_A_VERSION = 8
# Of 296 Wikinews articles: places to names, and how many of them have no entry in the gazetteer.
PLACES_A_VERSION = 0.31 * MENTIONS_A_VERSION
UNRESOLVED = 0.09
# So many articles copy another, have a second version, or are in a language without a model.
COPIES, CORRECTED, FOREIGN = 0.10, 0.03, 0.03
# So many blocks are refused, and so many files hold the bytes of another.
REFUSED, SAME_BYTES = 0.01, 0.02
# So often an article says the name again that it said first.
REPEATED = 0.4
LEAST_WORDS, MORE_WORDS = 80, 170
SOURCES = {f"source-{number:02d}": 1 / (number + 1) for number in range(60)}
LANGUAGES = {"fr": 0.6, "es": 0.3, "ar": 0.1}
FLAGS = {"short_body": 0.5, "captions": 0.3, "mojibake_repaired": 0.2}
REFUSALS = {"no_header": 0.4, "no_date": 0.3, "invalid_date": 0.2, "no_body": 0.1}
# Days after publication on which articles arrive, and the share of each.
LATENESS = {0: 0.7, 2: 0.2, 9: 0.08, 30: 0.02}
# The pipeline was another before this month.
RENEWED = date(2024, 1, 1)

Columns = dict[str, Any]


def month_rows(month: date, articles: int) -> list[dict[str, pa.Table]]:
    """The rows of so many articles of a month by table, in one piece for each day of LATENESS."""
    chance = np.random.default_rng([RANDOM_SEED, month.year, month.month])
    columns = versions(month, articles, chance)
    late = chance.choice(list(LATENESS), len(columns["version_no"]), p=list(LATENESS.values()))
    columns |= arrivals(columns, late, chance)
    names, of_names = mentions(columns, chance)
    places, of_places = locations(columns, chance)
    whole = {
        "articles": (table("articles", columns), late),
        "entities": (names, late[of_names]),
        "locations": (places, late[of_places]),
        "files": (table("files", files(columns)), late),
        "outcomes": (table("outcomes", outcomes(columns)), late),
    }
    pieces = [{name: rows.filter(pa.array(of == day)) for name, (rows, of) in whole.items()} for day in LATENESS]
    pieces[0] |= {"quarantine": quarantine(columns, chance), "runs": runs(columns)}
    pieces[0]["files"] = pa.concat_tables([pieces[0]["files"], same_bytes(pieces[0]["files"], chance)])
    pieces[0]["outcomes"] = pa.concat_tables([pieces[0]["outcomes"], refusals(pieces[0]["quarantine"])])
    return pieces


def versions(month: date, count: int, chance: Chance) -> Columns:
    """The columns of `articles` for so many of them, second versions behind all first ones."""
    corrected = chance.choice(count, int(count * CORRECTED), replace=False)
    article = np.concatenate([np.arange(count), corrected])
    is_second = np.arange(len(article)) >= count
    article_id = hexadecimals(count, 32, chance)
    published = np.datetime64(month) + chance.integers(0, monthrange(month.year, month.month)[1], count)
    source = drawn(list(SOURCES), list(SOURCES.values()), count, chance)
    found = {
        "article_id": article_id,
        "source": source,
        **copies(article_id, chance),
        **languages(count, chance),
    }
    return {
        **{name: values.take(pa.array(article)) for name, values in found.items()},
        "published_date": published[article],
        "version_no": is_second + 1,
        "is_current": is_second | ~np.isin(article, corrected),
        "position_in_file": 1,
        "pipeline_id": "made-1" if month < RENEWED else "made-2",
        **texts(article, is_second, chance),
    }


def copies(article_id: pa.Array, chance: Chance) -> Columns:
    """What repeats what: a few originals have most of the copies."""
    count = len(article_id)
    is_copy = pa.array(chance.random(count) < COPIES)
    originals = article_id.filter(pc.invert(is_copy))
    copied = originals.take(pa.array((chance.random(count) ** 3 * len(originals)).astype(int)))
    is_near = pa.array(chance.random(count) < 0.6)
    likeness = pc.if_else(is_near, pa.array(chance.random(count).round(3) * 0.3 + 0.7), 1.0)
    return {
        "duplicate_of": pc.if_else(is_copy, copied, None),
        "duplicate_kind": pc.if_else(is_copy, pc.if_else(is_near, "near", "exact"), None),
        "similarity": pc.if_else(is_copy, likeness, None),
    }


def languages(count: int, chance: Chance) -> Columns:
    """Nearly all is English; for the rest there is no model."""
    is_foreign = pa.array(chance.random(count) < FOREIGN)
    return {
        "language": pc.if_else(is_foreign, drawn(list(LANGUAGES), list(LANGUAGES.values()), count, chance), "en"),
        "language_confidence": pa.array(chance.random(count).round(4) / 4 + 0.75),
        "enrichment_status": pc.if_else(is_foreign, "no_model", "done"),
    }


def texts(article: Any, is_second: Any, chance: Chance) -> Columns:
    """What is written in each version, and what was found while it was read; a correction may change the headline."""
    size, first = len(article), int(len(article) - is_second.sum())
    first_headlines = sentences(chance.integers(6, 11, first), chance).take(pa.array(article))
    is_changed = pa.array(is_second & (chance.random(size) < 0.3))
    headline = pc.if_else(is_changed, sentences(chance.integers(6, 11, size), chance), first_headlines)
    lengths = LEAST_WORDS + chance.exponential(MORE_WORDS, size).astype(int)
    return {
        "file_id": hexadecimals(size, 64, chance),
        "content_hash": hexadecimals(size, 32, chance),
        "headline": headline,
        "standfirst": some(sentences(chance.integers(10, 25, size), chance), 0.5, chance),
        "text": pc.binary_join_element_wise(headline, sentences(lengths, chance), "\n"),
        "paragraph_count": lengths // 40 + 1,
        "word_count": lengths + 8,
        "byline": some(sentences(np.full(size, 2), chance), 0.4, chance),
        "dateline": some(sentences(np.full(size, 1), chance), 0.3, chance),
        "flags": lists(drawn(list(FLAGS), list(FLAGS.values()), size, chance), 0.1, chance),
        "noise": lists(noise_spans(size), 0.4, chance),
        "removed_lines": lists(sentences(np.full(size, 3), chance), 0.05, chance),
    }


def arrivals(columns: Columns, late: Any, chance: Chance) -> Columns:
    """When each version arrived, by which run, and how many mentions were found in it."""
    size = len(late)
    seconds = late * 86_400 + chance.integers(0, 86_400, size)
    arrived = columns["published_date"].astype("datetime64[us]") + seconds * np.timedelta64(1, "s")
    is_read = columns["enrichment_status"].to_numpy(zero_copy_only=False) == "done"
    counts = [chance.poisson(chance.gamma(2, mean / 2, size)) for mean in (MENTIONS_A_VERSION, PLACES_A_VERSION)]
    return {
        "first_seen_at": arrived,
        "ingested_at": arrived,
        "run_id": pc.binary_join_element_wise("made", days(arrived), "-"),
        "entity_count": counts[0] * is_read,
        "location_count": counts[1] * is_read,
    }


def places_in_text(columns: Columns, counts: Any, chance: Chance) -> tuple[Columns, Any]:
    """The columns that tell where mentions stand, and for each the number of its version."""
    owner = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    start = number * 80 + chance.integers(0, 70, len(owner))
    kept = {name: columns[name] for name in ("article_id", "version_no", "published_date")}
    return {
        **{name: pa.array(values).take(pa.array(owner)) for name, values in kept.items()},
        "mention_no": number + 1,
        "start_char": start,
        "end_char": start + 9,
        "section": pc.if_else(pa.array(start < 60), "headline", "body"),
        "pipeline_id": columns["pipeline_id"],
    }, owner


def mentions(columns: Columns, chance: Chance) -> tuple[pa.Table, Any]:
    """The rows of `entities`, and for each the number of its version."""
    found, owner = places_in_text(columns, columns["entity_count"], chance)
    pool = name_pool(RANDOM_SEED)
    name = pool.draw(len(owner), chance)
    number = found["mention_no"]
    is_again = (chance.random(len(owner)) < REPEATED) & (number > 1)
    name = np.where(is_again, name[np.arange(len(owner)) - number + 1], name)
    found |= dict(zip(pool.rows.column_names, pool.rows.take(pa.array(name)).columns, strict=True))
    found["canonical_method"] = pc.if_else(pa.array(is_again), "surname", "own_name")
    found["canonical_score"] = np.where(is_again, 0.98, 1.0)
    return table("entities", found), owner


def locations(columns: Columns, chance: Chance) -> tuple[pa.Table, Any]:
    """The rows of `locations`, and for each the number of its version."""
    found, owner = places_in_text(columns, columns["location_count"], chance)
    size = len(owner)
    pool = place_pool(RANDOM_SEED)
    place = pool.draw(size, chance)
    is_resolved = chance.random(size) >= UNRESOLVED
    resolved = pool.rows.take(pa.array(place, mask=~is_resolved))
    found |= dict(zip(resolved.column_names, resolved.columns, strict=True))
    found["surface"] = pool.rows["place_name"].take(pa.array(place))
    found["confidence"] = pa.array(chance.random(size).round(4) / 2 + 0.5, mask=~is_resolved)
    found["method"] = pc.if_else(
        pa.array(is_resolved), drawn(["only_candidate", "context"], [2, 1], size, chance), None
    )
    found["role"] = drawn(["literal", "demonym", "organisation"], [0.75, 0.15, 0.1], size, chance)
    found["unresolved_reason"] = pc.if_else(pa.array(is_resolved), None, "not_in_gazetteer")
    return table("locations", found), owner


def files(columns: Columns) -> Columns:
    """The columns of `files`: one for each version."""
    seen = columns["first_seen_at"]
    name = pc.binary_join_element_wise(
        columns["source"], days(seen), pc.utf8_slice_codeunits(columns["file_id"], 0, 16), "/"
    )
    return columns | {
        "path": pc.binary_join_element_wise(name, ".txt", ""),
        "size_bytes": pc.binary_length(columns["text"]),
        "modified_at": seen,
        "outcome": "read",
        "article_count": 1,
    }


def same_bytes(read: pa.Table, chance: Chance) -> pa.Table:
    """Files of which others hold the same bytes already."""
    again = read.take(pa.array(chance.choice(len(read), int(len(read) * SAME_BYTES), replace=False)))
    path = pc.binary_join_element_wise("again", again["path"], "/")
    names = again.column_names
    changed = again.set_column(names.index("path"), "path", path)
    outcome = pa.array(["duplicate"]).take(pa.array(np.zeros(len(again), np.int32)))
    return changed.set_column(names.index("outcome"), "outcome", outcome).cast(read.schema)


def outcomes(columns: Columns) -> Columns:
    """The columns of `outcomes`: how each version came in."""
    first = pc.if_else(pc.is_valid(columns["duplicate_of"]), "near_duplicate", "new")
    return columns | {"outcome": pc.if_else(pa.array(columns["version_no"] > 1), "new_version", first)}


def quarantine(columns: Columns, chance: Chance) -> pa.Table:
    """The rows of `quarantine`: blocks that were refused, each the second of a file whose first was read."""
    size = int(len(columns["version_no"]) * REFUSED)
    path = pa.chunked_array([files(columns)["path"]]).combine_chunks()[:size]
    refused = {
        "file_id": columns["file_id"][:size],
        "path": path,
        "position_in_file": 2,
        "reason": drawn(list(REFUSALS), list(REFUSALS.values()), size, chance),
        "status": drawn(["open", "replayed", "discarded"], [0.7, 0.2, 0.1], size, chance),
        "attempts": 1,
        "first_seen_at": columns["first_seen_at"][:size],
        "last_seen_at": columns["first_seen_at"][:size],
    }
    return table("quarantine", refused)


def refusals(refused: pa.Table) -> pa.Table:
    """The rows of `outcomes` for what is in quarantine."""
    columns = {name: refused[name] for name in ("file_id", "reason")}
    run = pc.binary_join_element_wise("made", pc.strftime(refused["first_seen_at"], "%Y-%m-%d"), "-")
    return table(
        "outcomes",
        columns | {"position_in_file": 2, "outcome": "refused", "run_id": run, "ingested_at": refused["first_seen_at"]},
    )


def runs(columns: Columns) -> pa.Table:
    """The rows of `runs`: one a day of the month."""
    started = np.unique(columns["published_date"]).astype("datetime64[us]")
    counts = {f"files_{name}": 0 for name in ("read", "duplicate", "skipped", "refused", "deferred")}
    counts |= {
        f"articles_{name}": 0
        for name in ("new", "new_version", "unchanged", "exact_duplicate", "near_duplicate", "refused", "renewed")
    }
    seconds = {f"{name}_seconds": np.full(len(started), 60.0) for name in ("reading", "enriching", "storing")}
    return table(
        "runs",
        {
            "run_id": pc.binary_join_element_wise("made", days(started), "-"),
            "kind": "ingest",
            "status": "done",
            "started_at": started,
            "finished_at": started + np.timedelta64(600, "s"),
            "words": len(columns["version_no"]) * 8,
            "pipeline_id": columns["pipeline_id"],
        }
        | counts
        | seconds,
    )
