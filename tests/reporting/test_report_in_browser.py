"""The report page as a real browser shows it: drawn whole, nothing fetched, nothing run, readable at any size."""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.reporting.page import CHARTS, SCRIPTS, write_report
from tests.example_news import news_warehouse
from tests.example_warehouse import memory_warehouse
from tests.examples import article, file, outcome, run
from tests.reporting.browser import Tab, open_browser
from tests.reporting.hostile_news import EMOJI, FORMULA, QUOTES, SCRIPT, hostile_warehouse

pytestmark = pytest.mark.browser

PHONE, DESKTOP = (390, 844), (1280, 900)
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
FIGURES = ["volume", "map", "files", "blocks", "coverage"]


def one_day() -> duckdb.DuckDBPyConnection:
    """A single article without a name or place in it."""
    return memory_warehouse(articles=[article()], files=[file()], outcomes=[outcome()], runs=[run()])


WAREHOUSES: dict[str, Callable[[], duckdb.DuckDBPyConnection]] = {
    "hostile": hostile_warehouse,
    "news": news_warehouse,
    "one_day": one_day,
    "empty": memory_warehouse,
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each warehouse."""
    folder = tmp_path_factory.mktemp("pages")
    for name, warehouse in WAREHOUSES.items():
        write_report(warehouse(), folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in WAREHOUSES}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with open_browser(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def tab(browser: Tab) -> Iterator[Tab]:
    """A tab that complained of nothing and asked for nothing but the page when the test is done."""
    browser.complaints.clear()
    browser.requests.clear()
    yield browser
    assert browser.complaints == []
    assert {address for address in browser.requests if not address.startswith(("data:", "about:"))} <= browser.opened


# Elements that leave the screen though nobody scrolls them, by their text.
OUTSIDE = """[...document.querySelectorAll("body *")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && !one.closest(".scroll, pre, .skip, [clip-path]")
        && (box.right > innerWidth + 1 || box.left < -1);
}).map(one => one.tagName + " " + one.textContent.slice(0, 60))"""

# Pairs of texts of one drawing that lie over each other.
COLLISIONS = """[...document.querySelectorAll("figure[data-chart]")].flatMap(figure => {
    const texts = [...figure.querySelectorAll("svg[role=img] text")].filter(one => one.textContent);
    const boxes = texts.map(one => one.getBoundingClientRect())
        .map(({left, right, top, bottom}) => [left + 1, right - 1, top + 2, bottom - 2]);
    return boxes.flatMap((one, at) => boxes.slice(at + 1).flatMap((other, next) =>
        one[0] < other[1] && other[0] < one[1] && one[2] < other[3] && other[2] < one[3]
            ? [figure.dataset.chart + ": " + texts[at].textContent + " / " + texts[at + 1 + next].textContent] : []));
})"""

DRAWN = """Object.fromEntries([...document.querySelectorAll("figure[data-chart]")].map(figure => {
    const svg = figure.querySelector("svg[role=img]"), box = svg.getBoundingClientRect();
    const marks = [...svg.querySelectorAll("rect, circle, path")]
        .filter(mark => mark.getBoundingClientRect().height > 1);
    return [figure.dataset.chart, [box.width, box.height, marks.length, svg.getAttribute("aria-label")]];
}))"""


@SIZES
@pytest.mark.parametrize("name", ["hostile", "news", "one_day"])
def test_every_chart_is_drawn_where_it_can_be_seen(tab: Tab, pages: dict[str, Path], size: Any, name: str) -> None:
    drawn = tab.open(pages[name], size).value(DRAWN)
    assert list(drawn) == [figure for figure in FIGURES if figure != "map" or name != "one_day"]
    for width, height, marks, words in drawn.values():
        assert width > size[0] * 0.35
        assert height >= 25
        assert marks
        assert re.search(r"\d", words)


@SIZES
@pytest.mark.parametrize("name", WAREHOUSES)
@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
def test_nothing_leaves_the_screen(tab: Tab, pages: dict[str, Path], size: Any, name: str, unfolded: bool) -> None:
    tab.open(pages[name], size)
    tab.value(f"document.querySelectorAll('details').forEach(one => one.open = {str(unfolded).lower()})")
    assert tab.value("document.documentElement.scrollWidth") == size[0]
    assert tab.value(OUTSIDE) == []


@SIZES
@pytest.mark.parametrize("name", ["hostile", "news", "one_day"])
def test_no_words_of_a_chart_lie_over_others(tab: Tab, pages: dict[str, Path], size: Any, name: str) -> None:
    assert tab.open(pages[name], size).value(COLLISIONS) == []


def test_hostile_text_makes_no_element(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["hostile"], DESKTOP)
    assert tab.value("document.scripts.length") == len(SCRIPTS) + len(CHARTS) + 1
    assert (
        tab.value(
            "document.querySelectorAll('img, iframe, object, embed, link, [onerror], a:not([href^=\"#\"])').length"
        )
        == 0
    )


def test_hostile_names_are_words_in_tables_and_on_the_map(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["hostile"], DESKTOP)
    of_map = tab.value(
        "[...document.querySelectorAll('[data-chart=map] svg[role=img] text')].map(one => one.textContent)"
    )
    assert SCRIPT in of_map
    for kind in ("PERSON", "ORG", "places"):
        names = [name for name, _ in names_shown(tab, kind)]
        assert {SCRIPT, QUOTES, FORMULA, EMOJI, r"Nul\x00l \x1b[31m \u2028 line"} <= set(names)
        assert [name[:10] for name in names if "evil" in name] == [r"\u202eevil"]
        assert max(map(len, names)) <= 240


def test_a_hostile_place_is_words_under_the_mouse(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["hostile"], DESKTOP, prefers_reduced_motion="reduce")
    tab.value("document.getElementById('map').scrollIntoView()")
    circles = tab.value("""[...document.querySelectorAll("[data-chart=map] circle")]
        .map(one => one.getBoundingClientRect())
        .map(box => [box.x + box.width / 2, box.y + box.height / 2])""")
    said = set()
    for x, y in circles:
        tab.point_at(x, y)
        said |= set(
            tab.value("""[...document.querySelectorAll("[data-chart=map] text")]
            .map(one => one.textContent.replaceAll("\u200b", "")).filter(words => words.includes("mention"))""")
        )
    for name in (SCRIPT, QUOTES, FORMULA):
        assert [words for words in said if name[:35] in words and words.endswith("1 mention in 1 article")]
    assert len(said) == len(circles)
    assert max(map(len, said)) < 130


def names_shown(tab: Tab, kind: str) -> list[tuple[str, str]]:
    """Name and number of articles in one of the page's tables of names."""
    rows = f"document.querySelector('table[data-kind={kind}]')?.tBodies[0].rows ?? []"
    found = tab.value(f"[...{rows}].map(row => [row.querySelector('bdi').textContent, row.cells[1].textContent])")
    return [(name, articles) for name, articles in found]


