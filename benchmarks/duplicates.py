"""Whether near-duplicates cost O(new): seconds for 1,000 more articles when 100,000 are stored over those at 10,000.

    python -m benchmarks.duplicates [--articles 10000 100000] [--pairs 5] [--copies 10000]

Articles of about 250 words are committed a thousand at a time, without a language model: twenty in a hundred are
copies, corrections or items of templates (`benchmarks.made_news`). The larger warehouse holds ten times the days, and
then, in another comparison, the same days at ten times the density, since the window holds ten times the candidates
then. Timed are the index alone (the ledger's transaction from the first look-up to COMMIT, in a copy of the ledger) and
the whole commit with Parquet and publishing. Target: 1.5 times. Last, so many copies of one text, oldest first and
newest first.
"""

import argparse
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.claims import Claim
from benchmarks.made_news import FIRST_DAY, MadeArticle, Newsroom, stage
from benchmarks.measuring import Cost, apart, costs, in_turn, peak_megabytes, print_machine, scratch, spread, verdict
from schemas.reasons import ArticleOutcome, RunKind
from tasks.identity.duplicates import Linking
from tasks.identity.index import Index
from tasks.identity.settings import WINDOW_DAYS
from tasks.identity.versions import find_delivery, identify
from tasks.ingestion.committing import commit_slices
from tasks.ingestion.judging import RunContext, arrival
from tasks.ingestion.staging import Slice, delete_slice, read_slice
from tasks.storage.compaction import compact
from tasks.storage.layout import locate
from tasks.storage.ledger import empty_log
from tasks.storage.opening import writing

