"""Deliveries of mixed files: clean and damaged, copies and near copies, files of several articles, and bad ones."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.reading.damage import FLAGGED, HARMLESS

# A headline and a body of several paragraphs, another for every number.
Write = Callable[[int], tuple[str, str]]

FIRST_DAY = date(2025, 10, 1)
DAYS = 70
SOURCES = ("herald", "tribune", "wire")

DAMAGE = [*HARMLESS.values(), *(damage for _, damage in FLAGGED.values())]
ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252"]

BAD: list[tuple[str, bytes]] = [
    (".txt", b""),
    (".txt", b"\xff\xfe"),
    (".txt", b"\x89PNG\r\n\x1a\n" + bytes(400)),
    (".txt", b" date 2025-13-40 Month thirteen\nA text."),
    (".txt", b" date 03/04/2025 March or April\nA text."),
    (".txt", b" date unknown No day\nA text."),
    (".txt", b" date 2025-12-01 Only a headline"),
    (".txt", b"Nothing of this is a header.\nNor is this."),
    (".md", b" date 2025-12-01 Of another type\nA text."),
    (".tmp", b" date 2025-12-01 Unfinished\nA te"),
]


@dataclass(slots=True)
class Press:
    """Writes a delivery file by file; the same seed gives the same files."""

    write: Write
    seed: int
    written: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def story(self) -> tuple[str, str, str]:
        """Day, headline and body of an article that was not written before."""
        self.written += 1
        day = FIRST_DAY + timedelta(days=self.chance.randrange(DAYS))
        return (str(day), *self.write(self.written))

    def dump(self) -> str:
        """One article as a dump writes it."""
        return " date {} {}\n{}".format(*self.story())

    def several(self) -> list[bytes]:
        """A file of two to six articles, a bad block among them now and then, in any line ends."""
        blocks = [self.dump() for _ in range(self.chance.randint(2, 6))]
        if self.chance.random() < 0.3:
            blocks.insert(self.chance.randrange(len(blocks)), " date 2025-02-30 No such day\nA text.")
        end = self.chance.choice(["\n", "\r\n", "\r", "\n\n"])
        return [end.join(blocks).replace("\n", end).encode()]

    def copies(self) -> list[bytes]:
        """The same bytes twice, and once with other line ends."""
        dump = self.dump()
        return [dump.encode(), dump.encode(), dump.replace("\n", "\r\n").encode()]

    def near_copies(self) -> list[bytes]:
        """An article, the same with a word more, and its body under another day and headline."""
        day, headline, body = self.story()
        dumps = [
            f" date {day} {headline}\n{body}",
            f" date {day} {headline}\n{body} More follows.",
            f" date {FIRST_DAY} Again: {headline}\n{body}",
        ]
        return [dump.encode() for dump in dumps]

    def damaged(self) -> list[bytes]:
        """An article in one of the ways in which dumps are damaged."""
        if self.chance.random() < 0.2:
            encoding = self.chance.choice(ENCODINGS)
            return [self.dump().encode(encoding, "ignore")]
        return [self.chance.choice(DAMAGE)(self.dump()).encode()]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Paths and bytes, without an end; three in ten clean, one in five damaged."""
        kinds = [lambda: [self.dump().encode()], self.several, self.copies, self.near_copies, self.damaged, None]
        number = 0
        while True:
            kind = self.chance.choices(kinds, weights=[30, 10, 4, 4, 20, 6])[0]
            ending, bad = self.chance.choice(BAD)
            for content in [bad] if kind is None else kind():
                number += 1
                folder = f"{self.chance.choice(SOURCES)}/{FIRST_DAY + timedelta(days=number % DAYS)}"
                yield f"{folder}/{number:05d}{ending if kind is None else '.txt'}", content


def mixed_delivery(count: int, write: Write, seed: int = 1) -> dict[str, bytes]:
    """So many files by path."""
    press = Press(write, seed).files()
    return dict(next(press) for _ in range(count))
