"""Real saved pages are read as a careful reader reads them."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.cleaning import clean_article
from netease_crawler.items import Article
from netease_crawler.pages import NotAnArticleError, UnknownLayoutError, parse_article
from tests.real_pages import REAL_PAGES, needs_real_pages

_PAGES = sorted(REAL_PAGES.glob("*.html.gz"))
_READ = [page for page in _PAGES if page.name.startswith(("dy2021_", "dy2022_", "dy2024_"))]
_NOT_READ = [page for page in _PAGES if page not in _READ]

# our field → the older key of expected.json
_SAME_VALUE = {
    "doc_id": "docid",
    "url": "canonical_url",
    "layout": "layout",
    "title": "title",
    "source": "source_name",
    "source_url": "source_url",
    "location": "location",
    "editor": "editor",
    "original_title": "original_title",
    "keywords": "keywords",
    "category": "category",
    "rec_category": "rec_category",
    "comment_count": "tiecount",
    "has_statement": "statement_present",
}

pytestmark = needs_real_pages


def _page_id(page: Path) -> str:
    return page.name.removesuffix(".html.gz")


def _each(pages: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", pages, ids=_page_id)


@cache
def _expected(page: Path) -> dict[str, Any]:
    path = page.with_name(_page_id(page) + ".expected.json")
    expected: dict[str, Any] = _normalised(json.loads(path.read_text("utf-8")))
    return expected


@cache
def _article(page: Path) -> Article:
    body = gzip.decompress(page.read_bytes())
    article, _ = clean_article(parse_article(body, _expected(page)["page_url"] or ""))
    return article


def _normalised(value: Any) -> Any:
    if isinstance(value, str):
        text = re.sub("[\u200b-\u200d\u2060\ufeff]", "", value)
        return re.sub(r"\s+", " ", text).strip()
    if isinstance(value, dict):
        return {key: _normalised(inner) for key, inner in value.items()}
    return [_normalised(inner) for inner in value] if isinstance(value, list) else value


def _time(shown: str | None) -> datetime | None:
    return datetime.fromisoformat(shown) if shown else None


@_each(_READ)
@pytest.mark.parametrize("field", _SAME_VALUE)
def test_field(page: Path, field: str) -> None:
    value = getattr(_article(page), field)
    found = list(value) if isinstance(value, tuple) else value
    assert found == _expected(page)[_SAME_VALUE[field]]


@_each(_READ)
def test_published_at(page: Path) -> None:
    assert _article(page).published_at == _time(_expected(page)["published_at"])


@_each(_READ)
def test_join_count(page: Path) -> None:
    expected = _expected(page)
    is_placeholder = "joincount" in expected["count_placeholders"]
    assert _article(page).join_count == (None if is_placeholder else expected["joincount"])


@_each(_READ)
def test_text(page: Path) -> None:
    assert _article(page).text.split("\n") == _expected(page)["body_paragraphs"]


@_each(_READ)
def test_images(page: Path) -> None:
    assert list(_article(page).images) == _expected(page)["body_images"]


@_each(_READ)
def test_account(page: Path) -> None:
    account = _article(page).account
    assert account is not None
    found = asdict(account)
    found["avatar_original_url"] = found.pop("avatar_url")
    assert found == _expected(page)["account"]


@_each(_READ)
def test_recommendations(page: Path) -> None:
    positions = {"related": 0, "hot": 0}
    expected = []
    for entry in _expected(page)["recommendations"]:
        positions[entry["kind"]] += 1
        expected.append(
            {
                "kind": entry["kind"],
                "position": positions[entry["kind"]],
                "url": entry["url"],
                "doc_id": entry["docid"] or entry["video_id"],
                "title": entry["title"],
                "source": entry["source"],
                "published_at": _time(entry["published_at"]),
                "comment_count": entry["joincount"],
                "is_video": entry["is_video"],
            }
        )
    found = [asdict(entry) for entry in _article(page).recommendations]
    images = [entry.pop("image_url") for entry in found]
    assert found == expected
    assert all(image and "nimg.ws.126.net" not in image for image in images)


@_each(_READ)
def test_history(page: Path) -> None:
    found = [(link.url, link.title, link.published_at) for link in _article(page).history]
    assert found == [
        (link["url"], link["title"], _time(link["published_at"]))
        for link in _expected(page)["history"]
    ]


@_each(_READ)
def test_next_article(page: Path) -> None:
    following, expected = _article(page).next_article, _expected(page)["next_article"]
    found = {"url": following.url, "title": following.title} if following else None
    assert found == expected


@_each(_READ)
def test_headlines(page: Path) -> None:
    found = [
        (box.section, [(link.url, link.title) for link in box.links])
        for box in _article(page).headlines
    ]
    assert found == [
        (box["section"], [(link["url"], link["title"]) for link in box["items"]])
        for box in _expected(page)["headline_boxes"]
        if box.get("duplicate_of") is None
    ]


@_each(_READ)
def test_originals(page: Path) -> None:
    found = [
        {"tag": link.tag, "title": link.title, "url": link.url} for link in _article(page).originals
    ]
    assert found == _expected(page)["original_columns"]


@_each(_NOT_READ)
def test_page_of_another_layout_is_refused(page: Path) -> None:
    url = _expected(page).get("page_url") or "https://www.163.com/"
    refused = NotAnArticleError if page.name.startswith("list_") else UnknownLayoutError
    with pytest.raises(refused):
        parse_article(gzip.decompress(page.read_bytes()), url)
