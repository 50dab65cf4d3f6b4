"""Leaves a host alone that refuses."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK

from netease_crawler.circuit import PAUSES, Circuit
from netease_crawler.incident import Incident, Kind
from netease_crawler.middlewares.turns import wait_a_turn
from netease_crawler.signals import (
    host_paused,
    host_refused,
    incident_noticed,
    incident_over,
    page_judged,
)

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from typing_extensions import Self

    from netease_crawler.spiders.base import LedgerSpider

logger = logging.getLogger(__name__)

_TRIAL = "trial"  # in meta
_REFUSALS = frozenset({401, 403, 429})
_EXAMPLES = 3  # refusals that an incident shows


class HostPausedError(IgnoreRequest):
    """The host was paused while the request waited for the downloader; it waits on."""


class CircuitBreaker:
    """A circuit for each host; requests wait while it is open.

    It stands next to the downloader, to see every answer: those that are retried too. No answer is
    a refusal. A page that came is judged by the spider (``page_judged``).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        pause = crawler.settings.getfloat("BREAKER_PAUSE")
        self._circuits: defaultdict[str, Circuit] = defaultdict(lambda: Circuit(pause))
        self._refused: defaultdict[str, deque[tuple[str, str]]]
        self._refused = defaultdict(lambda: deque(maxlen=_EXAMPLES))  # the last addresses, and why
        self._sound: set[str] = set()  # hosts that answer well, as was told
        self._stopping: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not hasattr(crawler.spidercls, "read_arguments"):
            raise NotConfigured  # a spider of somebody's own, which judges no pages
        breaker = cls(crawler)
        crawler.signals.connect(breaker.note, page_judged)
        return breaker

    async def process_request(self, request: Request) -> Request | None:
        circuit = self._circuits[_host(request)]
        if circuit.passes(request.meta.get(_TRIAL)):
            return None
        if self._stopping is None and (trial := circuit.new_trial()) is not None:
            request.meta[_TRIAL] = trial
            return None
        return await wait_a_turn(request, circuit.wait(), self._crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        status = response.status
        if status in _REFUSALS or status >= 500:
            self.note(request, is_refusal=True, why=f"HTTP {status}")
        elif status >= 400 or (status < 300 and request.callback is NO_CALLBACK):
            self.note(request, is_refusal=False)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, HostPausedError):
            return request
        if not isinstance(exception, IgnoreRequest):
            self.note(request, is_refusal=True, why=type(exception).__name__)
        return None

    def check(self, request: Request) -> None:
        """Raise HostPausedError if the host was paused after *request* had passed."""
        if not self._circuits[_host(request)].passes(request.meta.get(_TRIAL)):
            raise HostPausedError

    def note(
        self, request: Request, is_refusal: bool, why: str = "answered, but not with the page"
    ) -> None:
        """Note how *request* was answered; say so if that changes anything."""
        host = _host(request)
        if not host or "download_slot" not in request.meta:  # a file, or not asked at all
            return
        if is_refusal:
            self._refused[host].append((request.url, why))
            self._crawler.signals.send_catch_log(host_refused, host=host)
        circuit = self._circuits[host]
        was_open = circuit.is_open
        if not circuit.note(is_refusal=is_refusal, trial=request.meta.get(_TRIAL)):
            self._tell_if_sound(host, circuit)
            return
        if not circuit.is_open:
            logger.warning("%s answers again; the crawl goes on", host)
        elif circuit.openings > PAUSES:
            self._give_up(host)
        else:
            self._crawler.signals.send_catch_log(host_paused, host=host, seconds=circuit.pause)
            if circuit.openings == 1:
                self._tell(
                    Kind.REFUSED, host, f"{host} refuses: {circuit.refusals} answers were refusals"
                )
            logger.warning(
                "%s %s; it is left alone for %g s",
                host,
                "still refuses" if was_open else f"refuses: {circuit.refusals} answers",
                circuit.pause,
            )

    def _give_up(self, host: str) -> None:
        if self._stopping is not None:
            return
        spider = cast("LedgerSpider", self._crawler.spider)
        self._tell(
            Kind.GAVE_UP, host, f"{host} still refuses after {PAUSES} pauses; the crawl stops"
        )
        logger.warning(
            "%s still refuses after %d pauses; the crawl stops. To go on with it later:"
            " scrapy crawl %s -a crawl=%s",
            *(host, PAUSES, spider.name, spider.crawl),
        )
        self._stopping = asyncio.get_running_loop().create_task(self._crawler.stop_async())

    def _tell(self, kind: Kind, host: str, reason: str) -> None:
        self._sound.discard(host)
        incident = Incident(
            kind=kind, what=host, reason=reason, examples=tuple(self._refused[host])
        )
        self._crawler.signals.send_catch_log(incident_noticed, incident=incident)

    def _tell_if_sound(self, host: str, circuit: Circuit) -> None:
        if not circuit.is_sound or host in self._sound:
            return
        self._sound.add(host)
        for kind in (Kind.REFUSED, Kind.GAVE_UP):
            self._crawler.signals.send_catch_log(incident_over, kind=kind, what=host)


def _host(request: Request) -> str:
    """Return the host that was asked first: whatever it redirected to is its answer."""
    return urlsplit(request.meta.get("redirect_urls", [request.url])[0]).hostname or ""