TARGET = 1.5
COMMAND = "python -m benchmarks.duplicates"
ARTICLES_A_DAY = 100
BATCH = 1_000
CONTEXT = RunContext(run_id="bench", kind=RunKind.INGEST, pipeline_id="none", window_days=WINDOW_DAYS, input_id=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A warehouse with some articles, and batches of a thousand more that wait for it."""

    root: Path
    articles: int
    a_day: float
    batches: Sequence[Path]
    ledger_bytes: int
    peak_mb: float


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints the ratios of one run."""
    options = parse_arguments(arguments)
    print_machine()
    few, many = options.articles
    with scratch() as folder:
        found = compare(folder, ARTICLES_A_DAY, options)
        found += compare(folder, ARTICLES_A_DAY * many // few, options)
        return found + [print_copies(folder / f"copies{order}", options.copies, order) for order in (1, -1)]


def compare(folder: Path, a_day: int, options: argparse.Namespace) -> list[Claim]:
    """A batch more at both sizes, the larger with so many articles a day."""
    few, many = options.articles
    small = apart(build, folder / f"{few}-{a_day}", few, ARTICLES_A_DAY, options.pairs)
    large = apart(build, folder / f"{many}-{a_day}", many, a_day, options.pairs)
    print(f"\n{few:,} articles, {ARTICLES_A_DAY} a day, and {many:,}, {a_day:,} a day; {BATCH:,} more")
    found = [
        print_growth("index alone", small, large, index_cost, options.pairs),
        print_growth("whole commit", small, large, commit_cost, options.pairs),
    ]
    found.append(print_sizes(small, large))
    for stock in (small, large):
        shutil.rmtree(stock.root)
    return found


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How many articles, how often."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs=2, default=(10_000, 100_000), help="the two sizes to compare")
    parser.add_argument("--pairs", type=int, default=5, help="repeats of each comparison")
    parser.add_argument("--copies", type=int, default=10_000, help="copies of one text")
    return parser.parse_args(arguments)


def build(root: Path, articles: int, a_day: float, batches: int) -> Stock:
    """Fill a warehouse and stage batches for it."""
    newsroom = Newsroom(articles_a_day=a_day)
    root.mkdir()
    warehouse = root / "data"
    for number in range(articles // BATCH):
        folder = stage(root / f"filling-{number}", newsroom.write(BATCH))
        commit_cost(warehouse, folder)
        delete_slice(folder)
        if number % 10 == 9:
            with writing(warehouse) as (place, ledger):
                compact(place, ledger, CONTEXT.run_id)
    waiting = [stage(root / f"batch-{number}", newsroom.write(BATCH)) for number in range(batches)]
    with writing(warehouse) as (place, ledger):
        empty_log(ledger)
    size = locate(warehouse).ledger.stat().st_size
    return Stock(
        root=root, articles=articles, a_day=a_day, batches=waiting, ledger_bytes=size, peak_mb=peak_megabytes()
    )


def commit_cost(warehouse: Path, batch: Path) -> Cost:
    """What the whole commit of a batch takes."""
    with writing(warehouse) as (place, ledger), costs() as spent:
        commit_slices(place, ledger, [batch], replace(CONTEXT, run_id=f"{batch.parent.name}-{batch.name}"))
    return spent[0]


def index_cost(warehouse: Path, batch: Path) -> Cost:
    """What identity takes for a batch, from the first look-up to COMMIT, in a copy of the ledger."""
    copy = warehouse.parent / "ledger-copy.sqlite"
    if not copy.exists():
        shutil.copyfile(locate(warehouse).ledger, copy)
    ledger = sqlite3.connect(copy, isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        ledger.execute(f"PRAGMA {setting}")
    staged = read_slice(batch)
    with costs() as spent:
        ledger.execute("BEGIN IMMEDIATE")
        enter(staged, Index(ledger))
        ledger.execute("COMMIT")
    ledger.close()
    return spent[0]


def enter(staged: Slice, index: Index) -> None:
    """Judge and link the articles of a slice as a commit does, and leave their keys in the ledger."""
    linking = Linking(index, WINDOW_DAYS)
    for file, block in zip(staged.files, staged.blocks, strict=True):
        index.ledger.execute("INSERT INTO files VALUES (?, ?, 'read', NULL, 0, 0)", (file.path, file.file_id))
        delivery = find_delivery(block.file_id, block.path, {block.content_hash or ""}, index)
        found = identify(arrival(block), delivery, index, 0)
        if found.outcome in (ArticleOutcome.NEW, ArticleOutcome.NEW_VERSION):
            linking.add((found.article_id, found.version_no), block.bands)
        row = (block.file_id, block.position_in_file, found.outcome, found.article_id, found.version_no, 0)
        index.ledger.execute("INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?)", row)
    linking.settle()


def print_growth(what: str, small: Stock, large: Stock, measure: Callable[[Path, Path], Cost], pairs: int) -> Claim:
    """A measure at both sizes and its growth, in pairs that take turns; the index alone leaves its warehouse alone."""
    both = [
        in_turn(
            number,
            partial(measure, small.root / "data", small.batches[number]),
            partial(measure, large.root / "data", large.batches[number]),
        )
        for number in range(pairs)
    ]
    at_few, at_many = (spread([cost.wall_seconds for cost in side]) for side in zip(*both, strict=True))
    growth = [after.wall_seconds / before.wall_seconds for before, after in both]
    by_cpu = [after.cpu_seconds / before.cpu_seconds for before, after in both]
    is_met = median(growth) <= TARGET
    print(f"  {what + ', seconds':<21}  {at_few}, at {large.articles:,} {at_many}")
    print(f"  ratio                  {spread(growth)}, target {TARGET}: {verdict(is_met)}")
    print(f"  ratio by CPU time      {spread(by_cpu)}")
    beside, over = (f"{stock.articles:,}, {stock.a_day:,} a day" for stock in (large, small))
    return Claim(
        claim=f"near-duplicates, {what}: {BATCH:,} more articles beside {beside}, over beside {over}",
        command=COMMAND,
        measured=f"{at_many} s over {at_few} s: {spread(growth)}, by CPU time {median(by_cpu):.2f}",
        target=f"≤ {TARGET}",
        met=is_met,
    )


def print_sizes(small: Stock, large: Stock) -> Claim:
    """What the index of each warehouse takes on the disk, and the process that filled it in memory."""
    small_each, large_each = (stock.ledger_bytes / stock.articles for stock in (small, large))
    for stock, each in ((small, small_each), (large, large_each)):
        print(f"  {stock.articles:>7,}: ledger {each:,.0f} bytes an article, peak memory {stock.peak_mb:.0f} MB")
    beside, over = (f"{stock.articles:,} articles, {stock.a_day:,} a day" for stock in (large, small))
    return Claim(
        claim="ledger, near-duplicate index included, and memory of the process that committed them:"
        f" {beside}, over {over}",
        command=COMMAND,
        measured=f"{large_each:,.0f} over {small_each:,.0f} bytes an article,"
        f" {large.peak_mb:.0f} over {small.peak_mb:.0f} MB",
    )


def print_copies(root: Path, copies: int, order: int) -> Claim:
    """What the copies of one text cost, a thousand at a time: oldest first, or newest."""
    sentences = tuple(Newsroom(articles_a_day=1).sentence() for _ in range(12))
    days = sorted((number // (copies // 40 + 1) for number in range(copies)), reverse=order < 0)
    articles = (
        MadeArticle(
            path=f"copies/{number}.txt",
            day=FIRST_DAY + timedelta(days=day),
            headline=f"Copy {number}",
            sentences=sentences,
        )
        for number, day in enumerate(days)
    )
    root.mkdir()
    seconds = [commit_cost(root / "data", folder).wall_seconds for folder in staged_copies(root, articles, copies)]
    how = "oldest first" if order > 0 else "newest first"
    print(f"\n{copies:,} copies of one text, {how}: {sum(seconds):.1f} s; a thousand {spread(seconds)}")
    return Claim(
        claim=f"{copies:,} copies of one text, committed a thousand at a time, {how}",
        command=COMMAND,
        measured=f"{sum(seconds):.1f} s; a thousand {spread(seconds)} s",
    )


def staged_copies(root: Path, articles: Iterator[MadeArticle], copies: int) -> Iterator[Path]:
    """The copies in slices of a thousand."""
    for number in range(copies // BATCH):
        yield stage(root / f"copies-{number}", (next(articles) for _ in range(BATCH)))


if __name__ == "__main__":
    main()
