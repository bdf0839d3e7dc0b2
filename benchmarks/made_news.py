"""Articles by the hundred thousand, ready for a commit: mostly new, with copies, corrections and templates among them.

Words are drawn from the Wikinews seeds by chance, so that unrelated articles share no run of five words; sentences or
paragraphs, as in `benchmarks.news`, would make relatives of all of them. Of a hundred articles five are the text of an
earlier one under another headline, eight one with changed or missing sentences, two a correction at the path of the
corrected one, five items of eight templates that differ in their numbers and their day; all of the weeks before. The
same arguments give the same articles.
"""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

from benchmarks.news import RANDOM_SEED, headlines_and_paragraphs
from schemas.reasons import EnrichmentStatus, FileOutcome
from schemas.tables import ENTITIES, LOCATIONS
from tasks.identity.fingerprints import fingerprints
from tasks.ingestion.staging import Slice, StagedBlock, StagedFile, mention_table, write_slice

FIRST_DAY = date(2020, 1, 1)

# What an article may be, out of a hundred; the rest is new.
EXACT_COPIES, NEAR_COPIES, CORRECTIONS, TEMPLATE_ITEMS = 5, 8, 2, 5

# Copies are of one of so many articles before.
MEMORY = 500

TEMPLATES = 8
SENTENCES = range(8, 20)
SENTENCE_WORDS = range(10, 25)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeArticle:
    """One article in a file of its own."""

    path: str
    day: date
    headline: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text as it is stored, four sentences a paragraph."""
        parts = [" ".join(self.sentences[start : start + 4]) for start in range(0, len(self.sentences), 4)]
        return "\n".join([self.headline, *parts])


@dataclass(slots=True, kw_only=True)
class Newsroom:
    """Writes articles without an end, so many a day."""

    articles_a_day: float
    written: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(RANDOM_SEED))
    words: list[str] = field(default_factory=lambda: " ".join(headlines_and_paragraphs()[1]).split())
    recent: deque[MadeArticle] = field(default_factory=lambda: deque(maxlen=MEMORY))
    templates: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.templates = [[self.sentence() for _ in range(5)] for _ in range(TEMPLATES)]

    def sentence(self) -> str:
        """Words in an order that nobody wrote."""
        return " ".join(self.chance.choices(self.words, k=self.chance.choice(SENTENCE_WORDS))) + "."

    def write(self, count: int) -> Iterator[MadeArticle]:
        """The next articles."""
        for _ in range(count):
            article = self.article()
            self.written += 1
            self.recent.append(article)
            yield article

    def article(self) -> MadeArticle:
        """One more article, of the kind that chance wants."""
        number = self.written
        day = FIRST_DAY + timedelta(days=int(number / self.articles_a_day))
        path = f"source-{number % 40:02d}/{day}/{number:07d}.txt"
        headline = f"{self.sentence()[:50].strip()} {number}"
        draw = self.chance.randrange(100) if self.recent else 99
        if draw < EXACT_COPIES + NEAR_COPIES + CORRECTIONS:
            original = self.chance.choice(self.recent)
            if draw < EXACT_COPIES:
                return MadeArticle(path=path, day=day, headline=headline, sentences=original.sentences)
            changed = self.changed(original.sentences)
            if draw < EXACT_COPIES + NEAR_COPIES:
                return MadeArticle(path=path, day=day, headline=headline, sentences=changed)
            return MadeArticle(path=original.path, day=original.day, headline=original.headline, sentences=changed)
        if draw >= 100 - TEMPLATE_ITEMS:
            return MadeArticle(path=path, day=day, headline=headline, sentences=self.item(day))
        sentences = tuple(self.sentence() for _ in range(self.chance.choice(SENTENCES)))
        return MadeArticle(path=path, day=day, headline=headline, sentences=sentences)

    def changed(self, sentences: tuple[str, ...]) -> tuple[str, ...]:
        """A sentence written anew, and in every other case the last third missing."""
        kept = list(sentences)
        kept[self.chance.randrange(len(kept))] = self.sentence()
        return tuple(kept[: len(kept) * 2 // 3] if self.chance.random() < 0.5 else kept)

    def item(self, day: date) -> tuple[str, ...]:
        """An item of a template: its numbers and the weekday are its own."""
        numbers = [f"{line} {self.chance.randrange(10_000)}" for line in self.chance.choice(self.templates)]
        return (f"{day:%A}.", *numbers)


def stage(folder: Path, articles: Iterator[MadeArticle]) -> Path:
    """Leave articles as a slice that waits for its commit; gives the folder."""
    files, blocks = [], []
    for article in articles:
        file_id = sha256(f"{article.path}\n{article.text}".encode()).hexdigest()
        modified_at = datetime.combine(article.day, time(12), UTC)
        files.append(staged_file(article, file_id, modified_at))
        blocks.append(staged_block(article, file_id, modified_at))
    mentions = [mention_table(table.row, []) for table in (ENTITIES, LOCATIONS)]
    write_slice(folder, Slice(files=files, blocks=blocks, entities=mentions[0], locations=mentions[1]))
    return folder


def staged_file(article: MadeArticle, file_id: str, modified_at: datetime) -> StagedFile:
    """The file of an article."""
    folder, _, name = article.path.rpartition("/")
    return StagedFile(
        path=article.path,
        folder=folder.encode(),
        name=name.encode(),
        size_bytes=len(article.text),
        modified_ns=int(modified_at.timestamp()) * 10**9,
        modified_at=modified_at,
        file_id=file_id,
        outcome=FileOutcome.READ,
        reason=None,
        detail=None,
        article_count=1,
    )


def staged_block(article: MadeArticle, file_id: str, modified_at: datetime) -> StagedBlock:
    """The article as it comes from reading it; no model has seen it."""
    text = article.text
    prints = fingerprints(article.day, article.headline, text)
    return StagedBlock(
        file_id=file_id,
        path=article.path,
        source=article.path.partition("/")[0],
        modified_at=modified_at,
        position_in_file=1,
        reason=None,
        detail=None,
        published_date=article.day,
        headline=article.headline,
        text=text,
        paragraph_count=text.count("\n"),
        word_count=len(text.split()),
        language="en",
        language_confidence=1.0,
        enrichment_status=EnrichmentStatus.NO_MODEL,
        content_hash=prints.content_hash,
        text_hash=prints.text_hash,
        headline_key=prints.headline_key,
        shingles=prints.shingles.tobytes(),
        numbers=prints.numbers.tobytes(),
        bands=prints.bands,
    )


def write_newsroom(folder: Path, count: int, articles_a_day: float, *, by_day: bool = False) -> Path:
    """So many articles, a file each, in folders by source and day or the other way about; gives the folder.

    By day they are read as news arrives; by source every batch reaches over all months.
    """
    for article in Newsroom(articles_a_day=articles_a_day).write(count):
        source, day, name = article.path.split("/")
        file = folder / (f"{day}/{source}/{name}" if by_day else article.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f" date {article.day} {article.text}", encoding="utf-8")
    return folder
