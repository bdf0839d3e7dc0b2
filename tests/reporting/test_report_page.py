"""The report page: hostile text stays text, nothing is fetched, and a real browser draws it."""

import base64
import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from tasks.reporting.page import CHARTS, SCRIPTS, asset, report_page, safe_json, write_report
from tasks.reporting.reports import Reports
from tasks.reporting.words import trend
from tests.example_news import news_warehouse
from tests.example_warehouse import memory_warehouse
from tests.examples import article, entity, file, file_id, location, outcome, quarantined, run

ATTACK = "<script>alert(1)</script>"
QUOTES = "\"'><img src=x onerror=alert(2)>"
REVERSED = "\u202eevil\u202c =1+1 {{ 7 * 7 }} </script><!--"
NOW = datetime(2025, 12, 4, 9, 30, tzinfo=UTC)


def hostile_warehouse() -> duckdb.DuckDBPyConnection:
    """A warehouse in which every text that the page shows tries to be something else."""
    return memory_warehouse(
        articles=[
            article(headline=QUOTES, is_current=False, source=ATTACK),
            article(version_no=2, headline=ATTACK, source=ATTACK, entity_count=2, location_count=1, flags=[ATTACK]),
            article(article_id="a2", headline=REVERSED, duplicate_of="a1", duplicate_kind="exact", similarity=1.0),
        ],
        entities=[
            entity(version_no=2, label="PERSON", surface=ATTACK),
            entity(version_no=2, mention_no=2, label="ORG", surface=REVERSED),
        ],
        locations=[location(version_no=2, place_name=ATTACK, country_code=None)],
        files=[file(path=ATTACK)],
        outcomes=[outcome(), outcome(version_no=2, outcome="new_version", position_in_file=2)],
        quarantine=[quarantined(path=QUOTES, file_id=file_id("q"), detail=ATTACK)],
        runs=[run(detail=ATTACK)],
    )


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
    assert not [name for _, attributes in elements.tags for name in attributes if name.startswith("on")]
    assert ATTACK in elements.text
    assert QUOTES in elements.text
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
    written = safe_json([ATTACK, "<!--", "\u2028", "&amp;"])
    assert not set(written) & set("<>&\u2028")
    assert json.loads(written) == [ATTACK, "<!--", "\u2028", "&amp;"]


def test_every_number_has_its_sql_and_table_behind_it(page: str) -> None:
    for question in ("How much news was there each day?", "Where on the map is the news?", "Why was what refused"):
        assert question in page
    assert page.count("<details") == page.count("<pre") > 15


def test_an_empty_warehouse_has_a_page() -> None:
    page = report_page(Reports(memory_warehouse()), NOW)
    assert "The warehouse is empty" in page
    assert "Nothing has been ingested yet." in page


def test_the_page_stays_small(page: str) -> None:
    assert len(page.encode()) < 1_000_000


def test_vendored_scripts_are_the_ones_noted() -> None:
    notes = asset("vendor/README.md")
    for name in (name for name in SCRIPTS if name.startswith("vendor/")):
        line = next(line for line in notes.splitlines() if line.startswith(f"| {name.removeprefix('vendor/')} |"))
        assert sha256(asset(name).encode()).hexdigest() in line


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=4000",
]


def shown_by_browser(page: Path, profile: Path, size: str, fragment: str = "") -> subprocess.CompletedProcess[str]:
    """The page's elements as a browser leaves them, on standard output, and what it complains of."""
    if CHROMIUM is None:
        if os.environ.get("NEWSMILL_REQUIRE_BROWSER"):
            pytest.fail("NEWSMILL_REQUIRE_BROWSER is set and there is no chromium")
        pytest.skip("no chromium installed")
    window = [f"--user-data-dir={profile}", f"--window-size={size}", "--dump-dom", page.as_uri() + fragment]
    return subprocess.run([CHROMIUM, *FLAGS, *window], capture_output=True, text=True, timeout=120, check=True)


@pytest.mark.browser
@pytest.mark.parametrize("size", ["1280,900", "500,900"])
def test_a_browser_draws_every_chart_without_a_complaint(tmp_path: Path, size: str) -> None:
    write_report(hostile_warehouse(), tmp_path / "report.html")
    shown = shown_by_browser(tmp_path / "report.html", tmp_path / "profile", size)
    assert [line for line in shown.stderr.splitlines() if "CONSOLE" in line] == []
    figures = re.findall(r"<figure data-chart=\"(\w+)\".*?</figure>\s*(?=<details|</div>)", shown.stdout, re.DOTALL)
    assert figures == ["volume", "map", "files", "blocks", "coverage"]
    assert shown.stdout.count("<svg") >= 5
    body = shown.stdout.partition("<body>")[2]
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def names_shown(page: str, kind: str) -> list[tuple[str, str]]:
    """Name and number of articles in one of the page's tables of names."""
    table = page.partition(f'data-kind="{kind}"')[2].partition("</table>")[0]
    return re.findall(r'<bdi[^>]*>(.*?)</bdi>.*?<td class="number">(.*?)</td>', table)


@pytest.mark.browser
def test_a_reader_chooses_days_and_sees_theirs_alone(tmp_path: Path) -> None:
    write_report(news_warehouse(), tmp_path / "report.html")
    asked = {"all": "", "november": "#from=2025-11-20&to=2025-11-30", "nonsense": "#from=<b>&to=2025-11-30"}
    pages = {
        name: shown_by_browser(tmp_path / "report.html", tmp_path / name, "1280,900", fragment)
        for name, fragment in asked.items()
    }
    assert [line for page in pages.values() for line in page.stderr.splitlines() if "CONSOLE" in line] == []
    drawn = {name: page.stdout.partition("<main")[2].partition("<script")[0] for name, page in pages.items()}
    assert names_shown(drawn["all"], "PERSON") == [("Ada Lovelace", "2"), ("William King", "2")]
    assert names_shown(drawn["november"], "PERSON") == [("Ada Lovelace", "1"), ("William King", "1")]
    assert names_shown(drawn["all"], "places") == [("Leeds", "1"), ("Paris", "1")]
    assert names_shown(drawn["november"], "places") == [("Paris", "1")]
    assert names_shown(drawn["november"], "ORG") == []
    assert "2 articles, 0 copies." in drawn["november"]
    assert drawn["all"].count('<li data-day="2025-12-01">') == 2
    assert drawn["november"].count('<li data-day="2025-12-01" hidden="">') == 2
    assert names_shown(drawn["nonsense"], "places") == names_shown(drawn["all"], "places")


@pytest.mark.parametrize(
    ("week", "before", "times", "words"),
    [
        (1, 1, 4.0, ("flat", "\N{EN DASH}")),
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
