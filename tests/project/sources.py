"""What the project's own Python files contain, read without importing them."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


def python_files(project: Path, folders: Iterable[str]) -> list[Path]:
    """The Python files below some of the project's folders."""
    return sorted(path for folder in folders for path in (project / folder).rglob("*.py"))


def imported_packages(path: Path) -> set[str]:
    """The first part of every name a file imports, late imports included."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    from_imports = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in plain | from_imports}


def function_lengths(path: Path) -> Iterator[tuple[str, int]]:
    """Name and number of lines (decorators and docstring included) of each function of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield f"{path.stem}.{node.name}", (node.end_lineno or first) - first + 1
