"""Every link of the documents leads to a file or a heading that is there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
# Not what tools and environments keep in the project's folder.
HIDDEN = re.compile(r"(^|/)(\.|build/|dist/)")
FILES = (path.relative_to(PROJECT) for path in PROJECT.rglob("*.md"))
DOCUMENTS = sorted(path for path in FILES if not HIDDEN.search(path.as_posix()))
# [words](target), without those in code.
LINK = re.compile(r"(?<!!)\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def links(path: Path) -> list[str]:
    text = CODE.sub("", (PROJECT / path).read_text("utf-8"))
    return [one or other for one, other in LINK.findall(text)]


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?)\s*$", text, re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found.add(slug if slug not in found else f"{slug}-1")
    return found


def is_broken(document: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return False
    name, _, anchor = link.partition("#")
    target = (PROJECT / document.parent / name) if name else PROJECT / document
    return not target.exists() or (bool(anchor) and anchor not in anchors(target))


def test_there_are_documents() -> None:
    assert {Path("README.md"), Path("CONTRIBUTING.md"), Path("docs/queries.md")} <= set(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_link_leads_somewhere(document: Path) -> None:
    assert [link for link in links(document) if is_broken(document, link)] == []


def test_every_document_is_linked() -> None:
    """From README, directly or by way of others."""
    seen: set[Path] = set()
    waiting = [Path("README.md")]
    while waiting:
        document = waiting.pop()
        seen.add(document)
        targets = {(PROJECT / document.parent / link.partition("#")[0]).resolve() for link in links(document)}
        # Who opens a folder is shown what it says of itself.
        targets |= {target / "README.md" for target in targets if (target / "README.md").exists()}
        waiting += {t.relative_to(PROJECT) for t in targets if t.suffix == ".md" and t.is_relative_to(PROJECT)} - seen
    assert {path for path in DOCUMENTS if path.parts[0] not in {"tests", "tasks"}} - seen == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_file_that_is_named_is_there(document: Path) -> None:
    """Paths in code quotes, such as `warehouse/checks`, as a reader would look them up."""
    top = {"benchmarks", "docs", "flows", "newsmill", "schemas", "seeds", "tasks", "tests", "warehouse"}
    text = re.sub(r"```.*?```", "", (PROJECT / document).read_text("utf-8"), flags=re.DOTALL)
    named = {name.rstrip("/") for name in re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", text)}
    named = {name for name in named if name.partition("/")[0] in top and not name.startswith("warehouse/data")}
    # A changelog may tell of what is gone.
    if document.name != "CHANGELOG.md":
        assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []
