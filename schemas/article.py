"""The `articles` table: one row per version of an article."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from schemas.columns import NoiseSpan
from schemas.reasons import DuplicateKind, EnrichmentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of one news article."""

    article_id: Annotated[str, "Identity of the article, given at first sight; never changes."]
    version_no: Annotated[int, "Counts arrivals of this article's versions from 1."]
    is_current: Annotated[
        bool, "True for one version of each article: the greatest (published_at, file's modified time, content_hash)."
    ]
    file_id: Annotated[str, "sha256 of the bytes of the file this version was read from."]
    position_in_file: Annotated[int, "Which article block of the file, from 1."]
    published_date: Annotated[date, "Day in the header, as written there."]
    published_at: Annotated[datetime | None, "Instant in the header, UTC; null unless the header has a time."]
    headline: Annotated[str, "Headline, cleaned."]
    standfirst: Annotated[str | None, "Summary line below the headline; null when there is none."]
    text: Annotated[str, "Headline, standfirst and every paragraph in order, joined with one newline; cleaned, NFC."]
    paragraph_count: Annotated[int, "Body paragraphs, without headline and standfirst."]
    word_count: Annotated[int, "Words of `text`, split at white space."]
    language: Annotated[str | None, "ISO 639-1 code detected from the text; null when too short to tell."]
    language_confidence: Annotated[float | None, "Detector's probability of `language`, 0 to 1; null with it."]
    byline: Annotated[str | None, "Authors as printed; null when no byline was found."]
    dateline: Annotated[str | None, "Place as printed before the first paragraph; null when there is none."]
    content_hash: Annotated[str, "Hash of published date, headline and text: equal for equal articles."]
    duplicate_of: Annotated[str | None, "article_id of the canonical copy; null for originals."]
    duplicate_kind: Annotated[
        DuplicateKind | None,
        "exact: same text under another date or headline; near: similar text; null for originals.",
    ]
    similarity: Annotated[
        float | None,
        "Likeness to the canonical copy, 0 to 1: the larger of Jaccard and containment of five-word shingles;"
        " null for originals.",
    ]
    source: Annotated[str | None, "First folder below the input; null for files at its top."]
    enrichment_status: Annotated[EnrichmentStatus, "Whether entities and locations were looked for."]
    entity_count: Annotated[int, "Rows of `entities` for this version."]
    location_count: Annotated[int, "Rows of `locations` for this version."]
    flags: Annotated[list[str], "Named observations, such as mojibake_repaired; empty when there are none."]
    noise: Annotated[
        list[NoiseSpan] | None,
        "Stretches of `text` that are no news (bylines, captions, credits, links, lines that recur in a source), in"
        " order; not enriched. Null in rows that a newsmill before 0.2 derived.",
    ]
    removed_lines: Annotated[
        list[str] | None,
        "Lines that are furniture of a page and were left out of `text`, in order. Null in rows that a newsmill before"
        " 0.2 derived.",
    ]
    first_seen_at: Annotated[datetime, "When the article's first version arrived, UTC."]
    ingested_at: Annotated[datetime, "When this row was last derived, UTC."]
    run_id: Annotated[str, "Run that first stored this version."]
    pipeline_id: Annotated[str, "Hash of code, model, gazetteer and settings that derived this row."]
