"""A spider and a pipeline as Scrapy's documentation has them, for the demo site."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import scrapy
from pymongo import MongoClient
from scrapy import Request

from netease_crawler.pages import parse_article
from netease_crawler.urls import article_url, is_article_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from typing_extensions import Self


class StockSpider(scrapy.Spider):
    """Crawls the demo site at ``-a origin=``, from the article ``-a doc_id=`` on.

    It reads pages as ours does: what is compared is what happens to them after a crash.
    """

    name = "stock"

    def __init__(self, origin: str, doc_id: str) -> None:
        super().__init__()
        self._origin = origin
        self._seed = doc_id

    async def start(self) -> AsyncIterator[Any]:
        # Scrapy's own start() lets a start request pass the duplicates filter. Then any page
        # that links the seed, and any restart, would have it stored once more.
        yield self._request(self._seed)

    def parse(self, response: Response, doc_id: str) -> Iterator[dict[str, str] | Request]:
        article = parse_article(response.body, article_url(doc_id))
        yield {
            "doc_id": article.doc_id,
            "url": article.url,
            "title": article.title,
            "text": article.text,
        }
        for recommended in article.recommendations:
            if recommended.doc_id is not None and is_article_url(recommended.url):
                yield self._request(recommended.doc_id)

    def _request(self, doc_id: str) -> Request:
        return Request(f"{self._origin}/dy/article/{doc_id}.html", cb_kwargs={"doc_id": doc_id})


class MongoPipeline:
    """Inserts each item, as the documentation's "Write items to MongoDB" does."""

    def __init__(self, uri: str, database: str) -> None:
        self._uri = uri
        self._database = database

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["MONGO_URI"], crawler.settings["MONGO_DATABASE"])

    def open_spider(self) -> None:
        self._client = MongoClient[dict[str, Any]](self._uri)
        self._items = self._client[self._database]["items"]

    def close_spider(self) -> None:
        self._client.close()

    def process_item(self, item: dict[str, str]) -> dict[str, str]:
        self._items.insert_one(dict(item))  # which gets an _id of MongoDB's
        return item
