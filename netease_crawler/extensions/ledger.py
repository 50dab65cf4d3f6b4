"""Ties a running spider to the crawl ledger: joins, keeps alive, leaves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pymongo.errors import PyMongoError
from scrapy import signals
from scrapy.exceptions import CloseSpider, NotConfigured

from netease_crawler.extensions.politeness import Politeness
from netease_crawler.incident import Incident, Kind
from netease_crawler.ledger.arguments import resolve_arguments
from netease_crawler.ledger.crawls import CrawlConflictError, Crawls, new_worker_name
from netease_crawler.ledger.frontier import LEASE_SECONDS
from netease_crawler.ledger.page import Bucket, Page
from netease_crawler.ledger.session import CrawlSession
from netease_crawler.politeness import crawl_rate
from netease_crawler.signals import incident_noticed, worker_left
from netease_crawler.storage.connection import Patience, StorageUnavailableError
from netease_crawler.storage.indexes import ensure_indexes
from netease_crawler.storage.opening import Storage, open_storage

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure
    from typing_extensions import Self

    from netease_crawler.spiders.base import LedgerSpider

logger = logging.getLogger(__name__)

OUTCOME_STAT = "ledger/outcome"
"""The stat that holds the crawl's outcome; not set while other workers are at it."""
KEPT_ONLY_SETTING = "KEPT_PAGES_ONLY"
"""What `scrapy reparse` sets: only pages in the quarantine are read."""
_HEARTBEAT = LEASE_SECONDS / 6  # seconds
_LOOK = 1  # seconds between looks whether the other workers have noticed this one


