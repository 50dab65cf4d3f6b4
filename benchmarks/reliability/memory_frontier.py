"""A frontier that is gone with its process, with the answers of the real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import LEASED, PENDING, Bucket, End, Page
from netease_crawler.storage.connection import Database
from netease_crawler.storage.forgotten import forgotten_among, page_ids


@dataclass
class _Pages:
    """The pages of a crawl."""

    pending: dict[int, list[Page]] = field(default_factory=dict)  # by depth
    leased: dict[str, Page] = field(default_factory=dict)  # by key
    ended: dict[str, str] = field(default_factory=dict)  # key → bucket
    known: set[str] = field(default_factory=set)
    copies: set[str] = field(default_factory=set)


_CRAWLS: dict[str, _Pages] = {}  # as each part of a session has a frontier of its own


class MemoryFrontier(Frontier):
    """For one worker that is never killed and an archive with nothing in it or forgotten."""

    def __init__(self, database: Database, crawl: str, *, kept_only: bool = False) -> None:
        super().__init__(database, crawl, kept_only=kept_only)
        self._memory = _CRAWLS.setdefault(crawl, _Pages())

    async def discover(self, pages: Sequence[Page]) -> None:
        # no matter of crashes: what is to stay forgotten is asked for as always
        await forgotten_among(self._database, {id_ for page in pages for id_ in page_ids(page.key)})
        for page in pages:
            if page.key in self._memory.known:
                continue
            self._memory.known.add(page.key)
            if page.filtered is not None:
                self._memory.ended[page.key] = Bucket.FILTERED.value
            else:
                self._memory.pending.setdefault(page.depth, []).append(page)

    async def lease(self, worker: str, limit: int, held: Collection[str] = ()) -> list[Page]:
        pending, leased = self._memory.pending, self._memory.leased
        if not pending:
            return []
        depth = min(pending)
        if any(page.depth < depth for page in leased.values()):
            return []
        newest_first = sorted(pending.pop(depth), key=lambda page: page.key, reverse=True)
        if rest := newest_first[limit:]:
            pending[depth] = rest
        leased.update((page.key, page) for page in newest_first[:limit])
        return newest_first[:limit]

    async def renew(self, worker: str, keys: Iterable[str]) -> None:
        """Nothing runs out."""

    async def release(self, workers: Iterable[str]) -> None:
        """Nobody else gets what the one worker has."""

    async def expire(self) -> None:
        """Nothing runs out."""

    async def retry(self) -> None:
        """Nothing has ended when a first crawl begins."""

    async def end(self, ends: Sequence[End]) -> None:
        for end in ends:
            if self._memory.leased.pop(end.page.key, None) is not None:
                self._memory.ended[end.page.key] = end.bucket.value
        await self.mark_copies(
            [end.page.key for end in ends if end.page.key in self._memory.copies]
        )

    async def mark_copies(self, keys: Sequence[str]) -> None:
        self._memory.copies.update(keys)
        for key in keys:
            if self._memory.ended.get(key) == Bucket.STORED.value:
                self._memory.ended[key] = Bucket.DUPLICATE.value

    async def counts(self) -> dict[str, int]:
        states = Counter(self._memory.ended.values())
        states[LEASED] = len(self._memory.leased)
        states[PENDING] = sum(map(len, self._memory.pending.values()))
        return dict(+states)

    async def is_done(self) -> bool:
        return not (self._memory.pending or self._memory.leased)
