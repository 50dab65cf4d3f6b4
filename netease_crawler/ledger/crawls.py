"""Crawls: named units of work that end, and the workers at them."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import datetime

from pymongo import DESCENDING

from netease_crawler.ledger.alerts import unresolved
from netease_crawler.ledger.claims import FIELD as TOLD
from netease_crawler.ledger.frontier import LEASE_SECONDS, Frontier
from netease_crawler.ledger.page import ARTICLE_BUCKETS, RETRIED_BUCKETS
from netease_crawler.storage.connection import Database, Document

COLLECTION = "crawls"
FINISHED, EMPTY, INTERRUPTED = "finished", "empty", "interrupted"
INCOMPLETE = "incomplete"
"""More pages were banned or failed than ended as articles."""
DRIFT = "drift"
"""The site has changed its markup: an alert stands, and its pages are in the quarantine."""
_SILENCE = LEASE_SECONDS  # seconds without a heartbeat after which a worker is gone

_TURN = 10  # seconds after which the turn of a worker that died in it passes on


class CrawlConflictError(Exception):
    """The crawl exists and is another one: the message says how they differ."""


class Crawls:
    """The crawls of an archive."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._crawls = database[COLLECTION]

    async def arguments(self, crawl: str, spider: str) -> dict[str, str] | None:
        """Return the arguments that *crawl* began with, None where there is no such crawl.

        Raises CrawlConflictError where it is a crawl of another spider.
        """
        document = await self._crawls.find_one({"_id": crawl}, {"spider": 1, "arguments": 1})
        if document is None:
            return None
        if document["spider"] != spider:
            raise CrawlConflictError(
                f"crawl {crawl!r} is one of the spider {document['spider']!r}, not {spider!r}"
            )
        arguments: dict[str, str] = document["arguments"]
        return arguments

    async def join(
        self,
        crawl: str,
        spider: str,
        arguments: Mapping[str, str],
        worker: str,
        *,
        retry: bool = True,
    ) -> None:
        """Begin *crawl*, or help with it, as *worker*.

        Leases of workers that have died are returned, those of this machine at once; where
        nobody else is at it, what was banned or failed gets another try, if *retry*.
        """
        # Looked at before this worker is among them: of two that join at once, at least one
        # finds nobody else.
        live = await self.live_workers(crawl, besides=worker)
        await self._crawls.update_one(
            {"_id": crawl},
            [
                {
                    "$set": {
                        "spider": {"$ifNull": ["$spider", spider]},
                        "arguments": {"$ifNull": ["$arguments", {"$literal": dict(arguments)}]},
                        "started_at": {"$ifNull": ["$started_at", "$$NOW"]},
                        f"workers.{worker}": {"joined_at": "$$NOW", "heartbeat_at": "$$NOW"},
                    }
                },
                {"$unset": ["outcome", "states", "ended_at"]},
            ],
            upsert=True,
        )
        frontier = Frontier(self._database, crawl)
        others = await self._other_workers(crawl, worker)
        alive = await self.live_workers(crawl)  # those too that joined with this one
        gone = [other for other in others if other not in alive or _is_dead(other)]
        await frontier.release(gone)
        await self._forget(crawl, gone)
        if retry and not set(live).difference(gone):
            await frontier.retry()

    async def is_seeded(self, crawl: str) -> bool:
        """Whether the frontier of *crawl* has all the pages that it begins with."""
        seeded = {"_id": crawl, "seeded": True}
        return await self._crawls.find_one(seeded, {"_id": 1}) is not None

    async def end_seeding(self, crawl: str) -> None:
        """Note that the frontier of *crawl* has all the pages that it begins with."""
        await self._crawls.update_one({"_id": crawl}, {"$set": {"seeded": True}})

    async def heartbeat(self, crawl: str, worker: str) -> int:
        """Say that *worker* lives; return how many workers are at *crawl* with it."""
        await self._crawls.update_one(
            {"_id": crawl}, [{"$set": {f"workers.{worker}.heartbeat_at": "$$NOW"}}]
        )
        return 1 + len(await self.live_workers(crawl, besides=worker))

    async def is_known_to_all(self, crawl: str, worker: str) -> bool:
        """Whether every other live worker of *crawl* counted *worker* when it last looked."""
        document = await self._crawls.find_one({"_id": crawl}, {"workers": 1})
        workers: Document = (document or {}).get("workers", {})
        live = await self.live_workers(crawl, besides=worker)
        joined_at = workers.get(worker, {}).get("joined_at")
        return joined_at is None or all(
            workers[other]["heartbeat_at"] > joined_at for other in live if other in workers
        )

    async def leave(self, crawl: str, worker: str) -> str | None:
        """Take *worker* off *crawl*; return the crawl's outcome, None while others work on."""
        frontier = Frontier(self._database, crawl)
        await frontier.release([worker])
        await self._forget(crawl, [worker])
        is_done = await frontier.is_done() and await self.is_seeded(crawl)
        if not is_done and await self.live_workers(crawl, besides=worker):
            return None
        states = await frontier.counts()
        document = await self._crawls.find_one({"_id": crawl}, {"alerts": 1}) or {}
        outcome = _outcome(states, document) if is_done else INTERRUPTED
        await self._crawls.update_one(
            {"_id": crawl},
            [
                {
                    "$set": {
                        "outcome": outcome,
                        "states": {"$literal": states},
                        "ended_at": "$$NOW",
                    }
                },
                {"$unset": ["reparsing", *([TOLD] if outcome == FINISHED else [])]},
            ],
        )
        return outcome

    async def begin_reparse(self, crawl: str) -> None:
        """Note that *crawl* reads its quarantine again, until its last worker leaves."""
        await self._crawls.update_one({"_id": crawl}, {"$set": {"reparsing": True}})

    async def is_reparsing(self, crawl: str) -> bool:
        """Whether a worker that was to read the quarantine of *crawl* again has not left it."""
        reparsing = {"_id": crawl, "reparsing": True}
        return await self._crawls.find_one(reparsing, {"_id": 1}) is not None

    async def latest_in_quarantine(self) -> str | None:
        """Return the crawl, the one started last, whose pages are in the quarantine."""
        names = await self._database["quarantine"].distinct("crawl", {"body": {"$exists": True}})
        document = await self._crawls.find_one(
            {"$or": [{"_id": {"$in": names}}, {"reparsing": True}]},
            {"_id": 1},
            sort=[("started_at", DESCENDING)],
        )
        return None if document is None else str(document["_id"])

    async def take_turn(self, crawl: str, worker: str) -> bool:
        """Whether *worker* alone may count and lease now; it must end its turn soon.

        A crawl with a limit leases in turns, or two workers would each use up the rest.
        """
        taken = await self._crawls.update_one(
            {"_id": crawl, "$expr": {"$lt": [{"$ifNull": ["$turn.until", 0]}, "$$NOW"]}},
            [{"$set": {"turn": {"worker": worker, "until": {"$add": ["$$NOW", _TURN * 1000]}}}}],
        )
        return taken.modified_count == 1

    async def end_turn(self, crawl: str, worker: str) -> None:
        """Let the next worker have its turn."""
        await self._crawls.update_one(
            {"_id": crawl, "turn.worker": worker}, {"$unset": {"turn": ""}}
        )

    async def live_workers(self, crawl: str, *, besides: str | None = None) -> list[str]:
        """Return the workers of *crawl* that gave a heartbeat lately."""
        found = await self._crawls.aggregate(
            [
                {"$match": {"_id": crawl}},
                {"$project": {"worker": {"$objectToArray": {"$ifNull": ["$workers", {}]}}}},
                {"$unwind": "$worker"},
                {
                    "$match": {
                        "$expr": {
                            "$gt": [
                                "$worker.v.heartbeat_at",
                                {"$subtract": ["$$NOW", _SILENCE * 1000]},
                            ]
                        }
                    }
                },
                {"$project": {"_id": "$worker.k"}},
            ]
        )
        return [document["_id"] async for document in found if document["_id"] != besides]

    async def _other_workers(self, crawl: str, worker: str) -> list[str]:
        document = await self._crawls.find_one({"_id": crawl}, {"workers": 1})
        workers: Document = (document or {}).get("workers", {})
        return [other for other in workers if other != worker]

    async def _forget(self, crawl: str, workers: list[str]) -> None:
        if workers:
            await self._crawls.update_one(
                {"_id": crawl}, {"$unset": {f"workers.{worker}": "" for worker in workers}}
            )


def _outcome(states: Mapping[str, int], crawl: Document) -> str:
    """Return what *crawl* came to, whose pages have all ended."""
    if unresolved(crawl):
        return DRIFT
    articles = sum(states.get(bucket.value, 0) for bucket in ARTICLE_BUCKETS)
    if not articles:
        return EMPTY
    missed = sum(states.get(bucket.value, 0) for bucket in RETRIED_BUCKETS)
    return FINISHED if missed <= articles else INCOMPLETE


def new_worker_name() -> str:
    """Return a name for this process as a worker: machine, process id, and a random part."""
    machine = socket.gethostname().replace(".", "-").replace("$", "-")
    return f"{machine}:{os.getpid()}:{secrets.token_hex(3)}"


def new_crawl_name(spider: str, now: datetime) -> str:
    """Return a name for a crawl that begins *now*, e.g. ``article-20261123-101500-3fa9``."""
    return f"{spider}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def _is_dead(worker: str) -> bool:
    """Whether *worker* was a process of this machine and is no more.

    False for one that cannot be known: the leases of a living worker are better kept.
    """
    machine, pid, _ = worker.split(":")
    if machine != new_worker_name().split(":")[0]:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
