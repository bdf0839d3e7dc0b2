"""Bylines and datelines."""

import pytest

from tasks.reading.bylines import find_byline, find_dateline


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("BY JANE DOE", "JANE DOE"),
        ("By Jane Doe and John Roe", "Jane Doe and John Roe"),
        ("By Jane Doe, BBC News", "Jane Doe, BBC News"),
        ("Von Ludwig van der Berg", "Ludwig van der Berg"),
        ("Par Zoé L\u2019Hermitte et Éric Roux", "Zoé L\u2019Hermitte et Éric Roux"),
        ("(Reporting by Jane Doe in London; Editing by John Roe)", "Jane Doe in London"),
        ("By Monday the bridge will be open.", None),
        ("By then it was too late", None),
        ("By " + "A" * 1000, None),
    ],
)
def test_a_byline_gives_the_names(line: str, byline: str | None) -> None:
    assert find_byline([line, "The bridge was closed on Monday."]) == byline


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("KYIV, Dec 1 (Reuters) - Russia said", "KYIV"),
        ("WASHINGTON (AP) \u2014 The president", "WASHINGTON"),
        ("LONDON \u2013 A fire", "LONDON"),
        ("OFER PRISON, West Bank \u2014 Israel", "OFER PRISON, West Bank"),
        ("COLORADO SPRINGS, Colo. (Reuters) - U.S. Defense", "COLORADO SPRINGS, Colo."),
        ("SALVADOR, Feb 26 - Showers continued", "SALVADOR"),
        ("Berlin (dpa) \u2013 Die Regierung", "Berlin"),
        ("Kansas City, April 7 - The following", "Kansas City"),
        ("(Reuters) - Attorney General", None),
        ("(CNN) A small plane", None),
        ("Berlin - the city of bears - is large", None),
        ("NATO is considering - again - to act", None),
        ("The mayor (left) - here in May - resigned", None),
    ],
)
def test_a_dateline_gives_the_place(line: str, place: str | None) -> None:
    assert find_dateline([line]) == place


def test_the_lines_stay_in_the_text() -> None:
    from tests.reading.dumps import only_article

    article = only_article(" date 2025-12-01 Flood\nBy Jane Doe\nLEEDS, Dec 1 (PA) - The bridge was closed on Monday.")
    assert (article.byline, article.dateline) == ("Jane Doe", "LEEDS")
    assert article.paragraphs == ("By Jane Doe", "LEEDS, Dec 1 (PA) - The bridge was closed on Monday.")
