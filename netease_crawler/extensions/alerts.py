"""Tells people of incidents: of each once, whichever worker notices it."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar, cast

from pymongo.errors import PyMongoError
from scrapy.exceptions import NotConfigured

from netease_crawler.alerting.channels import read_channels
from netease_crawler.alerting.delivery import LONGEST, Channel, deliver
from netease_crawler.alerting.message import Message
from netease_crawler.extensions.ledger import KEPT_ONLY_SETTING
from netease_crawler.incident import Incident, Kind
from netease_crawler.ledger.crawls import FINISHED, INTERRUPTED
from netease_crawler.signals import incident_noticed, incident_over, worker_left
from netease_crawler.storage.connection import StorageUnavailableError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from typing_extensions import Self

    from netease_crawler.ledger.claims import Claims
    from netease_crawler.spiders.base import LedgerSpider

logger = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[], Awaitable[object]]
Key = tuple[str, str]  # the kind of an incident, and what it concerns

_WITHOUT_DATABASE: Final = (Kind.STOPPED, Kind.NOT_STARTED)
_NO_ANSWER: Final = (StorageUnavailableError, PyMongoError, asyncio.TimeoutError)
_ANSWER: Final = 20  # seconds that the database is waited for
_LAST: Final = _ANSWER + LONGEST + _ANSWER  # seconds: claimed, delivered, noted


class Alerts:
    """Delivers in the background, what concerns the same thing in its order; the end waits."""

    def __init__(self, crawler: Crawler, channels: tuple[Channel, ...]) -> None:
        self._crawler = crawler
        self._channels = channels
        self._tasks: dict[asyncio.Future[object], str] = {}  # each with what it is about
        self._turns: defaultdict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._noticed: set[Key] = set()  # by this worker, and not over
        self._told: set[Kind] = set()  # of those that no database remembers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not hasattr(crawler.spidercls, "read_arguments"):
            raise NotConfigured  # a spider of somebody's own, without a ledger
        if crawler.settings.getbool(KEPT_ONLY_SETTING):
            raise NotConfigured  # `scrapy reparse` says itself what came of it
        channels = read_channels(crawler.settings)
        if not channels:
            raise NotConfigured
        extension = cls(crawler, channels)
        crawler.signals.connect(extension.incident_noticed, incident_noticed)
        crawler.signals.connect(extension.incident_over, incident_over)
        crawler.signals.connect(extension.worker_left, worker_left)
        return extension

    def incident_noticed(self, incident: Incident) -> None:
        """Tell of *incident*, if nobody has."""
        spider, now = self._spider, datetime.now(timezone.utc)
        message = Message(crawl=spider.crawl, spider=spider.name, incident=incident, at=now)
        if incident.kind not in _WITHOUT_DATABASE:
            key = incident.kind.value, incident.what
            self._noticed.add(key)
            tell = partial(self._tell_once, key, message)
            self._start(partial(self._in_turn, key, tell), message.reason)
        elif incident.kind not in self._told:
            self._told.add(incident.kind)
            self._start(partial(deliver, self._channels, message), message.reason)

    def incident_over(self, kind: Kind, what: str) -> None:
        """Tell of such an incident again, should there be another one.

        What other workers noticed in this run may go on: a host refuses some addresses.
        """
        key = kind.value, what
        is_ours = key in self._noticed
        self._noticed.discard(key)
        release = self._claims.release if is_ours else self._claims.release_earlier
        self._start(
            partial(self._in_turn, key, partial(release, *key)), f"{kind.value} {what} is over"
        )

    async def worker_left(self, outcome: str | None, reason: str) -> None:
        """Tell how the crawl ended, if not as it should, and wait until all was told."""
        was_asked_for = outcome == INTERRUPTED and _was_asked_for(reason)
        if outcome not in (None, FINISHED) and not was_asked_for:
            await self._notice_end()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_LAST)
            for task in late:
                logger.error("Cut off after %d s: %s", _LAST, self._tasks[task])
                task.cancel()

    def _start(self, work: Work, about: str) -> None:
        task = asyncio.ensure_future(work())
        self._tasks[task] = about
        task.add_done_callback(self._tasks.pop)

    async def _in_turn(self, key: Key, work: Work) -> None:
        async with self._turns[key]:
            try:
                await work()
            except _NO_ANSWER as error:
                logger.warning("It is not noted who was told of an incident: %s", _why(error))

    async def _notice_end(self) -> None:
        try:
            incidents = await _answer(self._spider.ledger.incidents_at_end())
        except _NO_ANSWER as error:
            logger.error("How the crawl ended is not told: %s", _why(error))
            return
        for incident in incidents:
            self.incident_noticed(incident)

    async def _tell_once(self, key: Key, message: Message) -> None:
        try:
            is_ours = await _answer(self._claims.claim(*key))
        except _NO_ANSWER:
            is_ours = True  # better twice than never
        if is_ours:
            is_told = await deliver(self._channels, message)
            await _answer(self._claims.keep(*key) if is_told else self._claims.give_back(*key))

    @property
    def _claims(self) -> Claims:
        return self._spider.ledger.claims

    @property
    def _spider(self) -> LedgerSpider:
        return cast("LedgerSpider", self._crawler.spider)


async def _answer(operation: Awaitable[T]) -> T:
    return await asyncio.wait_for(operation, _ANSWER)


def _why(error: Exception) -> str:
    return str(error) or f"no answer in {_ANSWER} s"


def _was_asked_for(reason: str) -> bool:
    """Whether somebody stopped the spider, by a signal or by a limit; *reason* as Scrapy has it.

    A host that refused for too long stops it too, and was told of.
    """
    return reason == "shutdown" or reason.startswith("closespider_")
