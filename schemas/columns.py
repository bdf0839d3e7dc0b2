"""What a column's annotation may be made of beside Python's own types."""

from enum import Enum
from typing import TypedDict


class Storage(Enum):
    """Storage that Python's own type does not tell."""

    BIGINT = "int64"


BIGINT = Storage.BIGINT


class NoiseSpan(TypedDict):
    """A stretch of an article's text that is no news, and what it is instead; offsets count code points from 0."""

    start_char: int
    end_char: int
    kind: str
