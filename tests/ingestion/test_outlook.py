"""How many files a run has before it, whoever prepares them and whenever they are committed."""

from dataclasses import replace
from pathlib import Path

import pytest

from tasks.ingestion.ingesting import run_ingest
from tasks.ingestion.outlook import Outlook
from tasks.ingestion.pace import RunProgress
from tasks.ingestion.preparing import prepare_here
from tasks.storage.layout import locate
from tests.ingestion.mill import Mill, block, words


def test_the_batch_that_one_worker_has_committed_is_counted_too(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number)))
    begin = Outlook.begin

    def begun_and_ended(outlook: Outlook, *arguments: object) -> None:
        begin(outlook, *arguments)  # type: ignore[arg-type]
        assert outlook.thread
        outlook.thread.join()

    monkeypatch.setattr(Outlook, "begin", begun_and_ended)
    told: list[RunProgress] = []
    run_ingest(replace(mill.settings, batch_files=2), prepare_here, told.append)
    counted = [progress.files_found for progress in told if progress.files_found is not None]
    assert counted
    assert set(counted) == {6}


def test_a_folder_that_cannot_be_counted_is_no_fault_of_the_count(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    outlook = Outlook()
    outlook.begin(locate(tmp_path / "none"), tmp_path / "gone", 1, (0, 0))
    assert outlook.thread
    outlook.thread.join()
    assert outlook.total is None
    assert [str(warning.message) for warning in recwarn] == []
