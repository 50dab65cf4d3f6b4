"""A crawl that does not wait ten minutes for MongoDB."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from netease_crawler.storage.connection import Patience


class ImpatientAddon:
    """Lets the first operation without an answer be the last."""

    def update_settings(self, settings: BaseSettings) -> None:
        Patience.__init__.__defaults__ = (None, -1.0)  # seconds
