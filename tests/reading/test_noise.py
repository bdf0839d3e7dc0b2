"""What is no news in an article: found, marked, kept in the text or beside it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Flag, NoiseKind
from tasks.reading.noise import drop_furniture, find_noise
from tests.reading.dumps import only_article

PARAGRAPH = "The council of Leeds said on Monday that the bridge would stay shut until the end of the week."


def kinds(line: str) -> list[tuple[NoiseKind, str]]:
    """What is found in an article that has the line as its fourth one."""
    text = f"Flood closes bridge\n{PARAGRAPH}\nIt rained.\nIt rained again.\n{line}\nIt stopped."
    return [(noise.kind, text[noise.start_char : noise.end_char]) for noise in find_noise(text)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Image caption, The bridge on Monday", NoiseKind.CAPTION),
        ("FILE - In this Jan. 3, 2025 photo, the mayor waves.", NoiseKind.CAPTION),
        ("FILE PHOTO: The mayor of Leeds", NoiseKind.CAPTION),
        ("The mayor waves to a crowd in York. (AP Photo/Jane Doe)", NoiseKind.CAPTION),
        ("Children at the bridge. Image: John Brown.", NoiseKind.CAPTION),
        ("A view of the river  John Brown/Getty Images", NoiseKind.CAPTION),
        ("Image source, Getty Images", NoiseKind.CREDIT),
        ("(Reporting by Jane Doe in Leeds; Editing by John Brown)", NoiseKind.CREDIT),
        ("Copyright 2025 The Leeds Herald. All rights reserved.", NoiseKind.CREDIT),
        ("© 2025 The Leeds Herald", NoiseKind.CREDIT),
        ("Foto: Hanna Müller", NoiseKind.CREDIT),
        ("Read more: Mayor of York resigns", NoiseKind.READ_MORE),
        ("READ MORE", NoiseKind.READ_MORE),
        ("» Lire aussi : Le pont de Leeds", NoiseKind.READ_MORE),
        ("Sign up for the Leeds Herald's morning newsletter", NoiseKind.NEWSLETTER),
        ("Follow us on Twitter", NoiseKind.NEWSLETTER),
        (PARAGRAPH, NoiseKind.REPEATED),
    ],
)
def test_a_line_that_is_no_news_is_marked_whole(line: str, kind: NoiseKind) -> None:
    assert kinds(line) == [(kind, line)]


@pytest.mark.parametrize(
    "line",
    [
        "Read more than ten books a year, the minister said, and you will see.",
        "Related Companies bought the site.",
        "Watch Commander Smith said the alarm rang at noon.",
        "Pictured Rocks is a park in Michigan.",
        "Sources say the image was made in Leeds.",
        "Credit Suisse shares fell by a tenth.",
        "Share prices fell in London.",
        "Print workers went on strike in Leeds.",
        "Filed under protest, the petition asks for a new bridge.",
        "Yes.",
        "AstraZeneca, BuzzFeed and McDonald's will sponsor the bridge.",
        "By the river stood Jane Doe.",
        "Source: Russia to halt gas deliveries to Finland from Saturday morning on",
        "Sign up for the army or pay a fine, Latvia told its young men.",
        "Reporting by the BBC in Myanmar led to the release of two men.",
        "Image copyright law in Japan will be changed.",
        "A judge ruled that the company may be sued by Getty Images.",
        "The minister showed a photo: Vladimir Putin with a tiger in Siberia.",
        "Bild: Scholz will Neuwahlen im Herbst, wie die Zeitung am Montag schreibt",
    ],
)
def test_a_sentence_that_begins_like_one_is_news(line: str) -> None:
    assert kinds(line) == []


@pytest.mark.parametrize("word", ["LondonThe", "theKremlin", "JorgensenImage", "saidTuesday"])
def test_words_without_the_space_between_them_are_marked_alone(word: str) -> None:
    assert kinds(f"In the end {word} was silent.") == [(NoiseKind.GLUED_WORDS, word)]


def test_a_byline_and_the_agency_of_a_dateline_are_marked_and_the_place_is_not() -> None:
    article = only_article(f" date 2025-12-01 Flood\nBy Jane Doe\nKYIV, Dec 1 (Reuters) - {PARAGRAPH}")
    marked = [(noise.kind, article.text[noise.start_char : noise.end_char]) for noise in article.noise]
    assert marked == [(NoiseKind.BYLINE, "By Jane Doe"), (NoiseKind.AGENCY, "Reuters")]
    assert (article.byline, article.dateline) == ("Jane Doe", "KYIV")
    assert "By Jane Doe\nKYIV, Dec 1 (Reuters) - The council" in article.text


@pytest.mark.parametrize("line", ["Advertisement", "ADVERTISEMENT", "Share this article", "Loading...", "» Reklama «"])
def test_furniture_of_the_page_leaves_the_text_and_is_kept_beside_it(line: str) -> None:
    article = only_article(f" date 2025-12-01 Flood\n{PARAGRAPH}\n{line}\nIt stopped.")
    assert article.text == f"Flood\n{PARAGRAPH}\nIt stopped."
    assert article.removed_lines == (line,)
    assert Flag.FURNITURE_REMOVED in article.flags


def test_captions_and_links_stay_in_the_text_and_are_flagged() -> None:
    article = only_article(f" date 2025-12-01 Flood\n{PARAGRAPH}\nImage caption, The bridge\nRead more\nIt stopped.")
    assert article.paragraphs == (PARAGRAPH, "Image caption, The bridge", "Read more", "It stopped.")
    assert article.flags == (Flag.CAPTIONS, Flag.READ_MORE_LINES)


LINES = st.lists(
    st.sampled_from(["Read more", "Advertisement", "theKremlin", "Image caption, A", "(CNN) Rain", PARAGRAPH, "By A B"])
    | st.text(st.characters(exclude_characters="\n"), max_size=80),
    max_size=30,
)


@given(LINES)
def test_noise_is_in_order_inside_the_text_and_never_overlaps(lines: list[str]) -> None:
    text = "\n".join(["Headline", *lines])
    spans = [(noise.start_char, noise.end_char) for noise in find_noise(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(LINES)
def test_dropping_furniture_loses_no_line(lines: list[str]) -> None:
    kept, dropped = drop_furniture(lines)
    assert sorted([*kept, *dropped]) == sorted(lines)
