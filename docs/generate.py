"""Writes docs/items.md, the reference of the items, from netease_crawler/items.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_SOURCE = _ROOT / "netease_crawler" / "items.py"
_HEAD = """<!-- Written by `python docs/generate.py` from netease_crawler/items.py. -->

# Items

"""


def items_page() -> str:
    """Return the page, in Markdown: a table for each item, fields in their order."""
    module = ast.parse(_SOURCE.read_text(encoding="utf-8"))
    items = [node for node in module.body if isinstance(node, ast.ClassDef)]
    sections = (f"\n## {item.name}\n\n{_docstring(item)}\n\n{_table(item)}" for item in items)
    return f"{_HEAD}{_docstring(module)}\n{''.join(sections)}"


def _table(item: ast.ClassDef) -> str:
    rows = "".join(
        f"| `{name}` | `{type_}` | {meaning} |\n".replace(" | None", r" \| None")
        for name, type_, meaning in (*_fields(item), *_properties(item))
    )
    return f"| field | type | meaning |\n|---|---|---|\n{rows}"


def _fields(item: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    for node, below in pairwise([*item.body, ast.Pass()]):
        if isinstance(node, ast.AnnAssign):
            if not (isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)):
                raise ValueError(f"{_SOURCE}, line {node.lineno}: a field without a docstring")
            meaning = _markdown(str(below.value.value)).replace("\n", " ")
            yield ast.unparse(node.target), ast.unparse(node.annotation), meaning


def _properties(item: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    for node in item.body:
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            meaning = _docstring(node).replace("\n", " ")
            yield node.name, ast.unparse(node.returns), f"{meaning} (Derived.)"


def _docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    return _markdown(ast.get_docstring(node) or "")


def _markdown(docstring: str) -> str:
    lines = "\n".join(line.strip() for line in docstring.splitlines())
    # :class:`~datetime.datetime` → `datetime`
    plain = re.sub(r":\w+:`(?:~[\w.]*\.)?([\w.]+)`", r"`\1`", lines)
    return plain.replace("``", "`")


if __name__ == "__main__":
    (_ROOT / "docs" / "items.md").write_text(items_page(), encoding="utf-8")
