"""Tells people of incidents: of each once, whichever worker notices it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Final, cast

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

Work = Callable[[], Awaitable[object]]

_WITHOUT_DATABASE: Final = (Kind.STOPPED, Kind.NOT_STARTED)
_NO_ANSWER: Final = (StorageUnavailableError, PyMongoError)


class Alerts:
    """Delivers in the background, one incident after the other; the end waits for it."""

    def __init__(self, crawler: Crawler, channels: tuple[Channel, ...]) -> None:
        self._crawler = crawler
        self._channels = channels
        self._tasks: set[asyncio.Future[object]] = set()
        self._turn = asyncio.Lock()  # what is over was told before
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
        if incident.kind not in _WITHOUT_DATABASE:
            self._start(partial(self._in_turn, partial(self._tell_once, incident)))
        elif incident.kind not in self._told:
            self._told.add(incident.kind)
            self._start(partial(self._tell, incident))  # others may wait for the database

    def incident_over(self, kind: Kind, what: str) -> None:
        """Tell of such an incident again, should there be another one."""
        give_back = partial(self._claims.give_back, kind.value, what)
        self._start(partial(self._in_turn, give_back))

    async def worker_left(self, outcome: str | None, reason: str) -> None:
        """Tell how the crawl ended, if not as it should, and wait until all was told."""
        was_asked_for = outcome == INTERRUPTED and _was_asked_for(reason)
        if outcome not in (None, FINISHED) and not was_asked_for:
            self._start(partial(self._in_turn, self._tell_of_end))
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LONGEST)
            for task in late:
                logger.error("An alert was not delivered in %d s", LONGEST)
                task.cancel()

    def _start(self, work: Work) -> None:
        task = asyncio.ensure_future(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_turn(self, work: Work) -> None:
        async with self._turn:
            try:
                await work()
            except _NO_ANSWER as error:
                logger.warning("It is not noted who was told of an incident: %s", error)

    async def _tell_of_end(self) -> None:
        for incident in await self._spider.ledger.incidents_at_end():
            await self._tell_once(incident)

    async def _tell_once(self, incident: Incident) -> None:
        kind, what = incident.kind.value, incident.what
        try:
            is_ours = await self._claims.claim(kind, what)
        except _NO_ANSWER:  # better twice than never
            await self._tell(incident)
            return
        if not is_ours:
            return
        if await self._tell(incident):
            await self._claims.keep(kind, what)
        else:
            await self._claims.give_back(kind, what)

    async def _tell(self, incident: Incident) -> bool:
        spider = self._spider
        now = datetime.now(timezone.utc)
        message = Message(crawl=spider.crawl, spider=spider.name, incident=incident, at=now)
        return await deliver(self._channels, message)

    @property
    def _claims(self) -> Claims:
        return self._spider.ledger.claims

    @property
    def _spider(self) -> LedgerSpider:
        return cast("LedgerSpider", self._crawler.spider)


def _was_asked_for(reason: str) -> bool:
    """Whether somebody stopped the spider, by a signal or by a limit; *reason* as Scrapy has it.

    A host that refused for too long stops it too, and was told of.
    """
    return reason == "shutdown" or reason.startswith("closespider_")
