"""kill -9 at random moments of commands that change a warehouse, and what the disk shows before anybody mends it."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from subprocess import Popen, TimeoutExpired

from benchmarks.deliveries import DAYS, FIRST_DAY, Delivery, Desk
from benchmarks.holdings import glob_count, torn_reads
from benchmarks.sites import Site, finish, start
from tasks.storage.layout import locate
from tasks.storage.ledger import last_commit
from tasks.storage.opening import open_warehouse
from tasks.storage.readonly import connect_readonly
from tasks.storage.retention import unknown_parts

# Which command the next cycle runs, in parts of all cycles.
COMMANDS = {"ingest": 4, "ingest, 2 workers": 2, "ingest, a worker killed": 1, "backfill": 3, "maintain": 2}
FILES_A_CYCLE = 4
FIRST_FILES = 40

# A moment before this part of a command's usual time is start-up; a command may take longer than it usually does.
EARLIEST, LATEST = 0.3, 1.1


@dataclass(slots=True, kw_only=True)
class Harm:
    """What was done to one warehouse and what was seen of it."""

    site: Site
    chance: random.Random
    desk: Iterator[Delivery]
    deliveries: list[Delivery] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    survived: Counter[str] = field(default_factory=Counter)
    torn: list[str] = field(default_factory=list)
    glob_apart: int = 0
    failed: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        return sum(self.kills.values())


def harm(site: Site, kills: int, seed: int) -> Harm:
    """Kill commands so many times; between them files arrive and a reader looks."""
    chance = random.Random(seed)
    done = Harm(site=site, chance=chance, desk=Desk(seed).deliveries())
    finish(site.ingest())  # of nothing: from now on there is a warehouse to ask
    deliver(done, FIRST_FILES)
    finish(site.ingest())
    for command in COMMANDS:
        deliver(done, FILES_A_CYCLE)
        began = time.perf_counter()
        finish(arguments(done, command))
        done.seconds[command] = time.perf_counter() - began
    while done.killed < kills:
        deliver(done, FILES_A_CYCLE)
        (command,) = chance.choices(list(COMMANDS), list(COMMANDS.values()))
        kill_once(done, command)
        look(done, command)
    return done


def deliver(done: Harm, count: int) -> None:
    """Lay the next files into the inbox; one is overwritten only once it was read, or nobody could say what is lost."""
    while count:
        delivery = next(done.desk)
        if delivery.generation and not is_read(done, delivery.name):
            # What it would have overwritten stays; later files may repeat its bytes, which changes nothing.
            continue
        delivery.lay(done.site.inbox)
        done.deliveries.append(delivery)
        count -= 1


def is_read(done: Harm, name: str) -> bool:
    """Whether the newest file of this name has its row."""
    newest = [delivery for delivery in done.deliveries if delivery.name == name]
    with open_warehouse(done.site.warehouse) as connection:
        query = "SELECT count(*) FROM files WHERE path = ? AND file_id IS NOT NULL"
        row = connection.execute(query, [name]).fetchone()
    return row is not None and row[0] == len(newest) > 0


def arguments(done: Harm, command: str) -> list[str]:
    """What is typed; backfills change the model and take one of two ranges."""
    if command == "backfill":
        first = FIRST_DAY + timedelta(days=done.chance.randrange(DAYS // 2))
        return done.site.backfill(done.chance.choice(done.site.models), str(first), str(first + timedelta(days=DAYS)))
    if command == "maintain":
        return done.site.maintain(done.chance.choice([0, 7]))
    return done.site.ingest(workers=1 if command == "ingest" else 2)


def kill_once(done: Harm, command: str) -> None:
    """Run a command and kill it, or a worker of it, at a random moment; what ends before that is no kill."""
    before = what_is_there(done.site.warehouse)
    running = start(arguments(done, command))
    try:
        running.communicate(timeout=done.seconds[command] * done.chance.uniform(EARLIEST, LATEST))
    except TimeoutExpired:
        if command.endswith("worker killed"):
            kill_a_worker(done, running)
            return
        running.kill()
    _, errors = running.communicate()
    if running.returncode == -signal.SIGKILL:
        done.kills[command, where(done.site.warehouse, before)] += 1
    else:
        note_end(done, command, running.returncode, errors)


def kill_a_worker(done: Harm, running: Popen[bytes]) -> None:
    """Kill one of the processes that read and enrich, as a machine out of memory does; the command goes on."""
    found = workers(running.pid)
    if found:
        with suppress(ProcessLookupError):
            os.kill(done.chance.choice(found), signal.SIGKILL)
            done.kills["ingest, a worker killed", "the command goes on"] += 1
    _, errors = running.communicate()
    note_end(done, "ingest, a worker killed", running.returncode, errors)


def workers(pid: int) -> list[int]:
    """The processes that a command has started to do its work: those forked from its fork server."""
    try:
        servers = [child for child in children(pid) if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes()]
        return [worker for server in servers for worker in children(server)]
    except OSError:
        return []


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def note_end(done: Harm, command: str, code: int, errors: bytes) -> None:
    """A command that came to its end must have come to a good one."""
    done.survived[command] += 1
    if code:
        done.failed.append(f"{command} ended with {code}: {errors.decode()[-250:]}")


def what_is_there(root: Path) -> tuple[int, frozenset[str]]:
    """The newest commit's number, and the parts that no commit knows: earlier kills leave some until upkeep comes."""
    warehouse = locate(root)
    with closing(connect_readonly(warehouse.ledger)) as ledger:
        return last_commit(ledger), frozenset(unknown_parts(warehouse, ledger))


def where(root: Path, before: tuple[int, frozenset[str]]) -> str:
    """The step of the life of a run at which it was cut off, as the disk tells before anything is mended."""
    now, unknown = what_is_there(root)
    with closing(connect_readonly(locate(root).ledger)) as ledger:
        (open_runs,) = ledger.execute("SELECT count(*) FROM runs WHERE finished_us IS NULL").fetchone()
        (shown,) = ledger.execute("SELECT commit_id FROM published").fetchone()
    if shown < now:
        return "committed, not yet published"
    if unknown - before[1]:
        return "parts written, not committed"
    if now > before[0]:
        return "between commits" if open_runs else "after its last commit"
    return "at work before its first commit" if open_runs else "starting up"


def look(done: Harm, command: str) -> None:
    """Read as one who knows nothing of newsmill, then as newsmill does, which mends."""
    root = done.site.warehouse
    done.torn += [f"{command}: {broken}" for broken in torn_reads(root)]
    with open_warehouse(root) as connection:
        row = connection.execute("SELECT count(*) FROM articles").fetchone()
    assert row is not None
    if glob_count(root) != row[0]:
        done.glob_apart += 1
