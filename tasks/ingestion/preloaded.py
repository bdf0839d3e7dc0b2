"""Imported once by the process that workers are forked from: what it loads is in the memory of all of them, once."""

import os
from contextlib import suppress

import tasks.ingestion.batch  # noqa: F401  (what every worker imports)
from tasks.enrichment.enricher import spare_collector
from tasks.enrichment.fast_ner.choosing import load_recogniser
from tasks.ingestion.workers import SHARED_MODELS

for model in filter(None, os.environ.get(SHARED_MODELS, "").split(",")):
    # A worker that needs a model which cannot be loaded says so itself.
    with suppress(Exception):
        load_recogniser(model, stock=False)
spare_collector()
