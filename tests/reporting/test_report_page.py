"""The report page: hostile text stays text, nothing is fetched, and a real browser draws it."""

import base64
import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from tasks.reporting.page import CHARTS, SCRIPTS, asset, report_page, safe_json
from tasks.reporting.reports import Reports
from tasks.reporting.words import trend
from tests.example_warehouse import memory_warehouse
from tests.examples import article, entity, file, location, outcome, quarantined, run
from tests.reporting.hostile_news import FORMULA, QUOTES, SCRIPT, hostile_warehouse

NOW = datetime(2025, 12, 4, 9, 30, tzinfo=UTC)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text outside of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self.text += data


def parsed(page: str) -> Elements:
    elements = Elements()
    elements.feed(page)
    return elements


@pytest.fixture(scope="module")
def page() -> str:
    return report_page(Reports(hostile_warehouse()), NOW)


def test_hostile_text_is_shown_as_text(page: str) -> None:
    elements = parsed(page)
    names = [tag for tag, _ in elements.tags]
    assert "img" not in names
    assert names.count("script") == len(SCRIPTS) + len(CHARTS) + 1
    # Nothing that a reader meets reorders what is read, rings or ends a text.
    assert not set("\u202e\u2028\x00\x1b") & set(page)
    assert not [name for _, attributes in elements.tags for name in attributes if name.startswith("on")]
    for text in (SCRIPT, QUOTES, FORMULA, "\\u202eevil"):
        assert text in elements.text
    assert "{{ 7 * 7 }}" in elements.text


def test_only_the_pages_own_scripts_may_run(page: str) -> None:
    policy = next(a["content"] for tag, a in parsed(page).tags if tag == "meta" and "http-equiv" in a) or ""
    assert policy.startswith("default-src 'none'; ")
    runnable = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(runnable) == len(SCRIPTS)
    for text in runnable:
        assert f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"script-src[^;]*unsafe-inline", policy)


def test_nothing_on_the_page_is_fetched(page: str) -> None:
    for tag, attributes in parsed(page).tags:
        assert tag not in {"link", "img", "iframe", "object", "embed"}
        assert "src" not in attributes
        assert not (attributes.get("href") or "#").startswith(("http", "//", "file"))
    assert "@import" not in page
    assert "url(" not in asset("report.css")


def test_json_in_a_script_cannot_end_it() -> None:
    written = safe_json([SCRIPT, "<!--", "\u2028", "&amp;"])
    assert not set(written) & set("<>&\u2028")
    assert json.loads(written) == [SCRIPT, "<!--", "\u2028", "&amp;"]


def test_every_number_has_its_sql_and_table_behind_it(page: str) -> None:
    for question in ("How much news was there each day?", "Where on the map is the news?", "Why was what refused"):
        assert question in page
    assert page.count("<pre") > 15
    assert page.count("<details>") == page.count("<pre")


def test_an_empty_warehouse_has_a_page_that_says_so_and_little_else() -> None:
    page = report_page(Reports(memory_warehouse()), NOW)
    assert "No article has been stored yet" in page
    assert "Nothing has been ingested yet." in page
    assert re.findall(r'<section id="(\w+)"', page) == ["intake", "runs"]


def test_one_day_of_news_is_no_range() -> None:
    page = report_page(Reports(memory_warehouse(articles=[article()], files=[file()], outcomes=[outcome()])), NOW)
    assert '<p class="range"><time datetime="2025-12-01">1 December 2025</time></p>' in page
    assert '<form id="range"' not in page
    assert "<dt>article</dt><dd>1</dd>" in page
    assert "No place has been found yet." in page


def test_what_needs_attention_comes_first() -> None:
    failed = run(status="failed", detail=SCRIPT, articles_new=0)
    page = report_page(Reports(memory_warehouse(articles=[article()], runs=[failed], quarantine=[quarantined()])), NOW)
    assert page.index("Needs attention") < page.index("Headline numbers")
    assert "Needs attention" not in report_page(Reports(memory_warehouse(articles=[article()], runs=[run()])), NOW)


