"""The one base class of errors whose text is a sentence for the user, and the errors that are none but a signal."""


class NewsmillError(Exception):
    """Something the user can mend; the text says what and how. `exit_code` is 1 unless a subclass says otherwise."""

    exit_code = 1


class WrongUse(NewsmillError):
    """A wrong flag, a malformed query or a missing input."""

    exit_code = 2


def is_interrupted_call(error: BaseException) -> bool:
    """Whether it is what DuckDB, or pydantic serialising for Prefect, makes of a signal in the middle of a call."""
    return str(error).endswith(("Query interrupted", "KeyboardInterrupt: "))
