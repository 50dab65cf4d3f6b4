"""Watching for drift: what one worker reads, and what a whole crawl came to.

A page whose article lacks what such pages show is not stored: it is kept as it was fetched, a
*suspect*. At the end of the crawl suspects are released where there are no more than chance
has it. Else an alert is raised, and they stay until somebody has mended the layout.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone

from netease_crawler.coverage import shown
from netease_crawler.drift import (
    CHANCE,
    UNREAD,
    Coverage,
    Fall,
    Name,
    Sentinel,
    chance,
    counted,
    expected_share,
    usual_share,
)
from netease_crawler.incident import Incident
from netease_crawler.items import Article
from netease_crawler.ledger.alerts import raise_alert, resolve, unresolved
from netease_crawler.ledger.coverages import Shown, archive_coverages, coverages_of, shown_at
from netease_crawler.ledger.ending import Ending
from netease_crawler.ledger.incidents import drift_incident
from netease_crawler.ledger.page import Bucket
from netease_crawler.ledger.suspects import Suspects
from netease_crawler.storage.connection import Database, Document
from netease_crawler.urls import is_article_url

logger = logging.getLogger(__name__)

_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)
_MOMENT = timedelta(milliseconds=1)  # MongoDB's unit
_MOST_UNREAD = 0.2  # of the pages that were unread, when a new layout reads the others


class Watch:
    """A worker's watch over the pages of its crawl."""

    def __init__(
        self,
        database: Database,
        crawl: str,
        now: Callable[[], datetime],
        on_incident: Callable[[Incident], object] = lambda incident: None,
    ) -> None:
        """*now* tells the time by a clock that all workers share."""
        self._database = database
        self._now = now
        self._on_incident = on_incident
        self._crawl = crawl
        self._sentinel = Sentinel()
        self._suspects = Suspects(database, crawl)
        self._read_at = _LONG_AGO
        self._fallen: set[Name] = set()  # of which articles may have passed lately

    async def begin(self) -> None:
        """Learn what is usual."""
        self._sentinel.archive = await archive_coverages(self._database, self._crawl)
        await self.refresh()
        self._sentinel.begin()
        self._fallen.clear()

    async def refresh(self) -> None:
        """Learn what all workers of the crawl have found."""
        crawl = await self._document()
        self._sentinel.crawl = coverages_of(crawl)
        self._fallen |= unresolved(crawl).keys() - self._sentinel.alerts
        self._sentinel.alerts |= unresolved(crawl).keys()

    def look(self, batch: Sequence[Ending]) -> list[Fall]:
        """Let what must not pass of *batch* end as rejected; return what fell."""
        falls: list[Fall] = []
        for ending in batch:
            url = ending.open.page.url
            if is_article_url(url) and (ending.article is not None or ending.is_unread):
                falls += self._sentinel.watch_reading(ending.article is not None, url)
            if ending.is_unread:
                ending.lacks = (UNREAD,)
            elif ending.article is not None:
                falls += self._look_at(ending, ending.article)
        fallen = {fall.name for fall in falls}
        for ending in batch if fallen else ():  # those before the one it was noticed at
            if ending.shown is not None and ending.article is not None:
                _hold(ending, [name for name in ending.shown.lacking if name in fallen])
        return falls

    async def act(self, falls: Iterable[Fall]) -> None:
        """Raise an alert for each of *falls*, and take back what passed before it."""
        for name in self._fallen.union(fall.name for fall in falls) - {UNREAD}:
            await self._suspects.recall(name)
        for fall in falls:
            await self._raise(fall)
        self._fallen.clear()

    async def judge(self) -> int:
        """Release the suspects of the crawl, whose pages have all ended, that are plausible.

        Returns how many are to be read again. Raises an alert for what is not, and resolves
        those whose pages were read. Goes by what is in the database: several workers agree.
        """
        await self._suspects.sweep()
        held = await self._suspects.held()
        crawl = await self._document()
        alerts = unresolved(crawl)
        if not held and not alerts:
            return 0
        repaired = await self._suspects.repaired()
        blocked = set()
        for name in held.keys() | alerts.keys():
            if name not in alerts:
                fall = None if name == UNREAD else await self._fall(name, held[name], crawl)
                if fall is not None:
                    await self._raise(fall)
                    blocked.add(name)
            elif not _is_over(name, held[name], repaired[name], alerts[name].usual):
                blocked.add(name)
            elif not held[name] or name == UNREAD:
                await resolve(self._database, self._crawl, [name])
        return await self._suspects.release(blocked | {UNREAD})

    def _look_at(self, ending: Ending, article: Article) -> list[Fall]:
        page = ending.open.page
        self._read_at = max(self._now(), self._read_at + _MOMENT)
        fields = shown(article)
        ending.shown = Shown(layout=article.layout, fields=fields, read_at=self._read_at)
        ending.repaired = tuple(
            name for name in page.lacked if name == UNREAD or fields.get(name[1])
        )
        lacked: list[Name] = []
        falls: list[Fall] = []
        if not page.is_accepted:
            lacked, falls = self._sentinel.watch(article.layout, fields, page.url)
            _hold(ending, lacked)
        if not lacked:
            counted(self._sentinel.crawl, article.layout, fields)
        return falls

    async def _fall(self, name: Name, held: int, crawl: Document) -> Fall | None:
        """Return the fall that *held* pages without *name* are, None where chance explains it."""
        coverages = coverages_of(crawl)
        usual = usual_share(name, self._sentinel.archive, coverages)
        asked = int(coverages.get(name, Coverage()).asked) + held
        # A change lasts: pages that lack it with none after them that shows it weigh more.
        last, pages = await self._suspects.sample(name, since=shown_at(crawl, name))
        if (1 - usual) ** last < CHANCE:
            asked, held = last, last
        elif chance(held, asked, usual) < CHANCE:
            _, pages = await self._suspects.sample(name)
        else:
            return None
        return Fall(
            layout=name[0],
            field=name[1],
            usual=usual,
            seen=(asked - held) / asked,
            asked=asked,
            pages=tuple(pages),
        )

    async def _raise(self, fall: Fall) -> None:
        if await raise_alert(self._database, self._crawl, fall):
            logger.warning("Drift: %s", fall.line)
            self._on_incident(drift_incident(fall))

    async def _document(self) -> Document:
        wanted = {"coverage": 1, "alerts": 1}
        return await self._database["crawls"].find_one({"_id": self._crawl}, wanted) or {}


def _hold(ending: Ending, lacked: Sequence[Name]) -> None:
    """Let *ending* be that of a suspect, if it *lacked* anything."""
    if not lacked or ending.open.page.is_accepted:
        return
    ending.lacks = tuple(lacked)
    ending.article = None
    ending.bucket = Bucket.REJECTED
    without = ", ".join(field for _, field in lacked)
    ending.reason = f"Suspect: {lacked[0][0]} without {without}"


def _is_over(name: Name, held: int, repaired: int, usual: float) -> bool:
    """Whether of pages that once lacked *name*, so few still do that nothing is wrong."""
    if not held:
        return True
    if name == UNREAD:
        return held < _MOST_UNREAD * (held + repaired)
    return chance(held, held + repaired, expected_share(usual)) >= CHANCE
