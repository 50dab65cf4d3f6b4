"""Last step: into the archive, where copies are found out too.

There is no step that looks for duplicates before: between a look and the write another
worker may store the same text (see :mod:`netease_crawler.storage.copies`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.exceptions import DropItem

from netease_crawler.items import Article
from netease_crawler.ledger.page import Bucket

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from typing_extensions import Self

    from netease_crawler.spiders.base import LedgerSpider


class DuplicateArticle(DropItem):
    """The text is stored under an earlier doc id, and DUPLICATES is ``drop``."""

    def __init__(self, doc_id: str) -> None:
        super().__init__(f"{doc_id} is a copy", log_level="DEBUG")


class ForgottenArticle(DropItem):
    """`scrapy forget` has removed the article, for good."""

    def __init__(self, doc_id: str) -> None:
        super().__init__(f"{doc_id} is to stay forgotten", log_level="DEBUG")


class SuspectArticle(DropItem):
    """The article lacks what articles of its layout show; its page is kept."""

    def __init__(self, doc_id: str) -> None:
        super().__init__(f"{doc_id} is a suspect", log_level="DEBUG")


class StoragePipeline:
    """Stores articles; an item that passes is durable, whatever crashes next.

    The ledger may decide against it: what a page usually shows, the whole crawl tells.
    """

    def __init__(self, crawler: Crawler, *, drop_copies: bool) -> None:
        self._crawler = crawler
        self._drop_copies = drop_copies

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, drop_copies=crawler.settings["DUPLICATES"] == "drop")

    async def process_item(self, item: Article) -> Article:
        spider = cast("LedgerSpider", self._crawler.spider)
        bucket = await spider.ledger.store(item)
        if bucket is Bucket.FILTERED:
            raise ForgottenArticle(item.doc_id)
        if bucket is Bucket.REJECTED:
            raise SuspectArticle(item.doc_id)
        if bucket is Bucket.DUPLICATE and self._drop_copies:
            raise DuplicateArticle(item.doc_id)
        return item
