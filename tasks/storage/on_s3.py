"""Objects in a bucket. A PUT that was answered is there for good; one that was not is garbage, if anything."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from io import BufferedRandom, BytesIO
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa
from pyarrow.fs import AwsStandardS3RetryStrategy, FileSelector, FileType, S3FileSystem

from tasks.storage.layout import gone_if_failed, scratch_mark
from tasks.storage.s3_for_duckdb import S3ForDuckDB

SCHEME = "s3://"
PIECE = 8 << 20

# A server that is down is told within seconds; one that is slow gets a minute for an answer.
ATTEMPTS = 4
CONNECT_SECONDS = 5
REQUEST_SECONDS = 60


def filesystem() -> S3FileSystem:
    """S3 as the usual AWS variables describe it; AWS_ENDPOINT_URL names another server than Amazon's."""
    return connected(
        os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"),
        os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    )


@cache
def connected(endpoint: str | None, region: str | None) -> S3FileSystem:
    """One connection a process; key and secret it takes from the environment or AWS's own files."""
    return S3FileSystem(
        endpoint_override=endpoint,
        region=region,
        connect_timeout=CONNECT_SECONDS,
        request_timeout=REQUEST_SECONDS,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS),
        background_writes=False,  # in the background, eight writers of small objects held 310 MB, not 125
        allow_delayed_open=True,  # one PUT for what is small, instead of three requests
    )


@dataclass(frozen=True, slots=True)
class OnS3:
    """The objects below an address; what each method promises stands in `tasks.storage.objects`."""

    address: str
    scratch: Path

    def key(self, path: str) -> str:
        """Bucket and key, as Arrow takes them."""
        return f"{self.address}/{path}".removeprefix(SCHEME)

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"

    @contextmanager
    def new(self, path: str) -> Iterator[BufferedRandom]:
        half_made = self.scratch / f"{Path(path).name}.{scratch_mark()}"
        with gone_if_failed(half_made):
            with half_made.open("xb+") as handle:
                yield handle
            self.adopt(half_made, path)

    def opened(self, path: str) -> pa.NativeFile:
        """A stream that makes the object when it is closed."""
        # Unless told otherwise, Arrow compresses by itself what is called .zst.
        return filesystem().open_output_stream(self.key(path), compression=None)

    def put(self, path: str, data: bytes) -> None:
        self.upload(BytesIO(data), path)

    def adopt(self, half_made: Path, path: str) -> None:
        with half_made.open("rb") as source:
            self.upload(source, path)
        half_made.unlink()

    def upload(self, source: BinaryIO, path: str) -> None:
        """Make an object of the bytes of a stream."""
        # A stream that is left by an exception is closed, and then the object ends there, in the place of a whole one
        # if there was one. So Ctrl-C, which comes to the main thread, waits for the last byte.
        with ThreadPoolExecutor(1) as beside:
            beside.submit(self.copy, source, path).result()

    def copy(self, source: BinaryIO, path: str) -> None:
        """The upload itself."""
        with self.opened(path) as sink:
            while data := source.read(PIECE):
                sink.write(data)

    def settle(self, paths: Iterable[str]) -> None:
        """What a PUT has named is named for good."""

    def renew(self, path: str) -> bool:  # noqa: ARG002
        """To write it again is one request; to ask whether it is there would be another."""
        return False

    def source(self, path: str) -> pa.NativeFile:
        return filesystem().open_input_file(self.key(path))

    def size(self, path: str) -> int:
        found = filesystem().get_file_info(self.key(path))
        if found.type is not FileType.File:
            raise FileNotFoundError(self.url(path))
        return int(found.size)

    def exists(self, path: str) -> bool:
        return filesystem().get_file_info(self.key(path)).type is FileType.File

    def delete(self, path: str) -> None:
        with suppress(FileNotFoundError):
            filesystem().delete_file(self.key(path))

    def erase(self, path: str) -> None:
        self.delete(path)

    def listed(self, folder: str) -> Iterator[tuple[str, float]]:
        below = FileSelector(self.key(folder), allow_not_found=True, recursive=True)
        start = len(self.key(""))
        for found in filesystem().get_file_info(below):
            if found.type is FileType.File:
                yield found.path[start:], found.mtime.timestamp()

    def serve(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.register_filesystem(S3ForDuckDB(filesystem(), self.url("store/")))
