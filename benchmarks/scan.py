"""What finding nothing new costs: a folder of files that are all known, listed over a bare walk of it.

    python -m benchmarks.scan [--files 1000000] [--in-folder 4000] [--pairs 3]

The files are empty: listing looks at names, sizes and times alone. They are entered in the ledger by what enters them
after a commit. Each walk and each listing has a process of its own; the walk does `os.scandir` and `stat` and counts.
Targets: twice the seconds of the walk, 500 MB.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.claims import Claim
from benchmarks.measuring import Cost, apart, costs, in_turn, peak_megabytes, print_machine, scratch, spread, verdict

TARGET_RATIO = 2.0
TARGET_MEGABYTES = 500
FILES_AT_ONCE = 5_000
COMMAND = "python -m benchmarks.scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What going through a folder cost, and how many files it met."""

    files: int
    cost: Cost
    peak_megabytes: float


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints seconds, their ratio and the memory of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--in-folder", type=int, default=4_000, help="files in each folder")
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args(arguments)
    print_machine()
    with scratch() as place:
        inbox, warehouse = place / "in", place / "data"
        write_files(inbox, options.files, options.in_folder)
        apart(enter_all, inbox, warehouse)
        pairs = [
            in_turn(number, partial(apart, walk, inbox), partial(apart, find_nothing, inbox, warehouse))
            for number in range(options.pairs)
        ]
    return print_scans(pairs, options.in_folder)


def write_files(inbox: Path, count: int, in_folder: int) -> None:
    """So many empty files, a folder after the other."""
    for first in range(0, count, in_folder):
        folder = inbox / "wire" / f"{first // in_folder:06d}"
        folder.mkdir(parents=True)
        for number in range(first, min(first + in_folder, count)):
            (folder / f"{number:09d}.txt").touch()


def enter_all(inbox: Path, warehouse: Path) -> None:
    """Note every file of a folder as dealt with, as `ingest` does after a commit."""
    from schemas.entity import Entity
    from schemas.location import Location
    from schemas.reasons import FileOutcome
    from tasks.ingestion.planning import find_new_files, input_number
    from tasks.ingestion.seeing import enter_seen
    from tasks.ingestion.staging import Slice, StagedFile, delete_slice, mention_table, write_slice
    from tasks.reading.discovery import FoundFile, kept_ns
    from tasks.storage.opening import writing

    def staged(found: FoundFile) -> StagedFile:
        folder, name = os.path.split(os.fsencode(found.path))
        return StagedFile(
            path=found.path,
            folder=folder,
            name=name,
            size_bytes=found.size_bytes,
            modified_ns=kept_ns(found.modified_ns),
            modified_at=datetime(2025, 12, 1, tzinfo=UTC),
            file_id=f"{hash(found.path):064x}",
            outcome=FileOutcome.READ,
            reason=None,
            detail=None,
            article_count=1,
        )

    entities, locations = mention_table(Entity, []), mention_table(Location, [])
    with writing(warehouse) as (place, ledger):
        input_id = input_number(ledger, inbox)
        found = find_new_files(ledger, inbox, input_id)
        while files := [staged(file) for file in islice(found, FILES_AT_ONCE)]:
            write_slice(place.tmp / "slice", Slice(files=files, blocks=[], entities=entities, locations=locations))
            enter_seen(ledger, input_id, place.tmp / "slice")
            delete_slice(place.tmp / "slice")


def walk(inbox: Path) -> Scan:
    """Names and standings of everything below a folder, with nothing done about them."""
    files = 0
    with costs() as spent:
        folders = [str(inbox)]
        while folders:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        entry.stat(follow_symlinks=False)
                        files += 1
    return Scan(files=files, cost=spent[0], peak_megabytes=peak_megabytes())


def find_nothing(inbox: Path, warehouse: Path) -> Scan:
    """The listing of `ingest`: what in the folder is not as it was when last dealt with."""
    from tasks.ingestion.planning import find_new_files, input_number
    from tasks.storage.opening import writing

    with writing(warehouse) as (_, ledger):
        input_id = input_number(ledger, inbox)
        with costs() as spent:
            files = sum(1 for _ in find_new_files(ledger, inbox, input_id))
    return Scan(files=files, cost=spent[0], peak_megabytes=peak_megabytes())


def print_scans(pairs: Sequence[tuple[Scan, Scan]], in_folder: int) -> list[Claim]:
    """Both sides and their ratio."""
    assert all(not listing.files for _, listing in pairs)
    wall = [listing.cost.wall_seconds / bare.cost.wall_seconds for bare, listing in pairs]
    cpu = [listing.cost.cpu_seconds / bare.cost.cpu_seconds for bare, listing in pairs]
    peak = max(listing.peak_megabytes for _, listing in pairs)
    files = f"{pairs[0][0].files:,} known files, {in_folder:,} a folder"
    is_fast, is_small = median(wall) <= TARGET_RATIO, peak <= TARGET_MEGABYTES
    print(f"\n{files}; median of {len(pairs)} pairs (least to greatest)")
    print(f"  os.scandir and stat      {spread([bare.cost.wall_seconds for bare, _ in pairs])} s")
    print(f"  finding nothing new      {spread([listing.cost.wall_seconds for _, listing in pairs])} s")
    print(f"  ratio                    {spread(wall)}, target {TARGET_RATIO:.0f}: {verdict(is_fast)}")
    print(f"  ratio by CPU time        {spread(cpu)}")
    print(f"  peak memory              {peak:.0f} MB, target {TARGET_MEGABYTES}: {verdict(is_small)}")
    return [
        Claim(
            claim=f"Listing {files}, over `os.scandir` and `stat`",
            command=COMMAND,
            measured=f"{spread(wall)} times",
            target=f"{TARGET_RATIO:.0f} times",
            met=is_fast,
        ),
        Claim(
            claim="Peak memory of that listing",
            command=COMMAND,
            measured=f"{peak:.0f} MB",
            target=f"{TARGET_MEGABYTES} MB",
            met=is_small,
        ),
    ]


if __name__ == "__main__":
    main()
