"""A run's row as what a flow returns and a terminal shows."""

from dataclasses import asdict

from schemas.run import Run


def run_counts(run: Run) -> dict[str, int]:
    """The counts by outcome, named as in the runs table."""
    return {name: value for name, value in asdict(run).items() if name.startswith(("files_", "articles_"))}
