"""A component of somebody's that drops requests without a word."""

from __future__ import annotations

from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import BaseSettings


class DroppingAddon:
    """Enables the extension below."""

    def update_settings(self, settings: BaseSettings) -> None:
        settings["EXTENSIONS"]["tests.crawl.dropping.Dropping"] = 0


class Dropping:
    """Drops the request for the article of the setting DROPPED."""

    def __init__(self, crawler: Crawler) -> None:
        self._dropped = crawler.settings["DROPPED"]
        crawler.signals.connect(self.request_scheduled, signals.request_scheduled)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Dropping:
        return cls(crawler)

    def request_scheduled(self, request: Request, spider: Any) -> None:
        if self._dropped in request.url:
            raise IgnoreRequest
