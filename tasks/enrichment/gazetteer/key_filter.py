"""Most words of a text name no place: a row of bits tells so at once, which of all names may be in the gazetteer."""

import sqlite3
from typing import NamedTuple
from zlib import crc32

# 1 MB, some 8 million bits for 750,000 names: of the names that are not there it lets one in twelve through.
FILTER_BYTES = 1 << 20
BIT_MASK = 8 * FILTER_BYTES - 1


class KeyFilter(NamedTuple):
    """One bit for each remainder that the checksum of a key may have, set where some name has it."""

    bits: bytes

    def may_hold(self, key: str) -> bool:
        """Whether the gazetteer may have the key; False is certain."""
        bit = crc32(key.encode("utf-8", "surrogatepass")) & BIT_MASK
        return bool(self.bits[bit >> 3] & 1 << (bit & 7))


def write_key_filter(database: sqlite3.Connection) -> None:
    """Stores the filter of all names that are filed."""
    bits = bytearray(FILTER_BYTES)
    for (key,) in database.execute("SELECT DISTINCT key FROM name"):
        bit = crc32(key.encode()) & BIT_MASK
        bits[bit >> 3] |= 1 << (bit & 7)
    database.execute("INSERT INTO key_filter VALUES (?)", (bytes(bits),))


def load_key_filter(database: sqlite3.Connection) -> KeyFilter:
    """The stored filter."""
    (bits,) = database.execute("SELECT bits FROM key_filter").fetchone()
    return KeyFilter(bits)
