"""One worker's part in a crawl: what it has leased, and the writing of how it ended.

A single task writes, in batches (see :mod:`.batches`); whoever hands in an article waits until
it is durable.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bson.errors import InvalidDocument, InvalidStringData
from pymongo.errors import PyMongoError

from netease_crawler.items import Article
from netease_crawler.ledger.batches import BatchWriter, Ending, OpenPage
from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.frontier import Bucket, Frontier, Page
from netease_crawler.storage.connection import Database, Patience

logger = logging.getLogger(__name__)

LEASED_AT_ONCE = 64
_FLUSH_PAUSE = 0.05  # seconds in which ends gather into a batch
_LARGEST_BATCH = 64
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
        max_articles: int | None = None,
        drop_copies: bool = False,
    ) -> None:
        self.crawl = crawl
        self.worker = worker
        self.ended: Counter[str] = Counter()
        """Pages that this worker ended, by bucket."""
        self._crawls = Crawls(database)
        self._frontier = Frontier(database, crawl)
        self._batches = BatchWriter(database, crawl, drop_copies=drop_copies)
        self._patience = patience
        self._on_failure = on_failure
        self._max_articles = max_articles
        self._open: dict[str, OpenPage] = {}
        self._stored_from: dict[str, str] = {}  # doc id being stored → key of its page
        self._endings: asyncio.Queue[Ending] = asyncio.Queue()
        self._progress = asyncio.Event()
        self._flusher: asyncio.Task[None] | None = None
        self._failure: Exception | None = None

    def start(self) -> None:
        """Begin to write in the background; call it once, in the event loop."""
        self._flusher = asyncio.get_running_loop().create_task(self._flush_forever())

    async def close(self) -> None:
        """Write what has ended and stop. Open pages stay leased until the worker leaves."""
        if self._flusher is None:
            return
        while not self._flusher.done() and (self._endings.qsize() or self._being_written()):
            self._progress.clear()
            await self._wait_for_progress()
        self._flusher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._flusher

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
            leased = await self._patience(self._lease)
            # A lease that ran out in an outage may come back to who still has the page.
            pages = [page for page in leased if page.key not in self._open]
            if pages:
                self._open.update((page.key, OpenPage(page)) for page in pages)
                return pages
            if await self._patience(self._frontier.is_done):
                return []
            await self._wait_for_progress()

    def fetched(self, page: Page, body: bytes) -> None:
        """Keep *body* until the page ends, for the quarantine."""
        if (opened := self._open.get(page.key)) is not None:
            opened.body = body

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
            if self._failure is not None:
                raise self._failure
            self._progress.clear()
            await self._wait_for_progress()
        if (opened := self._open.get(page.key)) is not None:
            opened.doc_id = article.doc_id
            self._stored_from[article.doc_id] = page.key

    async def store(self, article: Article) -> Bucket:
        """Return the bucket of *article*'s page, when the article is stored durably.

        Raises what stopped the writing: StorageUnavailableError where the database stayed away.
        """
        opened = self._open.get(self._stored_from.get(article.doc_id, ""))
        if opened is None or opened.ending:
            raise ValueError(f"{article.doc_id} was not announced by storing()")
        if self._failure is not None:
            raise self._failure
        written: asyncio.Future[Bucket] = asyncio.get_running_loop().create_future()
        opened.ending = True
        self._endings.put_nowait(Ending(opened, article=article, written=written))
        return await written

    def end(self, page: Page, bucket: Bucket, reason: str) -> None:
        """Let *page* end without an article. A page that has ended stays as it is."""
        opened = self._open.get(page.key)
        if opened is not None and not opened.ending:
            opened.ending = True
            self._endings.put_nowait(Ending(opened, bucket=bucket, reason=reason))

    def unended(self) -> frozenset[Page]:
        """Return the leased pages of which nothing is known yet but that they were leased."""
        return frozenset(opened.page for opened in self._open.values() if not opened.ending)

    async def leave(self) -> str | None:
        """Give back what is still leased; return the crawl's outcome, None while others work."""
        return await self._patience(lambda: self._crawls.leave(self.crawl, self.worker))

    async def heartbeat(self) -> int:
        """Renew this worker's leases; return how many workers are at the crawl."""
        await self._frontier.renew(self.worker, self._open)
        return await self._crawls.heartbeat(self.crawl, self.worker)

    async def counts(self) -> dict[str, int]:
        """Return how many pages of the crawl are in each state."""
        return await self._patience(self._frontier.counts)

    async def _lease(self) -> list[Page]:
        if self._max_articles is None:
            return await self._frontier.lease(self.worker, LEASED_AT_ONCE, self._open)
        if not await self._crawls.take_turn(self.crawl, self.worker):
            return []
        try:
            room = await self._frontier.room(self._max_articles)
            if room > 0:
                return await self._frontier.lease(
                    self.worker, min(room, LEASED_AT_ONCE), self._open
                )
            if not await self._frontier.has_leased():
                await self._frontier.filter_pending("max_articles")
            return []
        finally:
            await self._crawls.end_turn(self.crawl, self.worker)

    def _being_written(self) -> bool:
        return any(opened.ending for opened in self._open.values())

    async def _wait_for_progress(self) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._progress.wait(), _LEASE_PAUSE)

    async def _flush_forever(self) -> None:
        batch: list[Ending] = []
        try:
            while True:
                batch = [await self._endings.get()]
                await asyncio.sleep(_FLUSH_PAUSE)
                while len(batch) < _LARGEST_BATCH and not self._endings.empty():
                    batch.append(self._endings.get_nowait())
                await self._flush(batch)
        except Exception as error:  # noqa: BLE001 - nobody else writes: all who wait must know
            self._failure = error
            while not self._endings.empty():
                batch.append(self._endings.get_nowait())
            for ending in batch:
                if ending.written is not None and not ending.written.done():
                    ending.written.set_exception(error)
            self._on_failure(error)

    async def _flush(self, batch: Sequence[Ending]) -> None:
        try:
            buckets = await self._patience(lambda: self._batches.write(batch))
        except (PyMongoError, InvalidDocument, InvalidStringData, ValueError) as error:
            if len(batch) > 1:  # one of them cannot be written: the others can
                for ending in batch:
                    await self._flush([ending])
                return
            await self._give_up(batch[0], error)
            return
        for ending, bucket in zip(batch, buckets, strict=True):
            self._close(ending, bucket)

    async def _give_up(self, ending: Ending, error: Exception) -> None:
        """Let a page fail that cannot be written, without what it was to leave behind."""
        logger.error("%s cannot be stored: %s", ending.open.page.key, error)
        reason = f"cannot be stored: {error}"
        failed = Ending(OpenPage(ending.open.page), bucket=Bucket.FAILED, reason=reason)
        await self._patience(lambda: self._batches.write([failed]))
        if ending.written is not None and not ending.written.done():
            ending.written.set_exception(error)
        self._close(ending, Bucket.FAILED)

    def _close(self, ending: Ending, bucket: Bucket) -> None:
        del self._open[ending.open.page.key]
        if ending.open.doc_id is not None:
            self._stored_from.pop(ending.open.doc_id, None)
        self.ended[bucket.value] += 1
        if ending.written is not None and not ending.written.done():
            ending.written.set_result(bucket)
        self._progress.set()
