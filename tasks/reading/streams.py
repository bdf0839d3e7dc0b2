"""Compressed bytes to unpacked ones, a piece at a time; what is cut, damaged or too much raises `ArchiveRefused`."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import pyarrow as pa

from tasks.reading.limits import Damaged, Meter, too_large

# What is read of the packed bytes at once. Small, since what follows a frame is copied once for each frame in it.
PIECE = 16 * 1024
# A frame that unpacks to nothing costs as much as this many bytes: a gigabyte of them must come to an end.
FRAME_BYTES = 1024
# `xz -9` asks for 65 MiB; a header may ask for 4 GiB.
MOST_XZ_MEMORY = 256 << 20


class Readable(Protocol):
    """What bytes are read from; fewer than asked for only at the end, and b"" there."""

    def read(self, size: int, /) -> bytes: ...


class Decompressor(Protocol):
    """What `bz2` and `lzma` call so."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Inflate:
    """A decompressor of `zlib` that behaves like those of `bz2` and `lzma`."""

    def __init__(self, window_bits: int) -> None:
        self.inner = zlib.decompressobj(window_bits)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self.inner.eof

    @property
    def unused_data(self) -> bytes:
        return self.inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most so many bytes; more may come for no input when it was filled."""
        found = self.inner.decompress(self.inner.unconsumed_tail + data, max_length)
        self.needs_input = not self.inner.unconsumed_tail and len(found) < max_length
        return found


class Window:
    """Some bytes of a seekable file; others may move its position between two reads."""

    closed = False  # pyarrow asks, and closes: the file stays its owner's

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self.file = file
        self.at = start
        self.end = start + size

    def read(self, size: int, /) -> bytes:
        self.file.seek(self.at)
        data = self.file.read(max(0, min(size, self.end - self.at)))
        self.at += len(data)
        return data

    def close(self) -> None:
        self.closed = True


class Frames:
    """The frames of a compressed file one behind the other, as `cat a.gz b.gz` joins them; zeros may pad the end."""

    def __init__(self, source: Readable, new_frame: Callable[[], Decompressor], meter: Meter) -> None:
        self.source = source
        self.new_frame = new_frame
        self.meter = meter
        self.frame: Decompressor | None = None
        self.left = b""
        self.is_first = True

    def read(self, size: int, /) -> bytes:
        """At most so many unpacked bytes. Raises `Damaged` at a cut, a bad checksum or what is no frame."""
        while True:
            if self.frame is None and not self.next_frame():
                return b""
            assert self.frame is not None
            data = self.frame.decompress(self.packed() if self.frame.needs_input else b"", size)
            if self.frame.eof:
                self.left = self.frame.unused_data
                self.frame = None
                self.meter.add_bytes(FRAME_BYTES)
            if data:
                return data

    def packed(self) -> bytes:
        """More packed bytes of a frame."""
        data, self.left = self.left or self.source.read(PIECE), b""
        if not data:
            raise Damaged("cut short")
        return data

    def next_frame(self) -> bool:
        """Whether there is another frame."""
        self.left = self.left or self.source.read(PIECE)
        while not self.is_first and self.left and not self.left.lstrip(b"\0"):
            self.left = self.source.read(PIECE)
        if not self.is_first:
            self.left = self.left.lstrip(b"\0")
        if not self.left:
            return False
        self.frame, self.is_first = self.new_frame(), False
        return True


class Zstandard:
    """A zstd file through pyarrow, which raises at a cut; `zstandard.stream_reader` ends there as if all were well."""

    def __init__(self, source: Any) -> None:
        self.stream = pa.CompressedInputStream(pa.PythonFile(source, mode="r"), "zstd")

    def read(self, size: int, /) -> bytes:
        return bytes(self.stream.read(size))


class Metered:
    """A stream of unpacked bytes that counts them and raises nothing but `ArchiveRefused` for what is in them."""

    def __init__(self, stream: Readable, meter: Meter) -> None:
        self.stream = stream
        self.meter = meter

    def read(self, size: int, /) -> bytes:
        """So many bytes; fewer only at the end."""
        found: list[bytes] = []
        while size > 0 and (data := self.piece(min(size, 256 * 1024))):
            self.meter.add_bytes(len(data))
            found.append(data)
            size -= len(data)
        return found[0] if len(found) == 1 else b"".join(found)

    def piece(self, size: int) -> bytes:
        try:
            return self.stream.read(size)
        except (zlib.error, lzma.LZMAError, EOFError, ValueError) as error:
            raise unpacking_failed(error) from error
        except OSError as error:
            if error.errno is not None:
                raise  # the disk, not the data
            raise unpacking_failed(error) from error


def unpacking_failed(error: Exception) -> Exception:
    """Damage, in the words of the library; or a frame that wants more memory than it gets."""
    words = str(error).strip().rstrip(".").lower() or type(error).__name__
    return too_large(f"asks for too much memory ({words})") if "memory" in words else Damaged(words)


def unpacked(codec: str, source: Readable, meter: Meter) -> Readable:
    """The unpacked bytes of a source packed with `gz`, `deflate`, `bz2`, `xz`, `zst` or `stored`."""
    streams: dict[str, Callable[[], Readable]] = {
        "gz": lambda: Frames(source, lambda: Inflate(31), meter),
        "deflate": lambda: Frames(source, lambda: Inflate(-15), meter),
        "bz2": lambda: Frames(source, bz2.BZ2Decompressor, meter),
        "xz": lambda: Frames(source, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, MOST_XZ_MEMORY), meter),
        "zst": lambda: Zstandard(source),
        "stored": lambda: source,
    }
    return Metered(streams[codec](), meter)


class Peeked:
    """A stream with its first bytes looked at."""

    def __init__(self, stream: Readable, size: int) -> None:
        self.stream = stream
        self.head = stream.read(size)
        self.unread = self.head

    def read(self, size: int, /) -> bytes:
        """So many bytes; fewer only at the end."""
        data, self.unread = self.unread[:size], self.unread[size:]
        return data + self.stream.read(size - len(data)) if len(data) < size else data
