"""The `locations` table: one row per place mention, resolved or not."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from schemas.columns import BIGINT
from schemas.reasons import Level, Role, Section, UnresolvedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One place mention and the gazetteer entry it was resolved to."""

    article_id: Annotated[str, "Article that mentions the place."]
    version_no: Annotated[int, "Version of that article."]
    mention_no: Annotated[int, "Counts the version's place mentions in order of position, from 1."]
    start_char: Annotated[int, "First code point of the mention in the article's text, from 0."]
    end_char: Annotated[int, "Code point after the mention's last."]
    section: Annotated[Section, "Part of the article in which the mention begins."]
    surface: Annotated[str, "The mention as printed."]
    geonames_id: Annotated[int | None, "GeoNames id; null when unresolved or when the entry is not GeoNames'.", BIGINT]
    place_name: Annotated[str | None, "The gazetteer's name; null when unresolved."]
    feature_class: Annotated[str | None, "GeoNames feature class (A, P, L, H, T, S …); null when unresolved."]
    feature_code: Annotated[str | None, "GeoNames feature code (PCLI, ADM1, PPL …); null when unresolved."]
    level: Annotated[Level | None, "Kind of place; null when unresolved."]
    country_code: Annotated[str | None, "ISO 3166-1 alpha-2; null when unresolved or across countries."]
    admin1_code: Annotated[
        str | None,
        "GeoNames first-level division, such as US.LA; null when unresolved or above it.",
    ]
    admin1_name: Annotated[str | None, "Name of that division; null with it."]
    latitude_deg: Annotated[float | None, "WGS 84, north positive; null when unresolved."]
    longitude_deg: Annotated[float | None, "WGS 84, east positive; null when unresolved."]
    population: Annotated[int | None, "Inhabitants by the gazetteer; null when unresolved or unknown.", BIGINT]
    confidence: Annotated[
        float | None,
        "Probability that the entry is the right one, 0 to 1; null when unresolved for want of a candidate.",
    ]
    method: Annotated[
        str | None,
        "Evidence that decided: only_candidate, containment (what it lies in is named), context (the other places), "
        "prominence (size and fame), demonym; null when unresolved.",
    ]
    role: Annotated[Role, "Place itself, demonym, or part of an organisation's name."]
    runner_up_geonames_id: Annotated[int | None, "Next best entry; null when there was no other.", BIGINT]
    unresolved_reason: Annotated[UnresolvedReason | None, "Why there is no entry; null when resolved."]
    published_date: Annotated[date, "The article's published_date."]
    pipeline_id: Annotated[str, "Hash of code, model, gazetteer and settings that derived this row."]
