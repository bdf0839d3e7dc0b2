"""The `entities` table: one row per named-entity mention."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from schemas.reasons import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One mention of a named entity; `text[start_char:end_char] == surface` always holds."""

    article_id: Annotated[str, "Article that has the mention."]
    version_no: Annotated[int, "Version of that article."]
    mention_no: Annotated[int, "Counts the version's mentions in order of position, from 1."]
    start_char: Annotated[int, "First code point of the mention in the article's text, from 0."]
    end_char: Annotated[int, "Code point after the mention's last."]
    section: Annotated[Section, "Part of the article in which the mention begins."]
    surface: Annotated[str, "The mention as printed."]
    title: Annotated[
        str | None,
        "Titles directly before a person's name, as printed: Sir, Prime Minister; null without one and in older rows.",
    ] = None
    label: Annotated[str, "OntoNotes type: PERSON, ORG, GPE, LOC, FAC, NORP, EVENT and others."]
    entity_id: Annotated[str, "Hash of kind and canonical name: equal across articles for equal names."]
    canonical_name: Annotated[
        str, "Fullest name that the article gives for the entity; well-known acronyms spelled out."
    ]
    canonical_method: Annotated[
        str,
        "Rule that gave the canonical name: own_name, same_name, surname, first_name, middle_name, initials, "
        "introduced (said beside it), fuller_name, acronym, organisation_prefix, organisation_suffix, spelling, alias.",
    ]
    canonical_score: Annotated[
        float | None,
        "How often that rule is right, 0 to 1: 1 for the name as printed; null in rows of newsmill 0.2 and before.",
    ] = None
    published_date: Annotated[date, "The article's published_date."]
    pipeline_id: Annotated[str, "Hash of code, model, gazetteer and settings that derived this row."]
