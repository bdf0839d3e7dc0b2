"""How well `article_places` names the countries that editors filed an article under.

    newsmill ingest --input reuters --warehouse reuters-warehouse
    python -m benchmarks.focus --warehouse reuters-warehouse --gold countries.jsonl

`countries.jsonl` has a line for each file: `path` (as in the table `files`) and `countries` (ISO codes). Printed: the
share of articles whose first country is one of the editors', and precision, recall and F1 of the countries in focus.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tasks.storage.opening import open_warehouse

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Counts over all articles that editors filed under at least one country."""

    articles: int
    placed: int
    first_right: int
    right: int
    named: int
    filed: int

    def __str__(self) -> str:
        """The counts as sentences."""
        precision, recall = self.right / max(self.named, 1), self.right / max(self.filed, 1)
        f1 = 2 * self.right / max(self.named + self.filed, 1)
        return (
            f"{self.articles:,} articles, {self.placed:,} with a country; the first one is among the editors' in "
            f"{self.first_right / max(self.placed, 1):.1%} of these\n"
            f"countries in focus: precision {precision:.1%}, recall {recall:.1%}, F1 {f1:.1%}"
        )


def main(arguments: list[str] | None = None) -> None:
    """Prints the agreement of one warehouse with one list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--warehouse", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True, help="JSON lines with path and countries")
    options = parser.parse_args(arguments)
    with options.gold.open(encoding="utf-8") as lines:
        filed = {row["path"]: frozenset(row["countries"]) for row in map(json.loads, lines)}
    with open_warehouse(options.warehouse) as connection:
        places = connection.execute((HERE / "focus.sql").read_text(encoding="utf-8")).fetchall()
    print(agreement(filed, places))


def agreement(filed: Mapping[str, frozenset[str]], places: Iterable[tuple[str, str, bool, int]]) -> Agreement:
    """Compares what editors filed with (path, country, in focus, rank) rows."""
    focus: dict[str, set[str]] = defaultdict(set)
    first: dict[str, str] = {}
    for path, country, is_focus, rank in places:
        if is_focus:
            focus[path].add(country)
        if rank == 1:
            first[path] = country
    judged = {path: countries for path, countries in filed.items() if countries}
    return Agreement(
        articles=len(judged),
        placed=sum(path in first for path in judged),
        first_right=sum(first.get(path) in countries for path, countries in judged.items()),
        right=sum(len(focus[path] & countries) for path, countries in judged.items()),
        named=sum(len(focus[path]) for path in judged),
        filed=sum(len(countries) for countries in judged.values()),
    )


if __name__ == "__main__":
    main()
