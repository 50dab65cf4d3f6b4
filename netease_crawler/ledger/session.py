"""One worker's part in a crawl: what it has leased, and how it ended.

A single task writes (see :mod:`.flusher`); whoever hands in an article waits until it is
durable.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pymongo.errors import PyMongoError

from netease_crawler.incident import Incident
from netease_crawler.items import Article
from netease_crawler.ledger.batches import BatchWriter
from netease_crawler.ledger.claims import Claims
from netease_crawler.ledger.conduct import Conduct
from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.ending import Ending, OpenPage
from netease_crawler.ledger.flusher import Flusher
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.incidents import incidents_at_end
from netease_crawler.ledger.leasing import Leasing
from netease_crawler.ledger.page import Bucket, Page, page_id
from netease_crawler.ledger.watch import Watch
from netease_crawler.storage.clock import DatabaseClock
from netease_crawler.storage.connection import Database, Patience
from netease_crawler.storage.quarantine import KeptAnswer, kept_answer

logger = logging.getLogger(__name__)

_LEASE_PAUSE = 0.5  # seconds between looks at a frontier that others are working on


class CrawlSession:
    """A worker's view of its crawl. Every method belongs to the event loop's thread."""

    def __init__(
        self,
        database: Database,
        crawl: str,
        worker: str,
        *,
        patience: Patience,
        on_failure: Callable[[Exception], object],
        on_incident: Callable[[Incident], object] = lambda incident: None,
        max_articles: int | None = None,
        kept_only: bool = False,
        drop_copies: bool = False,
        rate: float = 0,
    ) -> None:
        """With *kept_only*, only pages in the quarantine are leased; *rate* is CRAWL_RATE."""
        self._database = database
        self.crawl = crawl
        self.worker = worker
        self.ended: Counter[str] = Counter()
        """Pages that this worker ended, by bucket."""
        self._clock = DatabaseClock(database)
        self.conduct = Conduct(database, crawl, worker, rate, self._clock)
        self.claims = Claims(database, crawl, patience)
        self._crawls = Crawls(database)
        self._frontier = Frontier(database, crawl)
        self._leasing = Leasing(
            database, crawl, worker, max_articles=max_articles, kept_only=kept_only
        )
        self._batches = BatchWriter(database, crawl, drop_copies=drop_copies)
        self._watch = Watch(database, crawl, self.now, on_incident)
        self._patience = patience
        self._open: dict[str, OpenPage] = {}
        self._stored_from: dict[str, str] = {}  # doc id being stored → key of its page
        self._progress = asyncio.Event()
        self._flusher = Flusher(
            self._batches,
            self._watch,
            patience=patience,
            on_written=self._close,
            on_failure=on_failure,
        )

    async def start(self) -> None:
        """Begin to write in the background; call it once."""
        await self._patience(self._clock.look)
        await self._patience(self._watch.begin)
        self._flusher.start()

    async def close(self) -> None:
        """Write what has ended and stop. Open pages stay leased until the worker leaves."""
        while self._flusher.is_running and self._being_written():
            self._progress.clear()
            await self._wait_for_progress()
        await self._flusher.stop()

    async def is_seeded(self) -> bool:
        """Whether the frontier has all the pages that the crawl begins with."""
        return await self._patience(lambda: self._crawls.is_seeded(self.crawl))

    async def end_seeding(self) -> None:
        """Note that the frontier has all the pages that the crawl begins with."""
        await self._patience(lambda: self._crawls.end_seeding(self.crawl))

    async def seed(self, pages: Sequence[Page]) -> None:
        """Add the pages that the crawl begins with."""
        await self._patience(lambda: self._frontier.discover(pages))

    async def lease(self) -> list[Page]:
        """Return the next pages to fetch; none when every page of the crawl has ended.

        Waits while other pages, of this or other workers, may still lead to more.
        """
        while True:
            self._progress.clear()
            leased = await self._patience(lambda: self._leasing.next(self._open))
            # A lease that ran out in an outage may come back to who still has the page.
            pages = [page for page in leased if page.key not in self._open]
            if pages:
                self._open.update((page.key, OpenPage(page)) for page in pages)
                return pages
            if not await self._patience(self._leasing.is_done):
                await self._wait_for_progress()
            elif not await self._patience(self._watch.judge):
                return []

    async def kept_answer(self, page: Page) -> KeptAnswer | None:
        """Return what *page* was answered with when it was fetched; None if it was not kept."""
        kept = page_id(self.crawl, page.key)
        return await self._patience(lambda: kept_answer(self._database, kept))

    def fetched(
        self, page: Page, body: bytes, answered_at: str | None, encoding: str | None
    ) -> None:
        """Keep the answer until the page ends, for the quarantine."""
        if (opened := self._open.get(page.key)) is not None:
            opened.body, opened.answered_at, opened.encoding = body, answered_at, encoding

    def is_known(self, key: str) -> bool:
        """Whether the crawl's frontier is known to have a page of this *key*."""
        return self._batches.is_known(key)

    def discovered(self, page: Page, links: Iterable[Page]) -> None:
        """Note the pages that *page* leads to; they are written before the page ends."""
        if (opened := self._open.get(page.key)) is not None:
            opened.links.extend(links)

    async def storing(self, page: Page, article: Article) -> None:
        """Say that *article* was read from *page*, before it goes through the pipelines.

        Waits while the same article, from another page, is on its way. Raises what stopped
        the writing.
        """
        while article.doc_id in self._stored_from:
            if self._flusher.failure is not None:
                raise self._flusher.failure
            self._progress.clear()
            await self._wait_for_progress()
        if (opened := self._open.get(page.key)) is not None:
            opened.doc_id = article.doc_id
            self._stored_from[article.doc_id] = page.key

    async def store(self, article: Article) -> Bucket:
        """Return the bucket of *article*'s page, when the article is stored durably.

        ``rejected``: it lacks what such pages show, and its page is in the quarantine. Raises
        what stopped the writing: StorageUnavailableError where the database stayed away.
        """
        opened = self._open.get(self._stored_from.get(article.doc_id, ""))
        if opened is None or opened.ending:
            raise ValueError(f"{article.doc_id} was not announced by storing()")
        if self._flusher.failure is not None:
            raise self._flusher.failure
        written: asyncio.Future[Bucket] = asyncio.get_running_loop().create_future()
        opened.ending = True
        self._flusher.put(Ending(opened, article=article, written=written))
        return await written

    def end(self, page: Page, bucket: Bucket, reason: str, *, is_unread: bool = False) -> None:
        """Let *page* end without an article. A page that has ended stays as it is.

        *is_unread* says that it is an article's, and that no layout reads it.
        """
        opened = self._open.get(page.key)
        if opened is not None and not opened.ending:
            opened.ending = True
            self._flusher.put(
                Ending(
                    opened,
                    bucket=bucket,
                    reason=reason,
                    found_at=self.now(),
                    is_unread=is_unread,
                )
            )

    def unended(self) -> frozenset[Page]:
        """Return the leased pages of which nothing is known yet but that they were leased."""
        return frozenset(opened.page for opened in self._open.values() if not opened.ending)

    async def leave(self) -> str | None:
        """Give back what is still leased; return the crawl's outcome, None while others work."""
        try:
            await self._patience(self.conduct.close)
        except PyMongoError as error:  # the crawl has to end all the same
            logger.error("How this worker behaved is not recorded: %s", error)
        return await self._patience(lambda: self._crawls.leave(self.crawl, self.worker))

    async def incidents_at_end(self) -> list[Incident]:
        """Return what people are to be told of the crawl, which has ended."""
        return await self._patience(lambda: incidents_at_end(self._database, self.crawl))

    async def is_known_to_all(self) -> bool:
        """Whether every other worker at the crawl counts this one."""
        return await self._crawls.is_known_to_all(self.crawl, self.worker)

    async def heartbeat(self) -> int:
        """Renew this worker's leases; return how many workers are at the crawl."""
        await self._clock.look()
        await self._frontier.renew(self.worker, self._open)
        await self._watch.refresh()
        return await self._crawls.heartbeat(self.crawl, self.worker)

    def now(self) -> datetime:
        """Return what time it is by the database's clock, in UTC, to MongoDB's millisecond."""
        return self._clock.now()

    async def counts(self) -> dict[str, int]:
        """Return how many pages of the crawl are in each state."""
        return await self._patience(self._frontier.counts)

    def _being_written(self) -> bool:
        return any(opened.ending for opened in self._open.values())

    async def _wait_for_progress(self) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._progress.wait(), _LEASE_PAUSE)

    def _close(self, ending: Ending, bucket: Bucket) -> None:
        del self._open[ending.open.page.key]
        if ending.open.doc_id is not None:
            self._stored_from.pop(ending.open.doc_id, None)
        self.ended[bucket.value] += 1
        if ending.written is not None and not ending.written.done():
            ending.written.set_result(bucket)
        self._progress.set()
