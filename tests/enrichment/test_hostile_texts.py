"""Texts that somebody made to be slow, or to come out otherwise the next time."""

import os
import subprocess
import sys
import time

import pytest

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.recognition.labels import settle_labels
from tasks.enrichment.recognition.spans import find_names_in
from tests.enrichment.marked import read_marked

SPORT = "Soccer-League scores\nThe striker scored a goal, they beat them.\n"
LONGEST_SECONDS = 2.0


@pytest.mark.parametrize(
    "unit", ["A", " ", "-", "A. ", "'s", "1", ",", " -", "A AT ", "Aa ", "Aa 1 (. ", "AA, Aa. ", " 2018-2019", "Aa (a "]
)
@pytest.mark.parametrize("end", [" x\n", "a.x\n"])
def test_no_run_of_one_kind_is_slow_in_the_rules(unit: str, end: str, gazetteer: Gazetteer) -> None:
    text, spans = read_marked(f"{SPORT}[John|PERSON] Arsenal{unit * (20_000 // len(unit))}{end}[Leeds] won.")
    start = time.process_time()
    settle_labels(text, spans, gazetteer)
    assert time.process_time() - start < LONGEST_SECONDS


@pytest.mark.parametrize("figure", ["2018-2019", "1234.5", "12,345.67", "1111"])
def test_many_figures_behind_a_name_are_cut_in_no_time(figure: str) -> None:
    start = time.process_time()
    find_names_in("Smith" + f" {figure}" * 40 + " (x)", "PERSON")
    assert time.process_time() - start < LONGEST_SECONDS


def test_names_do_not_depend_on_the_order_of_sets() -> None:
    code = (
        "from tasks.enrichment.gazetteer.build import gazetteer_path\n"
        "from tasks.enrichment.gazetteer.lookup import Gazetteer\n"
        "from tasks.enrichment.recognition.labels import settle_labels\n"
        "from tasks.enrichment.settings import EnrichmentSettings\n"
        "gazetteer = Gazetteer(gazetteer_path(EnrichmentSettings()))\n"
        "for text in ('Crystal John Munoz was found; Michael David Kowalczyk and Jennifer Susan Okafor left.',\n"
        "    'Soccer- The Detroit Lions Packers game; Dallas Cowboys Redskins talk; Boston Celtics Lakers.',\n"
        "    'NATO, Reuters, Google and Hezbollah spoke of UNESCO-Reuters-Google.'):\n"
        "    print(settle_labels(text, [], gazetteer))\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1
    assert "Span" in answers.pop()
