"""How a worker behaves towards each host: a record that its crawl keeps (collection ``conduct``).

At each heartbeat a document for each host that something happened with since the one before.
A worker that leaves marks its last one; of one that is killed, what came after it is lost.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field

from pymongo import ReplaceOne

from netease_crawler.ledger.windows import instant
from netease_crawler.storage.clock import DatabaseClock
from netease_crawler.storage.connection import Database, Document

COLLECTION = "conduct"
_MOST_UNWRITTEN = 1000  # documents, if the database does not take them


@dataclass(slots=True)
class _Deeds:
    sent: list[float] = field(default_factory=list)  # time.monotonic()
    counts: defaultdict[str, float] = field(default_factory=lambda: defaultdict(int))


class Conduct:
    """What one worker of a crawl notes, and writes now and then."""

    def __init__(
        self, database: Database, crawl: str, worker: str, rate: float, clock: DatabaseClock
    ) -> None:
        """*rate* is what the worker takes for CRAWL_RATE; *clock* is looked at by the caller."""
        self._database = database
        self._clock = clock
        self._is_whole = True
        self._head = {"crawl": crawl, "worker": worker, "rate": rate}
        self._hosts: defaultdict[str, _Deeds] = defaultdict(_Deeds)
        self._unwritten: list[Document] = []
        self._documents = 0

    def sent(self, host: str) -> None:
        """Note that a request is handed to the network now."""
        self._hosts[host].sent.append(time.monotonic())

    def count(self, host: str, deed: str, times: float = 1) -> None:
        """Note what was done: one of the fields of a host's report, or ``robots_txt/ANSWER``."""
        self._hosts[host].counts[deed] += times

    async def write(self) -> None:
        """Write what was noted. Repeated, when the database is back, it writes the same."""
        hosts, self._hosts = self._hosts, defaultdict(_Deeds)
        for host, deeds in hosts.items():
            self._documents += 1
            self._unwritten.append({"_id": self._id, **self._head, "host": host} | self._of(deeds))
        if len(self._unwritten) > _MOST_UNWRITTEN:
            del self._unwritten[:-_MOST_UNWRITTEN]
            self._is_whole = False
        if self._unwritten:
            await self._database[COLLECTION].bulk_write(
                [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in self._unwritten],
                ordered=False,
            )
            self._unwritten.clear()

    async def close(self) -> None:
        """Write what is left, and that nothing is missing."""
        await self.write()
        if self._documents and self._is_whole:
            await self._database[COLLECTION].update_one(
                {"_id": self._id}, {"$set": {"is_last": True}}
            )

    @property
    def _id(self) -> str:
        """The last document's."""
        return f"{self._head['crawl']}/{self._head['worker']}/{self._documents}"

    def _of(self, deeds: _Deeds) -> Document:
        sent = [self._clock.milliseconds(at) for at in deeds.sent]
        first = sent[0] if sent else self._clock.milliseconds(time.monotonic())
        return {
            "precision": self._clock.precision,
            "at": instant(first),
            "sent": [at - first for at in sent],  # milliseconds
            "counts": dict(deeds.counts),
        }
