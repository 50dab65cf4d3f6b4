"""Which pages a worker gets next."""

from __future__ import annotations

from collections.abc import Collection

from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import Page
from netease_crawler.storage.connection import Database

LEASED_AT_ONCE = 64


class Leasing:
    """Leases pages of a crawl to one worker, within the limit of the crawl."""

    def __init__(
        self,
        database: Database,
        crawl: str,
        worker: str,
        *,
        max_articles: int | None,
        kept_only: bool,
    ) -> None:
        self._crawl = crawl
        self._worker = worker
        self._crawls = Crawls(database)
        self._frontier = Frontier(database, crawl, kept_only=kept_only)
        # What is in the quarantine was fetched within the limit.
        self._max_articles = None if kept_only else max_articles

    async def next(self, held: Collection[str]) -> list[Page]:
        """Return the next pages of the least depth, none where none can be leased now.

        *held* are the keys of those that the worker has.
        """
        if self._max_articles is None:
            return await self._frontier.lease(self._worker, LEASED_AT_ONCE, held)
        if not await self._crawls.take_turn(self._crawl, self._worker):
            return []
        try:
            room = await self._frontier.room(self._max_articles)
            if room > 0:
                return await self._frontier.lease(self._worker, min(room, LEASED_AT_ONCE), held)
            if not await self._frontier.has_leased():
                await self._frontier.filter_pending("max_articles")
            return []
        finally:
            await self._crawls.end_turn(self._crawl, self._worker)

    async def is_done(self) -> bool:
        """Whether every page that may be leased has ended."""
        return await self._frontier.is_done()
