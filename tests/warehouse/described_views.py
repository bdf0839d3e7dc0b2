"""What each view counts and its columns, as a document; `python -m tests.warehouse.described_views` writes it."""

from pathlib import Path

from tests.example_warehouse import memory_warehouse
from warehouse import load_queries

VIEWS = Path(__file__).parents[2] / "warehouse" / "VIEWS.md"
HEAD = """# The views

Generated from `warehouse/views` by `python -m tests.warehouse.described_views`; a test keeps it true. The columns of
tables are described in the [dictionary](DICTIONARY.md); [docs/tables.md](../docs/tables.md#views) is the overview.
"""


def described_views() -> str:
    """Each view's leading comment and its columns with their types, in Markdown."""
    connection = memory_warehouse()
    parts = [HEAD]
    for name, view in load_queries("views").items():
        question, _, meaning = view.question.partition("? ")
        columns = connection.execute(f"DESCRIBE {name}").fetchall()
        listed = ", ".join(f"`{column}` {kind}" for column, kind, *_ in columns)
        parts.append(f"\n## {name}\n\n**{question}?** {meaning}\n\n{listed}\n")
    return "".join(parts)


if __name__ == "__main__":
    VIEWS.write_text(described_views(), "utf-8")
