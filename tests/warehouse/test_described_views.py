"""The document of the views is what the views are."""

from tests.warehouse.described_views import VIEWS, described_views
from warehouse import load_queries


def test_the_views_are_described_as_they_are() -> None:
    assert VIEWS.read_text("utf-8") == described_views(), "run `python -m tests.warehouse.described_views`"


def test_every_view_says_what_a_row_is() -> None:
    said = {name: view.question for name, view in load_queries("views").items()}
    assert [name for name, question in said.items() if "One row" not in question and "one row" not in question] == []