def stories_shown(tab: Tab) -> int:
    return int(tab.value("document.querySelectorAll('ol.stories li:not([hidden])').length"))


def test_a_reader_chooses_days_and_sees_theirs_alone(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["news"], DESKTOP)
    assert names_shown(tab, "PERSON") == [("Ada Lovelace", "2"), ("William King", "2")]
    assert names_shown(tab, "places") == [("Leeds", "1"), ("Paris", "1")]
    assert stories_shown(tab) == 2
    tab.open(pages["news"], DESKTOP, "#from=2025-11-20&to=2025-11-30")
    assert names_shown(tab, "PERSON") == [("Ada Lovelace", "1"), ("William King", "1")]
    assert names_shown(tab, "places") == [("Paris", "1")]
    assert names_shown(tab, "ORG") == []
    assert stories_shown(tab) == 0
    assert tab.value("document.querySelector('#range output').textContent").startswith("2 articles, 0 copies.")
    tab.value("document.querySelector('[data-days=\"7\"]').click()")
    assert names_shown(tab, "places") == [("Leeds", "1")]
    assert tab.value("location.hash") == "#from=2025-11-27&to=2025-12-03"


def test_days_that_are_none_choose_all(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["news"], DESKTOP, "#from=<b>&to=2025-11-30")
    assert names_shown(tab, "places") == [("Leeds", "1"), ("Paris", "1")]


def test_a_reader_looks_closer_at_a_part_of_the_world(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["news"], PHONE)
    caption = "document.querySelector('[data-chart=map] figcaption').textContent"
    press = "[...document.querySelectorAll('#regions button')].find(one => one.textContent === '%s').click()"
    assert tab.value(caption) == "2 places; the largest circle is Leeds, 2 mentions."
    tab.value(press % "Europe")
    assert tab.value("document.querySelector('#regions [aria-pressed=true]').textContent") == "Europe"
    assert tab.value(caption) == "2 places of 2; the largest circle is Leeds, 2 mentions."
    tab.value(press % "Oceania")
    assert tab.value(caption) == "No place here in these days."


def test_a_link_to_sql_unfolds_it(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["news"], DESKTOP)
    for name in tab.value("[...document.querySelectorAll('a.sql')].map(one => one.hash.slice(1))"):
        tab.value(f"document.querySelector('a.sql[href=\"#{name}\"]').click()")
        assert tab.value(f"document.getElementById('{name}').checkVisibility()"), name


def test_a_keyboard_reaches_everything(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["news"], DESKTOP)
    tab.press_tab()
    assert tab.value("document.activeElement.textContent") == "Skip to the report"
    assert tab.value("document.activeElement.getBoundingClientRect().left >= 0")
    met: list[tuple[str, bool]] = []
    while len(met) < 200 and (focused := tab.value(FOCUSED)):
        met.append(focused)
        tab.press_tab()
    # In a field of a date day, month and year have a mark of their own.
    assert {what for what, outlined in met if outlined} >= {"A", "INPUT", "BUTTON", "SUMMARY"}
    assert {what for what, outlined in met if not outlined} <= {"INPUT"}


FOCUSED = """document.activeElement === document.body ? null
    : [document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle !== "none"]"""


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", ["hostile", "empty"])
def test_axe_finds_no_barrier(tab: Tab, pages: dict[str, Path], size: Any, scheme: str, name: str) -> None:
    tab.open(pages[name], size, prefers_color_scheme=scheme)
    tab.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    tab.ask("Runtime.evaluate", expression=(files("axe_core_python") / "axe.min.js").read_text("utf-8"))
    found = tab.value(
        "axe.run().then(({violations, passes}) => [passes.length, violations.map(one => [one.id, one.nodes[0].html])])"
    )
    assert found[0] > 20
    assert found[1] == []


def test_the_page_follows_the_scheme_and_paper_is_white(tab: Tab, pages: dict[str, Path]) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    bar = "document.querySelector('[data-chart=volume] svg[role=img] rect').getAttribute('fill')"
    seen = {
        scheme: (tab.open(pages["news"], DESKTOP, prefers_color_scheme=scheme).value(paper), tab.value(bar))
        for scheme in ("light", "dark")
    }
    assert not set(seen["light"]) & set(seen["dark"])
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    tab.ask("Emulation.setEmulatedMedia", media="print", features=dark)
    assert tab.value(paper) == "rgb(255, 255, 255)"
    assert tab.value(bar) == seen["light"][1]
    assert not tab.value("document.querySelector('nav').checkVisibility()")


def test_the_page_prints(tab: Tab, pages: dict[str, Path]) -> None:
    printed = tab.open(pages["news"], DESKTOP).printed()
    assert printed.startswith(b"%PDF")
    assert 2 <= printed.count(b"/Type /Page\n") <= 6


def test_whoever_wants_less_motion_gets_none(tab: Tab, pages: dict[str, Path]) -> None:
    motion = "getComputedStyle(document.documentElement).scrollBehavior"
    assert tab.open(pages["news"], DESKTOP).value(motion) == "smooth"
    assert tab.open(pages["news"], DESKTOP, prefers_reduced_motion="reduce").value(motion) == "auto"


def test_a_page_says_its_language_and_its_headings_skip_no_level(tab: Tab, pages: dict[str, Path]) -> None:
    for page in pages.values():
        tab.open(page, DESKTOP)
        levels = tab.value("[...document.querySelectorAll('h1, h2, h3, h4')].map(one => Number(one.tagName[1]))")
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert tab.value("document.documentElement.lang") == "en"
