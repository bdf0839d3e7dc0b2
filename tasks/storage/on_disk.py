"""Objects in the folder of the warehouse, synced so that a power cut does not take them back."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.storage.layout import gone_if_failed, make_folder, sync_file, sync_folder, sync_folders, write_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class OnDisk:
    """The objects below a folder; what each method promises stands in `tasks.storage.objects`."""

    root: Path

    def url(self, path: str) -> str:
        return str(self.root / path)

    @contextmanager
    def new(self, path: str) -> Iterator[BufferedRandom]:
        file = self.root / path
        make_folder(file.parent)
        with file.open("xb+") as handle, gone_if_failed(file):
            yield handle
            handle.flush()
            os.fsync(handle.fileno())

    def put(self, path: str, data: bytes) -> None:
        make_folder((self.root / path).parent)
        write_file(self.root / path, data, self.root / "tmp")

    def adopt(self, half_made: Path, path: str) -> None:
        make_folder((self.root / path).parent)
        sync_file(half_made)
        half_made.replace(self.root / path)

    def settle(self, paths: Iterable[str]) -> None:
        sync_folders(self.root / path for path in paths)

    def renew(self, path: str) -> bool:
        try:
            os.utime(self.root / path)
        except FileNotFoundError:
            return False
        return True

    def source(self, path: str) -> Path:
        return self.root / path

    def size(self, path: str) -> int:
        return (self.root / path).stat().st_size

    def exists(self, path: str) -> bool:
        return (self.root / path).exists()

    def delete(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    def erase(self, path: str) -> None:
        self.delete(path)
        if (self.root / path).parent.is_dir():
            sync_folder((self.root / path).parent)

    def listed(self, folder: str) -> Iterator[tuple[str, float]]:
        for parent, _, names in os.walk(self.root / folder):
            for name in names:
                file = Path(parent, name)
                with suppress(FileNotFoundError):  # another program has just deleted it
                    yield str(file.relative_to(self.root)), file.stat().st_mtime

    def serve(self, connection: "DuckDBPyConnection") -> None:
        """DuckDB opens files by itself."""
