"""An article that contradicts itself is not stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from netease_crawler.items import Block
from netease_crawler.pipelines.validate import InvalidArticle, ValidationPipeline, problem
from netease_crawler.urls import created_at
from tests.articles import EARLY, LATE, make_article, make_full_article

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)
CREATED = created_at(EARLY)


@pytest.mark.parametrize(
    "article",
    [
        make_article(published_at=CREATED),
        make_article(published_at=None),
        make_article(published_at=CREATED - timedelta(hours=1)),
        make_article(published_at=CREATED + timedelta(days=14)),
        make_article(
            published_at=CREATED,
            blocks=(Block(kind="image", url="http://dingyue.ws.126.net/a.jpg"),),
        ),
        replace(make_full_article(), published_at=CREATED),
    ],
)
def test_article_that_can_be_right(article):
    assert ValidationPipeline().process_item(article) is article


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"doc_id": "V12345678"}, "doc_id: 'V12345678' has not the form of one"),
        ({"title": ""}, "title: is empty"),
        ({"blocks": ()}, "blocks: no text, image or video"),
        (
            {"url": f"https://www.163.com/dy/article/{LATE}.html"},
            f"url: https://www.163.com/dy/article/{LATE}.html is another article's",
        ),
        (
            {"url": f"https://m.163.com/dy/article/{EARLY}.html"},
            f"url: https://m.163.com/dy/article/{EARLY}.html is not canonical",
        ),
        ({"url": "https://example.org/"}, "url: https://example.org/ is not an article's"),
        (
            {"published_at": NOW + timedelta(days=2)},
            "published_at: 2026-11-25 00:00:00+00:00 is in the future",
        ),
        (
            {"published_at": datetime(2001, 2, 3, tzinfo=timezone.utc)},
            "published_at: 2001-02-03 00:00:00+00:00 is before the article was created",
        ),
    ],
)
def test_article_that_cannot_be_right(values, reason):
    article = make_article(**({"doc_id": EARLY} | values))
    assert problem(article, NOW) == reason


def test_dropping_says_why():
    with pytest.raises(InvalidArticle, match="title: is empty"):
        ValidationPipeline().process_item(make_article(title=""))
