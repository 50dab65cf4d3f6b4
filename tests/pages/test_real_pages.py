"""Real saved pages are read as a careful reader reads them."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.cleaning import clean_article
from netease_crawler.items import Article
from netease_crawler.pages import LAYOUTS, NotAnArticleError, parse_article
from netease_crawler.urls import article_url, canonical_url
from tests.real_pages import REAL_PAGES, needs_real_pages

pytestmark = needs_real_pages

_PAGE, _EXPECTED = ".html.gz", ".expected.json"
_NOT_ARTICLES = {"list", "yiguancha_column"}  # the column of 2015 is read by no layout of ours


def _name(page: Path) -> str:
    return page.name.removesuffix(_PAGE)


@cache
def _expected(page: Path) -> dict[str, Any]:
    path = page.with_name(_name(page) + _EXPECTED)
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
    return [_normalised(inner) for inner in value] if isinstance(value, list | tuple) else value


_PAGES = sorted(REAL_PAGES.glob(f"*{_PAGE}"))
_READ = [page for page in _PAGES if _expected(page)["layout"] not in _NOT_ARTICLES]
_NOT_READ = [page for page in _PAGES if page not in _READ]


def test_every_file_has_a_rule() -> None:
    beside = {"RULES.md", "MANIFEST.tsv"} & {file.name for file in REAL_PAGES.iterdir()}
    pairs = {_name(page) + suffix for page in _PAGES for suffix in (_PAGE, _EXPECTED)}
    assert {file.name for file in REAL_PAGES.iterdir()} == pairs | beside


def test_every_layout_has_a_rule_and_every_rule_a_page() -> None:
    layouts = {_expected(page)["layout"] for page in _PAGES}
    assert layouts == {layout.layout for layout in LAYOUTS} | _NOT_ARTICLES


# --- Fields: what our articles say, in the words of expected.json ---


def _time(shown: str | None) -> datetime | None:
    # 关键词阅读 shows dates only: no time of publication
    return datetime.fromisoformat(shown) if shown and "T" in shown else None


def _url(expected: dict[str, Any]) -> str:
    if expected["canonical_url"]:
        return str(expected["canonical_url"])
    page_url = expected["page_url"]
    return canonical_url(page_url) if page_url else article_url(expected["docid"])


def _count(expected: dict[str, Any], name: str) -> int | None:
    # The 0 that the server sends, and JavaScript replaces, is no count.
    shown: int | None = expected[name]
    return None if name in expected["count_placeholders"] else shown


def _account(expected: dict[str, Any]) -> dict[str, Any] | None:
    account: dict[str, Any] | None = expected["account"]
    if account is None:
        return None
    names = {"avatar_original_url": "avatar_url"}
    return {names.get(name, name): value for name, value in account.items()}


def _recommendations(expected: dict[str, Any]) -> list[dict[str, Any]]:
    position: Counter[str] = Counter()
    entries = []
    for entry in expected["recommendations"]:
        position[entry["kind"]] += 1
        entries.append(
            {
                "kind": entry["kind"],
                "position": position[entry["kind"]],
                "url": entry["url"],
                "doc_id": entry["docid"] or entry["video_id"],
                "title": entry["title"],
                "source": entry["source"],
                "published_at": _time(entry["published_at"]),
                "comment_count": entry["joincount"],
                "is_video": entry["is_video"],
            }
        )
    return entries


def _links(links: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [{name: link[name] for name in names} for link in links]


def _headlines(expected: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"section": box["section"], "links": _links(box["items"], "url", "title")}
        for box in expected["headline_boxes"]
        if box.get("duplicate_of") is None
    ]


def _originals(expected: dict[str, Any]) -> list[dict[str, Any]]:
    # What a browser shows are four of the pool; what the server sends is the pool alone.
    shown = expected["original_columns"] or expected.get("original_pool_items", [])
    return _links(shown, "tag", "title", "url")


_EXPECTED_FIELDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "doc_id": lambda expected: expected["docid"],
    "url": _url,
    "layout": lambda expected: expected["layout"],
    "title": lambda expected: expected["title"],
    "published_at": lambda expected: _time(expected["published_at"]),
    "source": lambda expected: expected["source_name"],
    "source_url": lambda expected: expected["source_url"],
    "location": lambda expected: expected["location"],
    "editor": lambda expected: expected["editor"],
    "original_title": lambda expected: expected["original_title"],
    "images": lambda expected: expected["body_images"],
    "videos": lambda expected: [video["url"] for video in expected["body_videos"]],
    "keywords": lambda expected: expected["keywords"],
    "category": lambda expected: expected["category"],
    "rec_category": lambda expected: expected["rec_category"],
    "comment_count": lambda expected: _count(expected, "tiecount"),
    "has_statement": lambda expected: expected["statement_present"],
    "account": _account,
    "recommendations": _recommendations,
    "history": lambda expected: [
        {**link, "published_at": _time(link["published_at"])} for link in expected["history"]
    ],
    "headlines": _headlines,
    "originals": _originals,
    "next_article": lambda expected: expected.get("next_article"),
    "fetched_at": lambda expected: None,
}
_TESTED_APART = {"blocks", "join_count"}


def _found(article: Article) -> dict[str, Any]:
    found = asdict(article)
    for entry in found["recommendations"]:
        del entry["image_url"]  # not in expected.json
    found["images"] = article.images
    found["videos"] = [block.url for block in article.blocks if block.kind == "video"]
    found["history"] = _links(found["history"], "url", "title", "published_at")
    for box in found["headlines"]:
        box["links"] = _links(box["links"], "url", "title")
    found["originals"] = _links(found["originals"], "tag", "title", "url")
    following = found["next_article"]
    found["next_article"] = _links([following], "url", "title")[0] if following else None
    normalised: dict[str, Any] = _normalised(found)
    return normalised


def _each(pages: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", pages, ids=_name)


def test_every_field_of_an_article_is_compared() -> None:
    names = {field.name for field in fields(Article)} | {"images", "videos"}
    assert set(_EXPECTED_FIELDS) == names - _TESTED_APART


@_each(_READ)
@pytest.mark.parametrize("field", _EXPECTED_FIELDS)
def test_field(page: Path, field: str) -> None:
    assert _found(_article(page))[field] == _EXPECTED_FIELDS[field](_expected(page))


@_each(_READ)
def test_join_count(page: Path) -> None:
    expected = _expected(page)
    # Scripts of one page may say two numbers, of two moments.
    other = expected.get("joincount_commentData", _count(expected, "joincount"))
    assert _article(page).join_count in (_count(expected, "joincount"), other)


@_each(_READ)
def test_text(page: Path) -> None:
    expected = _expected(page)
    paragraphs = list(enumerate(expected["body_paragraphs"]))
    captions = expected["optional_paragraph_indexes"]  # of videos: all of them, or none
    found = _article(page).text.split("\n")
    has_captions = len(found) == len(paragraphs)
    assert found == [text for index, text in paragraphs if has_captions or index not in captions]


@_each(_READ)
def test_images_are_the_originals(page: Path) -> None:
    article = _article(page)
    links = [*article.originals, *(link for box in article.headlines for link in box.links)]
    images = [item.image_url for item in (*article.recommendations, *links)]
    assert [image for image in images if image and "nimg.ws.126.net" in image] == []


@_each([page for page in _READ if _expected(page)["layout"] == "post2020_dy"])
def test_every_recommendation_has_an_image(page: Path) -> None:
    assert [entry.title for entry in _article(page).recommendations if not entry.image_url] == []


@_each(_NOT_READ)
def test_page_without_an_article_is_refused(page: Path) -> None:
    url = _expected(page).get("page_url") or "https://www.163.com/"
    with pytest.raises(NotAnArticleError):
        parse_article(gzip.decompress(page.read_bytes()), url)
