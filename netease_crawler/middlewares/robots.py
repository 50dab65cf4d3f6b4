"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.misc import build_from_crawler, load_object

from netease_crawler.middlewares.turns import StoppingError
from netease_crawler.signals import robots_decided, robots_read

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from typing_extensions import Self

logger = logging.getLogger(__name__)

_EXEMPT = "dont_obey_robotstxt"  # in meta, as Scrapy has it
_PRIORITY = 1000  # before the pages that wait for it
_TOO_MANY_REQUESTS = 429


class RobotsUnreachableError(IgnoreRequest):
    """robots.txt cannot be had, so that nothing may be asked (RFC 9309, 2.3.1.4)."""


@dataclass(frozen=True)
class _Rules:
    parser: RobotParser | None  # None: everything is allowed
    asked_at: float  # time.monotonic()


class Robots:
    """Refuses what a host's robots.txt forbids; it is asked for again once a day.

    Scrapy's own reads an error as "all is allowed", and reads it once.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._parser = load_object(settings["ROBOTSTXT_PARSER"])
        self._agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        self._max_age = settings.getfloat("ROBOTSTXT_MAX_AGE")
        self._rules: dict[str, _Rules] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Request | None:
        parts = urlsplit(request.url)
        if request.meta.get(_EXEMPT) or parts.scheme not in ("http", "https"):
            return None
        url = f"{parts.scheme}://{parts.netloc}/robots.txt"
        async with self._asking[url]:
            rules = self._rules.get(url)
            if rules is None or time.monotonic() - rules.asked_at >= self._max_age:
                try:
                    rules = self._rules[url] = await self._ask(url)
                except StoppingError:
                    if request.callback is NO_CALLBACK:  # somebody's, who waits for its answer
                        raise
                    return request  # which nobody takes up again: its page is given back
                except RobotsUnreachableError:
                    self._decide(request, "unreachable")
                    raise
        if rules.parser is not None and not rules.parser.allowed(request.url, self._agent):
            self._decide(request, "forbidden")
            raise IgnoreRequest("Forbidden by robots.txt")
        self._decide(request, "allowed")
        return None

    def _decide(self, request: Request, decision: str) -> None:
        self._crawler.signals.send_catch_log(robots_decided, request=request, decision=decision)

    async def _ask(self, url: str) -> _Rules:
        try:
            parser = await self._fetch(url)
        except RobotsUnreachableError as error:
            known = self._rules.get(url)
            if known is None:
                raise
            logger.warning("%s; what it said before still holds", error)
            parser = known.parser
        return _Rules(parser, time.monotonic())

    async def _fetch(self, url: str) -> RobotParser | None:
        request = Request(url, callback=NO_CALLBACK, priority=_PRIORITY, meta={_EXEMPT: True})
        self._decide(request, "robots_txt")
        try:
            response = await self._crawler.engine.download_async(request)
        except StoppingError:
            raise
        except IgnoreRequest as error:  # off-site, redirected for ever, too large
            self._tell(url, type(error).__name__)
            logger.info("%s is unavailable, and forbids nothing: %s", url, error)
            return None
        except Exception as error:  # whatever kept it from us
            self._tell(url, type(error).__name__)
            raise RobotsUnreachableError(f"{url}: {type(error).__name__}") from error
        self._tell(url, str(response.status))
        if response.status >= 500 or response.status == _TOO_MANY_REQUESTS:
            raise RobotsUnreachableError(f"{url}: HTTP {response.status}")
        if response.status >= 300:
            return None  # there is none
        if response.body.lstrip()[:1] == b"<":
            logger.warning("%s is a web page, and forbids nothing", url)
        return self._parsed(response)

    def _tell(self, url: str, answer: str) -> None:
        host = urlsplit(url).hostname
        self._crawler.signals.send_catch_log(robots_read, host=host, answer=answer)

    def _parsed(self, response: Response) -> RobotParser:
        parser: RobotParser = build_from_crawler(self._parser, self._crawler, response.body)
        return parser
