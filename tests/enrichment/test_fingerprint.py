"""`pipeline_id` changes with what derives a row, and costs nothing."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tasks.enrichment.enricher import EnrichmentSettings, pipeline_id
from tasks.enrichment.fingerprint import id_with


def test_another_model_is_another_pipeline() -> None:
    assert pipeline_id(EnrichmentSettings()) != pipeline_id(EnrichmentSettings(model="en_core_web_sm"))


def test_more_languages_are_another_pipeline() -> None:
    settings = EnrichmentSettings(languages=(("de", "en_core_web_sm"),))
    assert pipeline_id(EnrichmentSettings()) != pipeline_id(settings)


def test_the_same_settings_are_the_same_pipeline() -> None:
    id_with.cache_clear()
    first = pipeline_id(EnrichmentSettings())
    id_with.cache_clear()
    assert pipeline_id(EnrichmentSettings()) == first


def gazetteer(file: Path, fingerprint: str) -> str:
    """A file that says it is a gazetteer; gives its path."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE build (key, value)")
        database.execute("INSERT INTO build VALUES ('fingerprint', ?)", (fingerprint,))
        database.commit()
    return str(file)


def test_the_gazetteer_is_the_one_that_the_variable_names_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSMILL_GAZETTEER", gazetteer(tmp_path / "first.sqlite", "1"))
    first = pipeline_id(EnrichmentSettings())
    monkeypatch.setenv("NEWSMILL_GAZETTEER", gazetteer(tmp_path / "second.sqlite", "2"))
    assert pipeline_id(EnrichmentSettings()) != first


def test_it_loads_neither_spacy_nor_a_model(project: Path) -> None:
    program = (
        "import sys; from tasks.enrichment.enricher import EnrichmentSettings, has_model, pipeline_id;"
        "pipeline_id(EnrichmentSettings()); has_model('de', EnrichmentSettings());"
        "sys.exit('spacy' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=project, check=False).returncode == 0
