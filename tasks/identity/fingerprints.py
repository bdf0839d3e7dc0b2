"""Fingerprints of an article: equal for equal articles, near for near ones. Pure functions of its text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from zlib import crc32

import numpy as np
from rensa import RMinHash

# Five-word shingles are usual for near-duplicate news (Broder 1997; Manku et al. 2007 use similar windows).
SHINGLE_WORDS = 5

# 128 values in 32 bands of 4: two texts become candidates with probability 1-(1-s^4)^32 at Jaccard s,
# which is 0.56 at 0.4, 0.87 at 0.5, 0.99 at 0.6 and practically 1 at 0.8.
SIGNATURE_VALUES = 128
BANDS = 32
BAND_VALUES = SIGNATURE_VALUES // BANDS
SIGNATURE_SEED = 20_251_201
BAND_BYTES = BAND_VALUES * 8
# Where the values of each band begin, and what sets its key apart from those of other bands.
BAND_SALTS = [(number * BAND_BYTES, number.to_bytes(2)) for number in range(BANDS)]

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")

# A weekday changes from item to item of a template as its numbers do, and stays when a story is copied. Without these,
# half of the items of ten made templates in which two numbers and the day differ were taken for copies; now one in 20.
WEEKDAY_NAMES = """monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi
    dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato
    domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"""
WEEKDAYS = frozenset(WEEKDAY_NAMES.split())

Hashes = np.ndarray[tuple[int], np.dtype[np.uint32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """What identity needs to know of an article's text; hash arrays are sorted and without repeats."""

    content_hash: str
    text_hash: str
    headline_key: str
    shingles: Hashes
    numbers: Hashes
    bands: tuple[int, ...]


def fingerprints(published_date: date, headline: str, text: str) -> Fingerprints:
    """All fingerprints of an article; `text` begins with the headline."""
    body = text[len(headline) :].strip()
    words = WORD.findall(body.casefold())
    shingles = shingle_hashes(words)
    return Fingerprints(
        content_hash=digest(published_date.isoformat(), headline, text),
        text_hash=digest(body),
        headline_key=headline_key(headline),
        shingles=shingles,
        numbers=number_hashes(body, words),
        bands=band_keys(shingles),
    )


def digest(*fields: str) -> str:
    """128-bit hash of some texts, in hex; each is preceded by its length, so that no two lists run together."""
    hasher = blake2b(digest_size=16)
    for field in fields:
        data = field.encode("utf-8", "surrogatepass")
        hasher.update(len(data).to_bytes(8))
        hasher.update(data)
    return hasher.hexdigest()


def headline_key(headline: str) -> str:
    """A headline without case, punctuation and spacing."""
    return " ".join(WORD.findall(headline.casefold())) or headline.strip()


def shingle_hashes(words: Sequence[str]) -> Hashes:
    """Hashes of the runs of five words; a shorter text is one shingle."""
    hashes = word_hashes(words).astype(np.uint64)
    if len(hashes) == 0:
        return np.empty(0, np.uint32)
    width = min(SHINGLE_WORDS, len(hashes))
    count = len(hashes) - width + 1
    mixed = np.zeros(count, np.uint64)
    for offset in range(width):
        # Odd multipliers make word order count; wrapping around is the hash's arithmetic.
        mixed = (mixed * np.uint64(0x9E3779B97F4A7C15)) ^ hashes[offset : offset + count]
        mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return sorted_once((mixed >> np.uint64(32)).astype(np.uint32))


def number_hashes(text: str, words: Iterable[str]) -> Hashes:
    """Hashes of the numbers in a text, and of the weekdays among its words."""
    return sorted_once(word_hashes([*NUMBER.findall(text), *WEEKDAYS.intersection(words)]))


def word_hashes(words: Sequence[str]) -> Hashes:
    """A hash of each word, in order."""
    # Half a million words a second in a loop of Python's, seven times as many without one.
    return np.fromiter(map(crc32, map(str.encode, words)), np.uint32, len(words))


def sorted_once(hashes: Hashes) -> Hashes:
    """The hashes in order, each once; np.unique takes five times as long for so few."""
    hashes.sort()
    is_first = np.ones(len(hashes), np.bool_)
    np.not_equal(hashes[1:], hashes[:-1], out=is_first[1:])
    return hashes[is_first]


def band_keys(shingles: Hashes) -> tuple[int, ...]:
    """One signed 64-bit key a band; articles that share a key are candidates for comparison."""
    if len(shingles) == 0:
        return ()
    # The flat form stays in this thread; that for many sets waits 0.1 to 4 ms for another one on a busy machine.
    ends = [0, len(shingles)]
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(shingles.tolist(), ends, SIGNATURE_VALUES, SIGNATURE_SEED)
    signature = np.array(matrix.to_rows()[0], np.uint64).tobytes()
    keys = [blake2b(signature[at : at + BAND_BYTES], digest_size=8, salt=salt).digest() for at, salt in BAND_SALTS]
    return tuple(np.frombuffer(b"".join(keys), ">i8").tolist())
