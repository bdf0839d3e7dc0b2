"""Coverage-guided fuzzing of the reader with atheris: bytes that reach new code are kept and changed further.

    pip install atheris
    python -m tests.fuzz.reading --minutes 15

Starts from the news in `seeds/raw` and from what it kept in earlier runs (`.fuzz/`, ignored by git); whoever changes
the reader runs it for a quarter of an hour. An input that breaks a promise, raises or takes too long ends the run and
lies in `.fuzz/` as `crash-…`; shown again with `python -m tests.fuzz.reading .fuzz/crash-…`. Not part of the tests:
atheris has no wheels for every Python, and what it finds becomes a line in `tests/reading`.
"""

import argparse
import importlib
import time
from pathlib import Path
from zlib import crc32

PROJECT = Path(__file__).parents[2]
KEPT = PROJECT / ".fuzz"
LONGEST_INPUT = 4_096
# Every fourth short input is also read many times over in one file, where a cost that grows with the square shows.
SHORT_INPUT, REPEATED_BYTES = 48, 200_000
# Ten times what reading takes when it is traced, and the time of one garbage collection.
SECONDS_A_BYTE, SPARE_SECONDS = 20e-6, 0.5

WORDS = [" date 2025-12-01 ", "\ndate ", "Date: ", "DATE ", "date unknown ", "2025-12-01T23:30:00-05:00", "Monday, "]
WORDS += ["1 December 2025", "Dec 1, 2025", "20251201", "03/04/2025", "2025-13-40", "\r\n", "\u2028", "\ufeff", "\xa0"]
WORDS += [
    "<p>",
    "</p>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "&amp;",
    "&#x",
    "**",
    "# ",
    "- ",
    "â€™",
    "Ã©",
    "\u0301",
]
WORDS += ["By ", "KYIV, Dec 1 (Reuters) - ", "-\n", "\u200d", "\u202e", "\xad", "<br>", "&lt;", "]]>", "<![CDATA["]
WORDS += ["\u0301", "=\n", "=E2=80=99", "\x85", "年12月1日", "10:15 GMT+1", "(Mon)"]


def main() -> None:
    """Runs until the minutes are over or an input breaks a promise; or reads the named inputs once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("inputs", nargs="*", type=Path, help="read only these, as a crash is looked at")
    options = parser.parse_args()
    atheris = importlib.import_module("atheris")  # no part of the environment

    with atheris.instrument_imports(include=["tasks.reading"]):
        import tests.reading.promises  # noqa: F401 - and with it the reader
    atheris.Setup(["reading", *fuzzer_options(options)], read_and_look)
    atheris.Fuzz()


def fuzzer_options(options: argparse.Namespace) -> list[str]:
    """What libFuzzer is told."""
    if options.inputs:
        return [str(path) for path in options.inputs]
    KEPT.mkdir(exist_ok=True)
    words = KEPT / "words.txt"
    words.write_text("".join(f'"{quoted(word)}"\n' for word in WORDS), encoding="ascii")
    return [
        f"-dict={words}",
        f"-max_len={LONGEST_INPUT}",
        f"-max_total_time={options.minutes * 60:.0f}",
        f"-artifact_prefix={KEPT}/",
        "-timeout=30",
        "-report_slow_units=30",
        "-print_final_stats=1",
        str(corpus()),
    ]


def corpus() -> Path:
    """The inputs to begin with: those kept, and the beginning of each seed."""
    folder = KEPT / "corpus"
    folder.mkdir(exist_ok=True)
    for seed in sorted((PROJECT / "seeds" / "raw").rglob("*.txt"))[:40]:
        (folder / seed.name).write_bytes(seed.read_bytes()[:1_000])
    return folder


def quoted(word: str) -> str:
    """A word as libFuzzer's dictionaries write it."""
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


def read_and_look(data: bytes) -> None:
    """Read one input and look at everything that is promised."""
    from tasks.reading.parsing import parse_file
    from tasks.reading.settings import ReadingSettings
    from tests.reading.promises import assert_nothing_is_lost, assert_promises

    day_first = (None, True, False)[len(data) % 3]
    start = time.process_time()
    reading = parse_file(data, ReadingSettings(day_first=day_first))
    assert_in_time(start, len(data))
    assert_promises(reading)
    assert_nothing_is_lost(data, day_first)
    if 0 < len(data) <= SHORT_INPUT and crc32(data) % 4 == 0:
        many = b" date 2025-12-01 A\n" + data * (REPEATED_BYTES // len(data))
        start = time.process_time()
        parse_file(many, ReadingSettings(day_first=day_first))
        assert_in_time(start, len(many))


def assert_in_time(start: float, size: int) -> None:
    """Reading took no more CPU time than its size may cost."""
    spent = time.process_time() - start
    assert spent < SPARE_SECONDS + size * SECONDS_A_BYTE, f"{spent:.2f} s for {size:,} bytes"


if __name__ == "__main__":
    main()