class CrawlLedger:
    """Gives a :class:`LedgerSpider` its session, and every page of it an end."""

    def __init__(self, crawler: Crawler, open_archive: Callable[[], Awaitable[Storage]]) -> None:
        self._crawler = crawler
        self._open_archive = open_archive
        self._storage: Storage | None = None
        self._session: CrawlSession | None = None
        self._heart: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._worker = new_worker_name()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not hasattr(crawler.spidercls, "read_arguments"):
            raise NotConfigured  # a spider of somebody's own, without a ledger
        settings = crawler.settings
        extension = cls(
            crawler,
            lambda: open_storage(
                settings["MONGO_URI"], settings["MONGO_DATABASE"], settings["MONGOD_BINARY"]
            ),
        )
        for handler, signal in (
            (extension.spider_opened, signals.spider_opened),
            (extension.spider_closed, signals.spider_closed),
            (extension.spider_error, signals.spider_error),
            (extension.item_dropped, signals.item_dropped),
            (extension.item_error, signals.item_error),
        ):
            crawler.signals.connect(handler, signal)
        return extension

    async def spider_opened(self, spider: LedgerSpider) -> None:
        """Join the crawl; without a database, no request is sent."""
        kept_only = self._crawler.settings.getbool(KEPT_ONLY_SETTING)
        try:
            self._storage = storage = await self._open_archive()
            patience = Patience(storage.revive)
            crawls = Crawls(storage.database)
            known = await patience(lambda: crawls.arguments(spider.crawl, spider.name))
            arguments = resolve_arguments(spider.crawl, spider.arguments, known)
            spider.begin(arguments)
            await patience(lambda: ensure_indexes(storage.database))
            await patience(
                lambda: crawls.join(
                    spider.crawl, spider.name, arguments, self._worker, retry=not kept_only
                )
            )
            session = CrawlSession(
                storage.database,
                spider.crawl,
                self._worker,
                patience=patience,
                on_failure=self._stop,
                on_incident=self._tell,
                max_articles=spider.max_articles,
                kept_only=kept_only,
                drop_copies=self._crawler.settings["DUPLICATES"] == "drop",
                rate=crawl_rate(self._crawler.settings),
            )
            await self._wait_for_share(session, patience)
            await session.start()
        except (StorageUnavailableError, CrawlConflictError, PyMongoError, ValueError) as error:
            logger.error("%s", error)
            self._tell(Incident(kind=Kind.NOT_STARTED, what="", reason=str(error)))
            raise CloseSpider("not_started") from error
        self._session = spider.ledger = session
        self._heart = asyncio.get_running_loop().create_task(self._beat(session, patience))
        self._heart.add_done_callback(self._heart_stopped)
        logger.info(
            "Crawl %s begins; to go on with it after a stop or a crash:"
            " scrapy crawl %s -a crawl=%s",
            spider.crawl,
            spider.name,
            spider.crawl,
        )

    async def spider_closed(self, spider: LedgerSpider, reason: str) -> None:
        """Write what is left, leave the crawl, and say how it stands."""
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.wait([self._heart])
        outcome = None
        try:
            if self._session is not None:
                outcome = await self._leave(self._session, spider.crawl)
            await self._crawler.signals.send_catch_log_async(
                worker_left, spider=spider, outcome=outcome, reason=reason
            )
        finally:
            if self._storage is not None:
                await self._storage.close()

    def spider_error(self, failure: Failure, response: Response | None, spider: Any) -> None:
        """An exception of ours in a callback: the page failed."""
        if self._failure is None:  # else nothing can be written; the page stays leased
            self._end(response, Bucket.FAILED, type(failure.value).__name__)

    def item_dropped(
        self, item: Any, response: Response | None, exception: BaseException, spider: Any
    ) -> None:
        """A pipeline decided against an article: its page goes to the quarantine."""
        self._end(response, Bucket.REJECTED, str(exception))

    def item_error(
        self, item: Any, response: Response | None, spider: Any, failure: Failure
    ) -> None:
        """A pipeline broke on an article: the page failed, and is fetched again."""
        if self._failure is None:  # else nothing can be written; the page stays leased
            self._end(response, Bucket.FAILED, type(failure.value).__name__)

    def _end(self, response: Response | None, bucket: Bucket, reason: str) -> None:
        request = getattr(response, "request", None)
        page = request.cb_kwargs.get("page") if request is not None else None
        if self._session is not None and isinstance(page, Page):
            self._session.end(page, bucket, reason)

    def _stop(self, error: BaseException) -> None:
        if self._failure is not None:
            return
        self._failure = error
        is_away = isinstance(error, StorageUnavailableError)
        logger.error(
            "%s", error if is_away else "Cannot write", exc_info=None if is_away else error
        )
        self._tell_of_stop(error)
        self._stopping = asyncio.get_running_loop().create_task(
            self._crawler.engine.close_spider_async(reason="cannot_write")
        )

    def _heart_stopped(self, heart: asyncio.Task[None]) -> None:
        if not heart.cancelled() and (error := heart.exception()) is not None:
            self._stop(error)

    async def _beat(self, session: CrawlSession, patience: Patience) -> None:
        lost: frozenset[Page] = frozenset()
        while True:
            lost = self._end_lost(session, lost)
            try:
                await self._share_rate(session, patience)
            except PyMongoError as error:
                logger.error("No heartbeat: %s", error)  # the next one may come through
            # Tried once: leases must not wait for it.
            try:
                await session.conduct.write()
            except PyMongoError as error:
                logger.info("How this worker behaves is recorded later: %s", error)
            await asyncio.sleep(_HEARTBEAT)

    async def _wait_for_share(self, session: CrawlSession, patience: Patience) -> None:
        """Wait until the other workers know that there is one more to share the rate with."""
        if self._crawler.get_extension(Politeness) is None:
            return
        await self._share_rate(session, patience)
        while not await patience(session.is_known_to_all):
            await asyncio.sleep(_LOOK)
            await self._share_rate(session, patience)

    async def _share_rate(self, session: CrawlSession, patience: Patience) -> None:
        """Say that this worker lives, and keep to its share of the crawl's rate."""
        workers = await patience(session.heartbeat)
        if (politeness := self._crawler.get_extension(Politeness)) is not None:
            politeness.share(workers)

    def _end_lost(self, session: CrawlSession, before: frozenset[Page]) -> frozenset[Page]:
        """End the pages whose request is nowhere, now and a heartbeat *before*; return those now.

        A component that drops a request tells nobody: without an end to its page the crawl
        would wait for ever.
        """
        engine = self._crawler.engine
        if engine.downloader.active or not (engine.scraper.slot and engine.scraper.slot.is_idle()):
            return frozenset()
        if engine.scheduler is None or engine.scheduler.has_pending_requests():
            return frozenset()
        lost = session.unended()
        for page in lost & before:
            session.end(page, Bucket.FAILED, "its request was dropped")
        return lost

    async def _leave(self, session: CrawlSession, crawl: str) -> str | None:
        await session.close()
        stats = self._crawler.stats
        for bucket, pages in session.ended.items():
            stats.set_value(f"ledger/{bucket}", pages)
        if self._failure is not None:
            return None
        try:
            outcome = await session.leave()
            if outcome is not None:
                stats.set_value(OUTCOME_STAT, outcome)
            counts = await session.counts()
        except (StorageUnavailableError, PyMongoError) as error:
            logger.error("%s", error)
            self._tell_of_stop(error)
            return None
        logger.info("Crawl %s: %s; %s", crawl, outcome or "others work on", _sums(counts))
        return outcome

    def _tell_of_stop(self, error: BaseException) -> None:
        reason = str(error) if str(error) else type(error).__name__
        self._tell(Incident(kind=Kind.STOPPED, what="", reason=reason))

    def _tell(self, incident: Incident) -> None:
        self._crawler.signals.send_catch_log(incident_noticed, incident=incident)


def _sums(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{pages} {state}" for state, pages in sorted(counts.items()))
