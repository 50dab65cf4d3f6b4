"""A line now and then that says how far the crawl is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from pymongo.errors import PyMongoError
from scrapy import signals
from scrapy.exceptions import NotConfigured

from netease_crawler.ledger.page import LEASED, PENDING, Bucket

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from typing_extensions import Self

    from netease_crawler.ledger.session import CrawlSession
    from netease_crawler.spiders.base import LedgerSpider

logger = logging.getLogger(__name__)


class Progress:
    """Logs the crawl's sums, this worker's speed and the time left every few seconds."""

    def __init__(self, crawler: Crawler, interval: float) -> None:
        self._crawler = crawler
        self._interval = interval
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        interval = crawler.settings.getfloat("LOGSTATS_INTERVAL")
        if interval <= 0 or not hasattr(crawler.spidercls, "read_arguments"):
            raise NotConfigured
        extension = cls(crawler, interval)
        # when the engine starts, the spider has its ledger
        crawler.signals.connect(extension.engine_started, signals.engine_started)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def engine_started(self) -> None:
        spider = cast("LedgerSpider", self._crawler.spider)
        self._task = asyncio.get_running_loop().create_task(self._report(spider.ledger))

    async def spider_closed(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _report(self, ledger: CrawlSession) -> None:
        ended, since = 0, time.monotonic()
        while True:
            await asyncio.sleep(self._interval)
            try:
                counts = await ledger.counts()
            except PyMongoError:
                continue  # whoever writes says that the database is away
            now_ended, now = ledger.ended.total(), time.monotonic()
            logger.info(
                "%s", progress_line(ledger.crawl, counts, (now_ended - ended) / (now - since))
            )
            ended, since = now_ended, now


def progress_line(crawl: str, counts: Mapping[str, int], rate: float) -> str:
    """Return how far *crawl* is: *counts* by state, *rate* in pages per second of a worker."""
    left = counts.get(PENDING, 0) + counts.get(LEASED, 0)
    discovered = sum(counts.values())
    buckets = ", ".join(
        f"{pages} {bucket.value}" for bucket in Bucket if (pages := counts.get(bucket.value))
    )
    line = (
        f"Crawl {crawl}: {discovered - left} of {discovered} pages done"
        f" ({buckets or 'none yet'}), {rate:.1f} pages/s"
    )
    if left and rate:
        line += f", about {_duration(left / rate)} for those known"
    return line


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
