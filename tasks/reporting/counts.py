"""Numbers with their nouns."""


def count_of(value: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"
