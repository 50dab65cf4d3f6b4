"""Pages of our own in the layout of 2020, each with every value that a reader finds on it."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.cleaning import clean_article
from netease_crawler.items import Article
from netease_crawler.pages import LAYOUTS, parse_article

_LAYOUT = Path(__file__).parents[1] / "fixtures" / "pages" / "post2020_dy"
_PAGES = sorted(_LAYOUT.iterdir())
_FIELDS = [field.name for field in fields(Article)]


@cache
def _expected(page: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((page / "expected.json").read_text("utf-8"))
    return expected


@cache
def _found(page: Path) -> dict[str, Any]:
    url = f"https://m.163.com/news/article/{page.name}.html?f=post2020_dy_recommends"
    article, _ = clean_article(parse_article((page / "page.html").read_bytes(), url))
    found: dict[str, Any] = json.loads(json.dumps(asdict(article), default=datetime.isoformat))
    return found


@pytest.mark.parametrize("field", _FIELDS)
@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_field(page: Path, field: str) -> None:
    assert _found(page)[field] == _expected(page)[field]


def test_every_layout_has_saved_pages() -> None:
    saved = {directory.name for directory in _LAYOUT.parent.iterdir() if any(directory.iterdir())}
    assert saved == {layout.layout for layout in LAYOUTS}
