"""Notes how the crawl behaves towards each host."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy.exceptions import NotConfigured

from netease_crawler import signals

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from typing_extensions import Self

    from netease_crawler.ledger.conduct import Conduct
    from netease_crawler.spiders.base import LedgerSpider

_IS_ALLOWED = "is_allowed"  # in meta
_IS_ROBOTS_TXT = "is_robots_txt"  # in meta
_UNTIL = "retry_after_until"  # in meta; time.monotonic()


class ConductLog:
    """Hands to the ledger what signals tell.

    A request passes robots.txt as often as it waits, and is sent once; what was allowed is
    counted when it is sent. Whether it waited as long as Retry-After said is seen then too.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not hasattr(crawler.spidercls, "read_arguments"):
            raise NotConfigured  # a spider of somebody's own, without a ledger
        extension = cls(crawler)
        for handler, signal in (
            (extension.request_sent, signals.request_sent),
            (extension.robots_read, signals.robots_read),
            (extension.robots_decided, signals.robots_decided),
            (extension.retry_after_asked, signals.retry_after_asked),
            (extension.host_refused, signals.host_refused),
            (extension.host_paused, signals.host_paused),
        ):
            crawler.signals.connect(handler, signal)
        return extension

    def request_sent(self, request: Request) -> None:
        """Count *request*, and as what."""
        host = _host(request)
        self._conduct.sent(host)
        if request.meta.pop(_IS_ALLOWED, False):
            self._conduct.count(host, "allowed")
        elif not request.meta.get(_IS_ROBOTS_TXT):
            self._conduct.count(host, "unchecked")
        until = request.meta.pop(_UNTIL, None)
        if until is not None:
            self._conduct.count(host, "waited" if time.monotonic() >= until else "broken")

    def robots_read(self, host: str, answer: str) -> None:
        """Count an *answer* for robots.txt."""
        self._conduct.count(host, f"robots_txt/{answer}")

    def robots_decided(self, request: Request, decision: str) -> None:
        """Count a request that is not sent; mark one that will be."""
        if decision == "allowed":
            request.meta[_IS_ALLOWED] = True
        elif decision == "robots_txt":
            request.meta[_IS_ROBOTS_TXT] = True  # stays, for what it redirects to
        else:
            self._conduct.count(_host(request), decision)

    def retry_after_asked(self, host: str, until: float, retry: Request | None) -> None:
        """Count a Retry-After, and mark the request that is to wait for it."""
        self._conduct.count(host, "asked")
        if retry is None:
            self._conduct.count(host, "ended")
        else:
            retry.meta[_UNTIL] = until

    def host_refused(self, host: str) -> None:
        """Count a refusal."""
        self._conduct.count(host, "refusals")

    def host_paused(self, host: str, seconds: float) -> None:
        """Count a pause."""
        self._conduct.count(host, "pauses")
        self._conduct.count(host, "paused_seconds", seconds)

    @property
    def _conduct(self) -> Conduct:
        return cast("LedgerSpider", self._crawler.spider).ledger.conduct


def _host(request: Request) -> str:
    return urlsplit(request.url).hostname or ""
