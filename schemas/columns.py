"""Marks that a column's annotation may carry beside its meaning."""

from enum import Enum


class Storage(Enum):
    """Storage that Python's own type does not tell."""

    BIGINT = "int64"


BIGINT = Storage.BIGINT
