"""Items of one template stay apart by their numbers and weekdays; copies of a story stay together."""

from datetime import date

import pytest

from tasks.identity.fingerprints import fingerprints
from tasks.identity.similarity import copy_similarity
from tests.identity.stories import ELECTION, FLOOD


def similarity(one: str, other: str) -> float | None:
    """Of two texts below the same headline."""
    a, b = (fingerprints(date(2025, 12, 1), "Headline", f"Headline\n{text}") for text in (one, other))
    return copy_similarity(a.shingles, b.shingles, a.numbers, b.numbers)


def lottery(day: str, drawn: str) -> str:
    return (
        f"The winning numbers in {day}'s lottery draw were {drawn}. The next draw takes place in the studio under the"
        " eyes of a notary. Players must claim their prizes within 180 days of the draw, at any kiosk of the lottery."
    )


def gold(town: str, day: str, afternoon: str, morning: str) -> str:
    return (
        f"Gold was fixed at {afternoon} dollars an ounce in {town} on {day} afternoon, compared with {morning} dollars"
        " at the morning fixing. Dealers described trading as quiet and said that the market was waiting for American"
        " inflation figures due later in the week."
    )


def football(town: str, day: str, result: str, crowd: str) -> str:
    return (
        f"{town} beat their visitors {result} in front of {crowd} spectators on {day} evening. The home side had gone"
        " into the break level and needed a late penalty to settle the match. The result leaves both teams in the"
        " middle of the table, and the coach said that he was content with the effort of his players."
    )


def forecast(town: str, day: str, high: int, rain: int) -> str:
    return (
        f"{town} will be cloudy on {day} with a high of {high} degrees and a low of 4 degrees. There is a {rain} per"
        " cent chance of rain, and winds will blow from the west at 25 kilometres an hour. A detailed forecast for the"
        " region is published every evening by the duty forecaster."
    )


def dividend(town: str, day: int, record: int) -> str:
    return f"{town}, March {day} - Qtly div 12-1/2 cts vs 12-1/2 cts prior Pay April 30 Record April {record}"


def euro(day: str, dollars: str, yen: str, pounds: str) -> str:
    return (
        f"Der Eurokurs ist am {day} gefallen. Die Gemeinschaftswährung kostete am Mittag {dollars} Dollar, wie die"
        f" Notenbank in Frankfurt mitteilte. Zu anderen wichtigen Währungen legte sie den Referenzkurs auf {pounds}"
        f" britische Pfund und {yen} japanische Yen fest. Händler sprachen von einem ruhigen Geschäft."
    )


SATURDAY = lottery("Saturday", "3, 14, 22, 31, 40 and 44")
LONDON = gold("London", "Monday", "1,834.50", "1,829.10")
LEEDS = football("Leeds", "Friday", "2-1", "8,412")
CLOUDY = forecast("Leeds", "Friday", 12, 30)
FREITAG = euro("Freitag", "1,0832", "161,25", "0,8347")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(SATURDAY, lottery("Saturday", "3, 9, 22, 30, 41 and 44"), id="half of the numbers"),
        pytest.param(LONDON, gold("London", "Tuesday", "1,836", "1,831.75"), id="all numbers and the day"),
        pytest.param(LONDON, gold("Zurich", "Monday", "1,836", "1,831.75"), id="all numbers and the town"),
        pytest.param(LEEDS, football("Hull", "Sunday", "3-2", "7,950"), id="all that can be"),
        pytest.param(CLOUDY, forecast("Leeds", "Sunday", 13, 60), id="two numbers and the day"),
        pytest.param(CLOUDY, forecast("Leeds", "Sunday", 12, 60), id="one number and the day"),
        pytest.param(dividend("DALLAS", 12, 15), dividend("CONSHOHOCKEN, Pa.", 25, 17), id="the town and two days"),
        pytest.param(FREITAG, euro("Montag", "1,0791", "160,98", "0,8347"), id="in German"),
    ],
)
def test_items_of_a_template_are_no_copies(one: str, other: str) -> None:
    assert similarity(one, other) is None


NUMBERED = FLOOD.replace("two\ndays", "2\ndays").replace("two metres", "2.4 metres").replace("Some forty", "Some 43")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(NUMBERED, NUMBERED.replace("43", "34"), id="a number corrected"),
        pytest.param(NUMBERED, NUMBERED.replace("on Monday", "on Sunday"), id="a weekday corrected"),
        pytest.param(NUMBERED, NUMBERED.replace("43", "40").replace("2.4", "2"), id="two numbers rounded"),
        pytest.param(NUMBERED, NUMBERED[: len(NUMBERED) // 2], id="cut"),
        pytest.param(f"LEEDS, Dec 1 - {ELECTION}", f"LEEDS, Dec 2 - {ELECTION}", id="another dateline"),
    ],
)
def test_copies_of_a_story_are_copies(one: str, other: str) -> None:
    assert similarity(one, other) is not None
