"""Worker processes end with the process that started them, also when that one is killed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tasks.ingestion.plans import BatchPlan, Plan, PreparedBatch
from tasks.ingestion.workers import BatchTooLong, prepare_in_time
from tasks.settings import Settings

PROGRAM = """
import os, sys, time
from tasks.ingestion.workers import start_workers

def busy(_):
    os.write(1, b"%d\\n" % os.getpid())  # in one write: the pipe is shared
    {work}

if __name__ == "__main__":
    with start_workers(2, None) as pool:
        list(pool.map(busy, range(2)))
"""


@pytest.mark.parametrize(
    "work",
    [
        pytest.param("time.sleep(600)", id="waiting"),
        pytest.param("while True: sum(range(1000))", id="computing"),
    ],
)
def test_workers_of_a_killed_parent_end(project: Path, tmp_path: Path, work: str) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PROGRAM.format(work=work))
    environment = os.environ | {"PYTHONPATH": str(project)}
    parent = subprocess.Popen([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = [int(parent.stdout.readline()) for _ in range(2)]
    assert all(map(is_alive, workers))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 60
    while any(map(is_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in workers if is_alive(pid)] == []
    parent.stdout.close()


LATER = """
import ctypes, os
from tasks.ingestion.workers import start_workers

def look(_):
    seen = {name: os.environ.get(name) for name in ("NEWSMILL_GAZETTEER", "AWS_ENDPOINT_URL", "OPENBLAS_NUM_THREADS")}
    # What libraries of C see, such as that for S3.
    get = ctypes.CDLL(None).getenv
    get.restype = ctypes.c_char_p
    return *seen.values(), get(b"AWS_ENDPOINT_URL"), os.getcwd()

if __name__ == "__main__":
    os.environ["NEWSMILL_GAZETTEER"] = "first.sqlite"
    with start_workers(1, None) as pool:
        print(*pool.map(look, [None]))
    del os.environ["NEWSMILL_GAZETTEER"]
    os.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    os.chdir("/")
    with start_workers(1, None) as pool:
        print(*pool.map(look, [None]))
"""


def test_later_workers_see_variables_and_folder_as_they_are_then(project: Path, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(LATER)
    environment = os.environ | {"PYTHONPATH": str(project)}
    run = subprocess.run(
        [sys.executable, str(script)], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == [
        f"('first.sqlite', None, '1', None, '{tmp_path}')",
        "(None, 'http://127.0.0.1:1', '1', b'http://127.0.0.1:1', '/')",
    ]


SHARING = """
from tasks.ingestion.workers import start_workers

def look(_):
    from tasks.enrichment.fast_ner.choosing import load_recogniser
    loaded = load_recogniser.cache_info().currsize
    load_recogniser("en_core_web_sm", stock=False)
    return loaded, load_recogniser.cache_info().hits

if __name__ == "__main__":
    with start_workers(1, None, ["en_core_web_sm"]) as pool:
        print(*pool.map(look, [None]))
"""


@pytest.mark.model
def test_workers_begin_with_the_model_that_they_share(project: Path, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(SHARING)
    environment = os.environ | {"PYTHONPATH": str(project)}
    run = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "(1, 1)"


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_batch_that_is_stopped_is_not_taken_for_a_damaged_file(tmp_path: Path) -> None:
    def endless(_: Plan) -> PreparedBatch:
        while True:
            with suppress(OSError):  # as reading does around a file
                time.sleep(1)

    plan = BatchPlan(run_id="r", batch_no=1, files=(), settings=Settings(warehouse=tmp_path))
    before = signal.getsignal(signal.SIGALRM)
    try:
        with pytest.raises(BatchTooLong):
            prepare_in_time(endless, plan, 0.1)
    finally:
        signal.signal(signal.SIGALRM, before)
