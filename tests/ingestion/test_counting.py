"""A batch that lost or gained something on its way is not committed: the counts are compared before."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pyarrow as pa
import pytest

from schemas.reasons import EnrichmentStatus
from tasks.ingestion.counting import BrokenCount
from tasks.ingestion.plans import FailedBatch, Plan, PreparedBatch
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.staging import Slice, delete_slice, read_slice, write_slice
from tests.ingestion.mill import Mill, block, words

Tamper = Callable[[Slice], Slice]


def without_a_file(staged: Slice) -> Slice:
    return replace(staged, files=staged.files[1:])


def with_a_foreign_file(staged: Slice) -> Slice:
    return replace(staged, files=[*staged.files, replace(staged.files[0], name=b"other.txt", path="other.txt")])


def without_a_block(staged: Slice) -> Slice:
    return replace(staged, blocks=staged.blocks[:-1])


def with_one_block_for_another(staged: Slice) -> Slice:
    extra = replace(staged.blocks[0], position_in_file=2)
    return replace(staged, blocks=[*staged.blocks[:-1], extra])


def with_another_count(staged: Slice) -> Slice:
    return replace(staged, files=[replace(staged.files[0], article_count=7), *staged.files[1:]])


def with_a_mention_of_no_block(staged: Slice) -> Slice:
    return replace(staged, entities=mention_of(99, staged.entities.schema))


def with_a_mention_nobody_looked_for(staged: Slice) -> Slice:
    return replace(staged, locations=mention_of(0, staged.locations.schema))


def mention_of(number: int, schema: pa.Schema) -> pa.Table:
    """One mention of a block: what else it holds is never looked at."""
    columns = [pa.array([number], pa.int32()), *(filler(field.type) for field in list(schema)[1:])]
    return pa.Table.from_arrays(columns, schema=schema)


def filler(kind: pa.DataType) -> pa.Array:
    return pa.array(["x"] if pa.types.is_string(kind) else [1]).cast(kind)


def tampering(tamper: Tamper) -> Callable[[Iterable[Plan]], Iterator[PreparedBatch | FailedBatch]]:
    """Batches prepared as ever, their slices changed on the way to the commit."""

    def prepare(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        for answer in prepare_here(plans):
            assert isinstance(answer, PreparedBatch)
            for folder in answer.slices:
                staged = tamper(read_slice(folder))
                delete_slice(folder)
                write_slice(folder, staged)
            yield answer

    return prepare


@pytest.fixture
def waiting(mill: Mill) -> Mill:
    """Two files with an article each, not taken in yet."""
    mill.put("a.txt", block("Eins", words(1)))
    mill.put("b.txt", block("Zwei", words(2)))
    return mill


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (without_a_file, "1 planned files have no outcome: b'a.txt'"),
        (with_a_foreign_file, "1 files have an outcome and were not planned: b'other.txt'"),
        (without_a_block, "b.txt: 1 articles announced, 0 blocks found"),
        (with_one_block_for_another, "articles announced"),
        (with_another_count, "a.txt: 7 articles announced, 1 blocks found"),
        (with_a_mention_of_no_block, "1 entities belong to no article that was searched"),
        (with_a_mention_nobody_looked_for, "1 locations belong to no article that was searched"),
    ],
)
def test_a_batch_that_does_not_add_up_is_not_committed(waiting: Mill, tamper: Tamper, sentence: str) -> None:
    with pytest.raises(BrokenCount, match=sentence):
        waiting.ingest(tampering(tamper))
    assert waiting.column("SELECT count(*) FROM articles") == [0]
    assert waiting.column("SELECT count(*) FROM files") == [0]
    (row,) = waiting.rows("SELECT status, detail FROM runs")
    assert row[0] == "failed"
    assert row[1].startswith("BrokenCount: ")

    waiting.ingest()
    assert waiting.column("SELECT headline FROM articles ORDER BY headline") == ["Eins", "Zwei"]
    assert waiting.broken() == []


def test_a_slice_that_is_lost_altogether_is_noticed(waiting: Mill) -> None:
    def losing(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        for answer in prepare_here(plans):
            assert isinstance(answer, PreparedBatch)
            yield replace(answer, slices=())

    with pytest.raises(BrokenCount, match="2 planned files have no outcome"):
        waiting.ingest(losing)


def test_a_batch_that_is_never_answered_is_noticed_at_the_end(waiting: Mill) -> None:
    def forgetful(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        yield from prepare_here(list(plans)[:1])

    with pytest.raises(BrokenCount, match="2 files were planned, 1 were dealt with"):
        waiting.ingest(forgetful, batch_files=1)
    assert waiting.column("SELECT headline FROM articles") == ["Eins"]


def test_blocks_and_files_of_every_kind_add_up(mill: Mill) -> None:
    first, second = block("Eins", words(1)), block("Zwei", words(2))
    mill.put("a.txt", f"{first}\n{second}")
    mill.put("copy.txt", f"{first}\n{second}")
    mill.put("again.txt", f"{first}\n{first}\n{block('Drei', words(3), day='2025-02-30')}")
    mill.put(".hidden", "x")
    mill.put("empty.txt", "")
    mill.ingest()
    mill.put("a.txt", f"{first} Nachtrag.\n{second}\n{block('Vier', words(4))}")
    mill.ingest()
    assert mill.broken() == []
    assert {EnrichmentStatus(s) for s in mill.column("SELECT enrichment_status FROM articles")} == {"no_model"}
