"""What the outcomes of a run mean, by the names of their counts."""

OUTCOME_SENTENCES = {
    "files_read": "files read",
    "files_duplicate": "files whose bytes are known under another name",
    "files_skipped": "files skipped by name or kind",
    "files_refused": "files refused, kept in quarantine",
    "files_deferred": "files still changing, left for the next run",
    "articles_new": "new articles",
    "articles_new_version": "new versions of stored articles",
    "articles_unchanged": "articles unchanged in a changed file",
    "articles_exact_duplicate": "exact duplicates, not stored again",
    "articles_near_duplicate": "near-duplicates, stored and flagged",
    "articles_refused": "articles refused, kept in quarantine",
}

SINGULARS = {
    "files": "file",
    "articles": "article",
    "versions": "version",
    "duplicates,": "duplicate,",
    "near-duplicates,": "near-duplicate,",
}


def in_singular(sentence: str) -> str:
    """What an outcome means when it occurred once: the first noun is singular, the rest as it is."""
    words = sentence.split(" ")
    first = next((number for number, word in enumerate(words) if word in SINGULARS), None)
    return sentence if first is None else " ".join([*words[:first], SINGULARS[words[first]], *words[first + 1 :]])
