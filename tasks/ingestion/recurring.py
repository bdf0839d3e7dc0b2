"""Lines found to recur after articles with them were stored: these articles are marked and enriched again."""

import sqlite3
from collections import Counter

from tasks.identity.index import Index
from tasks.identity.lines import unmarked_lines
from tasks.ingestion.backfilling import plan_renewals, prepared
from tasks.ingestion.judging import RunContext
from tasks.ingestion.plans import FailedBatch, Prepare, PreparedBatch
from tasks.ingestion.renewal import Change, commit_renewals, compare_slice
from tasks.ingestion.staging import delete_slice
from tasks.settings import Settings
from tasks.storage.layout import Warehouse


def mark_stored(
    warehouse: Warehouse, ledger: sqlite3.Connection, settings: Settings, prepare: Prepare, context: RunContext
) -> int:
    """Mark recurring lines in the stored articles that came before they were known; gives how many rows changed.

    What fails stays unmarked for the next run: the ledger names it until the commit that marks it.
    """
    waiting = unmarked_lines(ledger)
    if not waiting:
        return 0
    versions = Index(ledger).outlines_of({article_id for _, article_id in waiting})
    plans = plan_renewals(versions, settings, context.run_id, reparse=False)
    planned = Counter(version.article_id for version in versions)
    left = {version.key for version in versions}
    changes: list[Change] = []
    answers: list[PreparedBatch] = []
    for answer in prepared(plans, prepare):
        if isinstance(answer, FailedBatch):
            continue
        answers.append(answer)
        for folder in answer.slices:
            comparison = compare_slice(warehouse, ledger, folder, context)
            changes += comparison.changes
            left -= comparison.derived
    failed = {article_id for article_id, _ in left}
    marked = [(line, article_id, planned[article_id]) for line, article_id in waiting if article_id not in failed]
    if changes or marked:
        commit_renewals(warehouse, ledger, changes, context, marked=marked)
    for answer in answers:
        for folder in answer.slices:
            delete_slice(folder)
    return len(changes)
