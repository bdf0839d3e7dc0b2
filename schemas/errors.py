"""The one base class of errors whose text is a sentence for the user."""


class NewsmillError(Exception):
    """Something the user can mend; the text says what and how. `exit_code` is 1 unless a subclass says otherwise."""

    exit_code = 1


class WrongUse(NewsmillError):
    """A wrong flag, a malformed query or a missing input."""

    exit_code = 2