def test_the_page_stays_small(page: str) -> None:
    assert len(page.encode()) < 1_000_000


def test_the_fullest_page_there_can_be_is_no_burden() -> None:
    """Every place and name that the page counts, on each of as many days as it tells apart."""
    connection = memory_warehouse(
        articles=[article()], entities=[entity(label="PERSON")], locations=[location()], files=[file()], runs=[run()]
    )
    named = "'Somebody of Somewhere ' || item AS canonical_name"
    dated = "'d' || day AS article_id, published_date - CAST(day AS INTEGER) AS published_date"
    for table, count, columns in (
        ("articles", 1, f"{dated}, repeat('Long headline ', 40) AS headline"),
        ("entities", 400, f"{dated}, if(item < 200, label, 'ORG') AS label, 'N' || item AS entity_id, {named}"),
        ("locations", 1500, f"{dated}, item AS geonames_id, 'Somewhere in the Middle ' || item AS place_name"),
    ):
        every = f"FROM {table}, range(62) AS day(day), range({count}) AS item(item)"
        connection.execute(f"INSERT INTO {table} SELECT {table}.* REPLACE ({columns}) {every}")
    reports = Reports(connection)
    page = report_page(reports, NOW)
    assert reports["places_over_time"].rows.num_rows == 1500 * 62
    assert reports["names_over_time"].rows.num_rows == 400 * 62
    assert len(page.encode()) < 2_500_000


def test_vendored_scripts_are_the_ones_noted() -> None:
    notes = asset("vendor/README.md")
    for name in (name for name in SCRIPTS if name.startswith("vendor/")):
        line = next(line for line in notes.splitlines() if line.startswith(f"| {name.removeprefix('vendor/')} |"))
        assert sha256(asset(name).encode()).hexdigest() in line


@pytest.mark.parametrize(
    ("week", "before", "times", "words"),
    [
        (1, 1, 4.0, ("unknown", "\N{EN DASH}")),
        (0, 3, 0.0, ("down", "silent")),
        (3, 0, None, ("up", "new")),
        (3, 4, 3.0, ("up", "▲\N{NO-BREAK SPACE}3.0\N{MULTIPLICATION SIGN}")),
        (1, 8, 0.5, ("down", "▼\N{NO-BREAK SPACE}0.5\N{MULTIPLICATION SIGN}")),
        (1, 4, 1.0, ("flat", "steady")),
    ],
)
def test_a_trend_is_said_in_a_word(week: int, before: int, times: float | None, words: tuple[str, str]) -> None:
    assert trend({"week_article_count": week, "before_article_count": before, "trend": times}) == words


def test_every_link_to_sql_leads_somewhere(page: str) -> None:
    links = set(re.findall(r'href="#(sql-\w+)"', page))
    assert len(links) > 8
    assert links <= set(re.findall(r'id="(sql-\w+)"', page))


# Words; bars, dots and frames of buttons: each on the page and on its panels (WCAG 2.2, 1.4.3 and 1.4.11).
WORDS = ("ink", "ink-soft", "accent", "good", "bad")
SHAPES = ("accent", "accent-soft", "good", "bad", "quiet", "quiet-strong")


def luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, 0 black to 1 white (WCAG 2.2)."""
    shares = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_colour_stands_out_from_what_is_behind_it() -> None:
    palettes = [
        dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        for block in re.findall(r":root \{(.*?)\}", asset("report.css"), re.DOTALL)
    ]
    assert len(palettes) == 3  # light, dark, paper
    for colors in palettes:
        for behind in (colors["paper"], colors["panel"]):
            assert {name for name in WORDS if contrast(colors[name], behind) < 4.5} == set()
            assert {name for name in SHAPES if contrast(colors[name], behind) < 3} == set()
        # Names on the map stand on land or have its colour around them.
        assert contrast(colors["ink"], colors["land"]) > 4.5
