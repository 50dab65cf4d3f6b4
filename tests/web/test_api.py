"""The JSON is what its description says, whatever is asked: schemathesis makes the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from netease_crawler.ledger.crawls import Crawls
from netease_crawler.storage.connection import open_client
from netease_crawler.storage.indexes import ensure_indexes
from netease_crawler.storage.writer import ArticleWriter, Entry
from netease_crawler.web.openapi import description
from netease_crawler.web.views import PAGES
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.web.conftest import Explorer, serving

schemathesis = pytest.importorskip("schemathesis", reason="it needs Python 3.11")
hypothesis = pytest.importorskip("hypothesis")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")

# No schema says that since is before until, or that a token came from us.
_NOT_CHECKED = [checks.positive_data_acceptance]

_api = schemathesis.openapi.from_dict(description(PAGES))


@pytest.fixture(scope="module")
def filled_explorer(mongo_uri: str) -> Iterator[Explorer]:
    """The explorer of a few articles."""
    name = f"test_{uuid4().hex[:12]}"

    async def fill() -> None:
        articles = [
            make_full_article(EARLY),
            make_article(MIDDLE, title="<script>alert(1)</script>"),
            make_article(LATE, published_at=None, source=None),
        ]
        async with open_client(mongo_uri) as client:
            await ensure_indexes(client[name])
            entries = [Entry(article=article, page=article.doc_id) for article in articles]
            await ArticleWriter(client[name], "c1").write(entries, SEEN)
            await Crawls(client[name]).join("c1", "article", {"depth": "1"}, "worker")

    async def drop() -> None:
        async with open_client(mongo_uri) as client:
            await client.drop_database(name)

    asyncio.run(fill())
    with serving(mongo_uri, name) as explorer:
        yield explorer
    asyncio.run(drop())


@_api.parametrize()
@hypothesis.settings(max_examples=40, derandomize=True, deadline=None, database=None)
def test_whatever_is_asked_the_answer_is_as_described(case: Any, filled_explorer: Explorer) -> None:
    case.call_and_validate(base_url=filled_explorer.address, excluded_checks=_NOT_CHECKED)


@pytest.mark.parametrize(
    ("path", "in_path", "query"),
    [
        ("/search.json", {}, {"text": "江畔 OR script", "order": "newest", "limit": "1"}),
        ("/search.json", {}, {"with_copies": "1", "deleted": "no", "since": "2024-05-31"}),
        ("/articles/{doc_id}.json", {"doc_id": EARLY}, {}),
        ("/articles/{doc_id}.json", {"doc_id": LATE}, {}),
        ("/account.json", {}, {"name": "江畔观察"}),
        ("/graph.json", {}, {"page": EARLY, "limit": "5"}),
        ("/graph.json", {}, {}),
        ("/crawls.json", {}, {}),
        ("/crawl.json", {}, {"name": "c1", "conduct": "1"}),
    ],
)
def test_what_is_there_is_as_described(
    filled_explorer: Explorer, path: str, in_path: dict[str, str], query: dict[str, str]
) -> None:
    case = _api[path]["GET"].Case(path_parameters=in_path, query=query)
    answer = case.call_and_validate(base_url=filled_explorer.address)
    assert answer.status_code == 200
