"""One budget of requests for a crawl, divided among the workers at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle

from netease_crawler.politeness import crawl_rate

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from typing_extensions import Self


class Politeness:
    """Slows a worker down to its share of CRAWL_RATE."""

    def __init__(self, crawler: Crawler, rate: float) -> None:
        self._crawler = crawler
        self._rate = rate

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        rate = crawl_rate(crawler.settings)
        if not rate:
            raise NotConfigured
        return cls(crawler, rate)

    def share(self, workers: int) -> None:
        """Take the share of one among *workers*; AutoThrottle may be slower, never faster."""
        delay = max(workers / self._rate, self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = delay
        for slot in self._crawler.engine.downloader.slots.values():
            slot.delay = max(delay, slot.delay) if throttle is not None else delay
