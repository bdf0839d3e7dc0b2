"""Names and places by steps of time, compact enough for the page to count any range of days by itself."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from tasks.reporting.reports import Reports
from tasks.reporting.words import told, trend

Row = dict[str, Any]

NAME = ("label", "canonical_name")
PLACE = ("place_name", "level", "country_code", "country_name", "latitude_deg", "longitude_deg")


def names_and_places(reports: Reports) -> dict[str, Any]:
    """What the page needs to count the names and places of some days.

    `step` is day, week, month or year, `steps` the first day of each, ISO. Each of `names` and `places` is a list: the
    columns of NAME or PLACE, then the class and the words of its trend, then its counts, three numbers a step that has
    any: the step's place in `steps`, articles, mentions.
    """
    names, places = reports["names_over_time"].records, reports["places_over_time"].records
    steps = sorted({row["step_start"] for row in (*names, *places)})
    return {
        "step": next((row["step"] for row in (*names, *places)), "day"),
        "steps": [day.isoformat() for day in steps],
        "names": list(by_item(names, ("label", "name_rank"), NAME, steps)),
        "places": list(by_item(places, ("place_rank",), PLACE, steps)),
    }


def by_item(
    rows: Iterable[Row], key: Sequence[str], columns: Sequence[str], steps: Sequence[date]
) -> Iterable[list[Any]]:
    """One list a name or place, in the order of the rows, which stand together."""
    numbers = {day: number for number, day in enumerate(steps)}
    for _, group in groupby(rows, itemgetter(*key)):
        of_item = list(group)
        counts = [
            count
            for row in of_item
            for count in (numbers[row["step_start"]], row["article_count"], row["mention_count"])
        ]
        said = [of_item[0][column] for column in columns]
        yield [*(told(value) if isinstance(value, str) else value for value in said), *trend(of_item[0]), counts]
