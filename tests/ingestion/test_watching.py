"""Waiting for files: what arrives is handed over, and so is a silence, to whoever wants to notice one."""

from contextlib import closing
from itertools import islice
from pathlib import Path

from tasks.ingestion.watching import Watch, stable_waves
from tests.ingestion.mill import mill_at


def test_after_a_while_without_files_none_are_handed_over(tmp_path: Path) -> None:
    mill = mill_at(tmp_path)
    watch = Watch(quiet_seconds=0.1, idle_seconds=0.3)
    with closing(stable_waves(mill.input, mill.warehouse, watch, 0.1)) as waves:
        assert list(islice(waves, 2)) == [set(), set()]
        mill.put("one.txt", "one")
        (file,) = next(wave for wave in waves if wave)
    assert file.path == "one.txt"
