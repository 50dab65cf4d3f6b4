"""Pages of our own, each with every value that a reader finds on it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.cleaning import clean_article
from netease_crawler.items import Article
from netease_crawler.pages import LAYOUTS, parse_article

_FIXTURES = Path(__file__).parents[1] / "fixtures" / "pages"
_LAYOUTS = [layout.layout for layout in LAYOUTS]
_PAGES = sorted(page for layout in _LAYOUTS for page in (_FIXTURES / layout).glob("*"))
_FIELDS = [field.name for field in fields(Article)]
_FILES = {"page.html", "expected.json"}
_ENCODING = "encoding"  # what the server declared, where the page cannot be read without it


@cache
def _expected(page: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((page / "expected.json").read_text("utf-8"))
    return expected


@cache
def _found(page: Path) -> dict[str, Any]:
    # As the site for phones links it; what the page says of its own address goes before
    url = f"https://m.163.com/news/article/{page.name}.html"
    declared = page / _ENCODING
    encoding = declared.read_text("ascii").strip() if declared.exists() else None
    body = (page / "page.html").read_bytes()
    article, _ = clean_article(parse_article(body, f"{url}?f=post2020_dy_recommends", encoding))
    found: dict[str, Any] = json.loads(json.dumps(asdict(article), default=datetime.isoformat))
    return found


def _page_id(page: Path) -> str:
    return f"{page.parent.name}-{page.name}"


@pytest.mark.parametrize("field", _FIELDS)
@pytest.mark.parametrize("page", _PAGES, ids=_page_id)
def test_field(page: Path, field: str) -> None:
    assert _found(page)[field] == _expected(page)[field]


@pytest.mark.parametrize("page", _PAGES, ids=_page_id)
def test_every_field_is_expected_and_nothing_else_is_there(page: Path) -> None:
    assert list(_expected(page)) == _FIELDS
    assert {file.name for file in page.iterdir()} - {_ENCODING} == _FILES


@pytest.mark.parametrize("page", _PAGES, ids=_page_id)
def test_directory_is_named_after_layout_and_doc_id(page: Path) -> None:
    expected = _expected(page)
    assert (page.parent.name, page.name) == (expected["layout"], expected["doc_id"])


@pytest.mark.parametrize("layout", _LAYOUTS)
def test_every_layout_has_a_page(layout: str) -> None:
    assert layout in {page.parent.name for page in _PAGES}


def test_every_page_has_a_layout() -> None:
    found = {*_FIXTURES.glob("*"), *_FIXTURES.glob("*/*")}
    stray = found - {_FIXTURES / layout for layout in _LAYOUTS} - set(_PAGES)
    without = sorted(str(entry.relative_to(_FIXTURES)) for entry in stray)
    assert without == [], "no layout reads these; docs/adding-a-layout.md says what to do"


def test_every_layout_is_documented() -> None:
    page = (_FIXTURES.parents[2] / "docs" / "layouts.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [*_LAYOUTS, *_LAYOUTS]
