"""One budget of requests for a crawl, divided among the workers at it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle

from netease_crawler.politeness import crawl_rate

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from typing_extensions import Self

logger = logging.getLogger(__name__)


class Politeness:
    """Keeps a worker to its share of CRAWL_RATE; AutoThrottle may be slower, never faster."""

    def __init__(self, crawler: Crawler, rate: float) -> None:
        self._crawler = crawler
        self._rate = rate
        self._delay = 1 / rate  # seconds

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        rate = crawl_rate(crawler.settings)
        if not rate:
            raise NotConfigured
        if not crawler.settings["CONTACT"]:
            logger.warning(
                "CONTACT is empty: with -s CONTACT=you@example.org the site's operators can"
                " write to you instead of banning you"
            )
        extension = cls(crawler, rate)
        crawler.signals.connect(extension.slow_down, signals.request_reached_downloader)
        return extension

    def share(self, workers: int) -> None:
        """Take the share of one among *workers*."""
        self._delay = max(workers / self._rate, self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = self._delay

    def slow_down(self, request: Request) -> None:
        """Give the slot of *request*, which may be new, at least the delay of our share."""
        slot = self._crawler.engine.downloader.slots[request.meta["download_slot"]]
        if slot.delay < self._delay or self._crawler.get_extension(AutoThrottle) is None:
            slot.delay = self._delay
