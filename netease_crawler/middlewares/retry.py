"""Another try for what the site did not answer, later each time."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware

from netease_crawler.middlewares.turns import wait_a_turn
from netease_crawler.signals import retry_after_asked

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from typing_extensions import Self

_NOT_BEFORE = "not_before"  # in meta; time.monotonic()


class PatientRetry(RetryMiddleware):
    """Scrapy's own, waiting before a retry: as long as the site says, or else exponentially."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._backoff = settings.getfloat("RETRY_BACKOFF")
        self._longest = settings.getfloat("RETRY_WAIT_MAX")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    async def process_request(self, request: Request) -> Request | None:
        seconds = request.meta.get(_NOT_BEFORE, 0.0) - time.monotonic()
        return await wait_a_turn(request, seconds, self.crawler) if seconds > 0 else None

    # Scrapy passes no spider any more.
    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        asked = retry_after(response, datetime.now(timezone.utc))
        until = time.monotonic() + (asked or 0.0)
        again: Request | Response = response
        # Else its page ends; running the command again asks once more.
        if asked is None or asked <= self._longest:
            again = super().process_response(request, response)
        retry = self._later(again, until) if isinstance(again, Request) else None
        if asked is not None and response.status >= 400:
            self.crawler.signals.send_catch_log(
                retry_after_asked, host=urlsplit(request.url).hostname, until=until, retry=retry
            )
        return again

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        retried = super().process_exception(request, exception)
        return self._later(retried) if isinstance(retried, Request) else retried

    def _later(self, request: Request, until: float = 0.0) -> Request:
        bound = min(self._backoff * 2.0 ** (request.meta["retry_times"] - 1), self._longest)
        # Full jitter: those that were refused at the same time do not come back at the same time.
        request.meta[_NOT_BEFORE] = max(time.monotonic() + random.uniform(0, bound), until)
        return request


def retry_after(response: Response, now: datetime) -> float | None:
    """Return how many seconds from *now* on the header Retry-After of *response* asks to wait.

    None: it has none that can be read.
    """
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    date = _date(value)
    if date is None:
        return None
    # By the site's own clock, where it tells the time: ours may be wrong.
    sent = _date((response.headers.get("Date") or b"").decode("latin-1"))
    return max(0.0, (date - (sent or now)).total_seconds())


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    # "-0000": UTC, says RFC 5322
    return date.replace(tzinfo=timezone.utc) if date.tzinfo is None else date
