"""Requests that have to wait."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

_TURN = 1.0  # seconds


class StoppingError(IgnoreRequest):
    """The crawl stops before a request's turn has come."""


async def wait_a_turn(request: Request, seconds: float, crawler: Crawler) -> Request:
    """Return *request*, to be scheduled again, after *seconds* or sooner.

    Between turns it is with the scheduler, as any other: it keeps no place from other hosts, and
    when the crawl stops, its page is given back.

    Raises StoppingError for what does not come from the scheduler, when the crawl stops.
    """
    if request.callback is NO_CALLBACK and not crawler.engine.running:
        raise StoppingError("the crawl stops")
    await asyncio.sleep(min(seconds, _TURN))
    return request
