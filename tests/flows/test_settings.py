"""What flags and variables come to, and what is refused before any work."""

from pathlib import Path
from typing import Any

import pytest
import spacy

from flows.runs import work_parameters
from schemas.errors import WrongUse
from tasks.enrichment.fingerprint import pipeline_id
from tasks.settings import load_settings
from tests.ingestion.mill import MODEL

PAIR = f"en={MODEL}"


@pytest.mark.parametrize(
    ("flag", "variable", "day_first"),
    [
        pytest.param(None, None, None, id="neither says"),
        pytest.param(True, None, True, id="the flag"),
        pytest.param(None, "day-first", True, id="the variable"),
        pytest.param(None, "month-first", False, id="the other value"),
        pytest.param(False, "day-first", False, id="the flag comes before the variable"),
    ],
)
def test_the_date_order_comes_from_the_flag_then_the_variable(
    monkeypatch: pytest.MonkeyPatch, flag: bool | None, variable: str | None, day_first: bool | None
) -> None:
    if variable:
        monkeypatch.setenv("NEWSMILL_DATE_ORDER", variable)
    assert load_settings(day_first=flag).reading.day_first is day_first


def test_languages_come_from_flags_then_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().enrichment.languages == ()
    monkeypatch.setenv("NEWSMILL_LANGUAGES", f" {PAIR} , EN={MODEL},")
    assert load_settings().enrichment.languages == (("en", MODEL),)
    assert load_settings(languages=["en=en_core_web_md"]).enrichment.languages == (("en", "en_core_web_md"),)


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        (["german"], "A language is given as its two-letter code and a model, fr=fr_core_news_sm, not 'german'."),
        (["ger=x"], "not 'ger=x'"),
        (["de="], "not 'de='"),
        (["de=de_core_news_xl"], "The model 'de_core_news_xl' for the language 'de' is not installed"),
        ([f"de={MODEL}"], f"The model {MODEL} reads 'en', not 'de'"),
        ([PAIR, "en=en_core_web_md"], f"en is given two models, {MODEL} and en_core_web_md"),
    ],
)
def test_a_pair_that_cannot_be_is_refused_with_a_sentence(pairs: list[str], sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence.replace(".", r"\.")):
        load_settings(languages=pairs)


def test_a_model_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSMILL_MODEL", "en_core_web_xl")
    with pytest.raises(WrongUse, match="'en_core_web_xl' is not installed"):
        load_settings()


def test_a_model_that_finds_no_names_is_refused_by_the_flag_that_gave_it(tmp_path: Path) -> None:
    spacy.blank("fr").to_disk(tmp_path / "fr")
    folder = str(tmp_path / "fr")
    said = f"The model {folder} has no named-entity recogniser ('ner'); name another with "
    with pytest.raises(WrongUse) as by_model:
        load_settings(model=folder)
    assert str(by_model.value) == f"{said}--model."
    with pytest.raises(WrongUse) as by_language:
        load_settings(languages=[f"fr={folder}"])
    assert str(by_language.value) == f"{said}--language fr=NAME."


def test_the_parameters_of_a_flow_give_the_same_settings_again() -> None:
    settings = load_settings(
        model=MODEL, languages=[PAIR], day_first=True, runner="pool", pool="desk", workers=3, batch_files=9
    )
    parameters = work_parameters(settings)
    assert load_settings(batch_files=parameters.pop("batch_size"), **parameters) == settings


@pytest.mark.parametrize(
    ("flag", "variable", "encoding"),
    [
        pytest.param(None, None, None, id="found out"),
        pytest.param(None, "windows-1250", "cp1250", id="the variable"),
        pytest.param("koi8-r", "windows-1250", "koi8-r", id="the flag comes before the variable"),
    ],
)
def test_an_encoding_comes_from_the_flag_then_the_variable(
    monkeypatch: pytest.MonkeyPatch, flag: str | None, variable: str | None, encoding: str | None
) -> None:
    if variable:
        monkeypatch.setenv("NEWSMILL_ENCODING", variable)
    assert load_settings(encoding=flag).reading.legacy_encoding == encoding


@pytest.mark.parametrize("name", ["nonsense", "base64", "idna", "rot13"])
def test_what_is_no_encoding_of_text_is_wrong_use(name: str) -> None:
    with pytest.raises(WrongUse, match="no text encoding"):
        load_settings(encoding=name)


def test_names_that_a_warehouse_keeps_apart_reach_the_enrichment(tmp_path: Path) -> None:
    before = load_settings(warehouse=tmp_path).enrichment
    (tmp_path / "name_aliases.csv").write_text(
        "rule,kind,name,canonical_name,source,licence\nmerge,person,Big Ada,Ada Lovelace\n"
    )
    assert load_settings(warehouse=tmp_path).enrichment == before
    with (tmp_path / "name_aliases.csv").open("a") as file:
        file.write("never_merge,organisation,Acme Motors,Acme\n")
    after = load_settings(warehouse=tmp_path).enrichment
    assert set(after.apart) - set(before.apart) == {("acme", "acme motors")}
    assert pipeline_id(after) != pipeline_id(before)


@pytest.mark.parametrize(
    ("flags", "variable", "runner", "files"),
    [
        pytest.param({}, None, "processes", 400, id="nothing said"),
        pytest.param({}, "dask", "dask", 400, id="the variable"),
        pytest.param({"runner": "pool"}, "dask", "pool", 4_000, id="the flag comes before the variable"),
        pytest.param({"dask_address": "tcp://desk:8786"}, None, "dask", 400, id="an address says it as well"),
        pytest.param({"runner": "pool", "batch_files": 7}, None, "pool", 7, id="another size of batches"),
    ],
)
def test_who_prepares_batches_comes_from_the_flag_then_the_variable(
    monkeypatch: pytest.MonkeyPatch, flags: dict[str, Any], variable: str | None, runner: str, files: int
) -> None:
    if variable:
        monkeypatch.setenv("NEWSMILL_RUNNER", variable)
    settings = load_settings(**flags)
    assert (settings.runner, settings.batch_files) == (runner, files)


@pytest.mark.parametrize(("flag", "runner"), [(None, "dask"), ("processes", "processes")])
def test_the_address_of_a_cluster_says_who_prepares_batches_as_a_variable_too(
    monkeypatch: pytest.MonkeyPatch, flag: str | None, runner: str
) -> None:
    monkeypatch.setenv("NEWSMILL_DASK_ADDRESS", "tcp://desk:8786")
    settings = load_settings(runner=flag)
    assert (settings.runner, settings.dask_address) == (runner, "tcp://desk:8786")


def test_a_runner_that_there_is_not_is_refused() -> None:
    with pytest.raises(WrongUse, match="runner takes processes, dask, pool, not spark"):
        load_settings(runner="spark")
