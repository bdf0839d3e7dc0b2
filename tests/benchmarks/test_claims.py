"""The table of docs/performance.md, as benchmarks write it."""

from benchmarks.claims import BEGIN, END, Claim, other_machine, rewritten

MACHINE = "A processor, 2 cores, Python 3.11.7."
PAGE = f"# Performance\n\nProse before.\n\n{BEGIN}{END}\nProse behind.\n"
READING = Claim(claim="reading", command="python -m benchmarks.reading", measured="1,600 articles/s")
RERUN = Claim(claim="again", command="python -m benchmarks.rerun", measured="1.2 s", target="≤ 3 s", met=True)


def lines(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith("|")]


def test_claims_stand_between_the_marks_and_the_prose_stays() -> None:
    assert rewritten(PAGE, [READING, RERUN], MACHINE, "2026-01-02") == (
        f"# Performance\n\nProse before.\n\n{BEGIN}\n{MACHINE}\n\n"
        "| claim | measured | target | command | day |\n| --- | --- | --- | --- | --- |\n"
        "| reading | 1,600 articles/s |  | `python -m benchmarks.reading` | 2026-01-02 |\n"
        "| again | 1.2 s | ≤ 3 s, met | `python -m benchmarks.rerun` | 2026-01-02 |\n"
        f"\n{END}\nProse behind.\n"
    )


def test_one_benchmark_replaces_its_own_rows_where_they_stood() -> None:
    slower = Claim(
        claim="files | bytes",
        command="python -m benchmarks.reading --articles 9",
        measured="900",
        target="≥ 1,500",
        met=False,
    )
    page = rewritten(rewritten(PAGE, [READING, RERUN], MACHINE, "2026-01-02"), [slower, READING], MACHINE, "2026-01-03")
    assert lines(page)[2:] == [
        r"| files \| bytes | 900 | ≥ 1,500, **missed** | `python -m benchmarks.reading --articles 9` | 2026-01-03 |",
        "| reading | 1,600 articles/s |  | `python -m benchmarks.reading` | 2026-01-03 |",
        "| again | 1.2 s | ≤ 3 s, met | `python -m benchmarks.rerun` | 2026-01-02 |",
    ]
    assert rewritten(page, [], MACHINE, "2026-01-04") == page


def test_rows_of_two_machines_are_not_mixed() -> None:
    page = rewritten(PAGE, [READING, RERUN], MACHINE, "2026-01-02")
    assert other_machine(page, [READING.command], MACHINE) is None
    assert other_machine(page, [READING.command], "Another.") == MACHINE
    assert other_machine(page, [READING.command, RERUN.command], "Another.") is None
