"""What arrives at a news desk, made up from the Wikinews seeds: corrections, repetitions, refusals and archives.

The same files at every call. Every file has a time of its own, so a run that reads it late sees what an early one saw.
"""

import io
import os
import random
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.news import draw, headlines_and_paragraphs, sentences
from benchmarks.tiny import PLACES

FIRST_DAY = date(2025, 10, 1)
DAYS = 75
FIRST_MODIFIED = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = 90

# How often what arrives, in parts of all files.
KINDS = {
    "fresh": 10,
    "correction": 4,
    "reprint": 3,
    "repeated_file": 3,
    "overwritten": 3,
    "refused_block": 2,
    "archive": 3,
    "damaged_archive": 1,
    "binary": 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One file as it arrives; `generation` counts what lay under the same name before."""

    name: str
    content: bytes
    modified_ns: int
    generation: int = 0

    def lay(self, folder: Path) -> None:
        """Put the file into the folder in one step, as a careful sender does."""
        file = folder / self.name
        file.parent.mkdir(parents=True, exist_ok=True)
        half_made = folder.parent / f"{file.name}.part"
        half_made.write_bytes(self.content)
        os.utime(half_made, ns=(self.modified_ns, self.modified_ns))
        half_made.replace(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article on its way into a dump."""

    day: date
    headline: str
    lines: tuple[str, ...]

    @property
    def block(self) -> str:
        return "\n".join([f" date {self.day} {self.headline}", *self.lines])


class Desk:
    """A source of deliveries; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.headlines, paragraphs = headlines_and_paragraphs()
        self.sentences = [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]
        self.stories: list[Story] = []
        self.files: list[Delivery] = []
        self.own_stories: dict[str, Story] = {}

    def deliveries(self) -> Iterator[Delivery]:
        """Files without end; a name comes again when its file is overwritten."""
        while True:
            (kind,) = self.chance.choices(list(KINDS), list(KINDS.values()))
            if kind in {"fresh", "refused_block", "binary"} or len(self.stories) > 10:
                made: Delivery = getattr(self, kind)()
                self.files.append(made)
                yield made

    def new_file(self, content: bytes | str, ending: str = "txt") -> Delivery:
        number = len(self.files)
        modified = FIRST_MODIFIED + timedelta(minutes=number)
        return Delivery(
            name=f"wire-{number % 3}/{number:05d}.{ending}",
            content=content.encode() if isinstance(content, str) else content,
            modified_ns=int(modified.timestamp()) * 1_000_000_000,
        )

    def story(self) -> Story:
        """A new article, which may be corrected, reprinted and repeated later."""
        self.stories.append(self.new_story())
        return self.stories[-1]

    def new_story(self) -> Story:
        """A new article, which names a place."""
        day = FIRST_DAY + timedelta(days=self.chance.randrange(DAYS))
        lines = draw(self.sentences, WORDS, self.chance)
        lines.insert(
            1, f"Correspondents in {self.chance.choice(PLACES)} counted {self.chance.randrange(10**6)} of them."
        )
        return Story(day=day, headline=self.chance.choice(self.headlines), lines=tuple(lines))

    def corrected(self, story: Story) -> Story:
        """The story with one sentence more; corrections are corrected in their turn."""
        made = replace(story, lines=(*story.lines, self.chance.choice(self.sentences)))
        self.stories[self.stories.index(story)] = made
        return made

    def fresh(self) -> Delivery:
        return self.new_file("\n".join(self.story().block for _ in range(self.chance.randint(1, 4))))

    def correction(self) -> Delivery:
        return self.new_file(self.corrected(self.chance.choice(self.stories)).block)

    def reprint(self) -> Delivery:
        """A known text under another headline or date, whole or without its last sentence."""
        story = self.chance.choice(self.stories)
        shorter = story.lines[: -self.chance.randint(0, 1)] or story.lines
        day = story.day + timedelta(days=self.chance.randint(0, 3))
        return self.new_file(replace(story, day=day, headline=f"Reprint: {story.headline}", lines=shorter).block)

    def repeated_file(self) -> Delivery:
        """Bytes that arrived before, under a new name of the same kind."""
        known = self.chance.choice([file for file in self.files if not file.generation])
        return self.new_file(known.content, known.name.partition(".")[2])

    def overwritten(self) -> Delivery:
        """A file whose name is known, with what it held and one article more, which is corrected the next time.

        That article comes nowhere else: whether a text is a version or a copy depends on which path came first.
        """
        newest = {file.name: file for file in self.files if file.name.endswith(".txt") and b"\x00" not in file.content}
        before = newest[self.chance.choice(sorted(newest))]
        own = self.own_stories.get(before.name) or self.new_story()
        self.own_stories[before.name] = replace(own, lines=(*own.lines, self.chance.choice(self.sentences)))
        (first,) = [file for file in self.files if file.name == before.name and not file.generation]
        content = b"\n".join([first.content, self.own_stories[before.name].block.encode()])
        return replace(self.new_file(content), name=before.name, generation=before.generation + 1)

    def refused_block(self) -> Delivery:
        """A good article between one of an impossible date and one without a text."""
        number = len(self.files)
        bad = f" date 2025-02-30 No such day {number}\n{self.chance.choice(self.sentences)}"
        return self.new_file("\n".join([bad, self.story().block, f" date 2025-11-11 Nothing said {number}"]))

    def archive(self) -> Delivery:
        """An archive with a new file, a repeated one and a refused one."""
        known = self.chance.choice([file for file in self.files if file.name.endswith(".txt") and not file.generation])
        members = {"new.txt": self.story().block.encode(), "known.txt": known.content, "bad.bin": self.noise()}
        zipped = self.chance.random() < 0.5
        return self.new_file(zip_of(members) if zipped else tar_of(members), "zip" if zipped else "tar.gz")

    def damaged_archive(self) -> Delivery:
        """An archive that was cut off on its way."""
        whole = tar_of({"a.txt": self.story().block.encode(), "b.txt": self.story().block.encode()})
        return self.new_file(whole[: len(whole) * 2 // 3], "tar.gz")

    def binary(self) -> Delivery:
        return self.new_file(self.noise())

    def noise(self) -> bytes:
        return b"\x00\x01\x02\x7fELF" + self.chance.randbytes(200)


def zip_of(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def tar_of(members: dict[str, bytes]) -> bytes:
    """A compressed tar archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
