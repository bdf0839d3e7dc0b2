"""`pipeline_id` changes with what derives a row, and costs nothing."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

from tasks.enrichment.enricher import EnrichmentSettings, pipeline_id


def test_another_model_is_another_pipeline() -> None:
    assert pipeline_id(EnrichmentSettings()) != pipeline_id(EnrichmentSettings(model="en_core_web_sm"))


def test_more_languages_are_another_pipeline() -> None:
    settings = EnrichmentSettings(languages=(("de", "en_core_web_sm"),))
    assert pipeline_id(EnrichmentSettings()) != pipeline_id(settings)


def test_the_same_settings_are_the_same_pipeline() -> None:
    pipeline_id.cache_clear()
    first = pipeline_id(EnrichmentSettings())
    pipeline_id.cache_clear()
    assert pipeline_id(EnrichmentSettings()) == first


def test_it_takes_no_time() -> None:
    pipeline_id.cache_clear()
    started = perf_counter()
    pipeline_id(EnrichmentSettings())
    assert perf_counter() - started < 0.05


def test_it_loads_neither_spacy_nor_a_model(project: Path) -> None:
    program = (
        "import sys; from tasks.enrichment.enricher import EnrichmentSettings, has_model, pipeline_id;"
        "pipeline_id(EnrichmentSettings()); has_model('de', EnrichmentSettings());"
        "sys.exit('spacy' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=project, check=False).returncode == 0
