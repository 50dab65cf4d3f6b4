"""Our crawl, as its documentation has it begun and gone on with: by the same command."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from pymongo.errors import ConnectionFailure

from benchmarks.reliability.subject import DEPTH
from benchmarks.worker import start_worker
from netease_crawler.demo.process import DemoSite
from netease_crawler.ledger.reports import Report, Reports, UnknownCrawlError
from netease_crawler.storage.connection import Database, open_client

T = TypeVar("T")

DATABASE = "netease"
_CRAWL = "reliability"
_SEEN = ("articles", "recommendations", "accounts", "headlines")


class Ours:
    """The spider ``article`` on the whole demo site; any number of workers may be started."""

    name = "netease_crawler"

    def __init__(self, directory: Path, demo: DemoSite, seed_url: str, mongo_uri: str) -> None:
        self._directory = directory
        self._arguments = {"urls": seed_url, "depth": DEPTH, "crawl": _CRAWL}
        self._settings = {
            "CRAWL_RATE": 0,
            "SITE_MIRRORS": demo.mirrors,
            "MONGO_URI": mongo_uri,  # so it is not the workers' to bring back
            "MONGO_DATABASE": DATABASE,
            "ADDONS": '{"benchmarks.loop_lag.LoopLag": 0}',
        }
        self._uri = mongo_uri
        self._started = 0

    def start(self) -> subprocess.Popen[bytes]:
        self._started += 1
        measured = self._directory / f"lags-{self._started}.json"
        return start_worker(
            self._directory, "article", self._arguments, {**self._settings, "MEASURED": measured}
        )

    def is_done(self) -> bool:
        try:
            return self.report().problem is None
        except (ConnectionFailure, UnknownCrawlError):
            return False

    def stored(self) -> Counter[str]:
        async def read(database: Database) -> Counter[str]:
            return Counter([document["_id"] async for document in database["articles"].find()])

        return self._read(read)

    def close(self) -> None:
        """Nothing to do: the workers are all there is."""

    def report(self) -> Report:
        """Return the sums of the crawl.

        Raises UnknownCrawlError before it has begun.
        """
        return self._read(lambda database: Reports(database).report(_CRAWL))

    def written_twice(self) -> int:
        """Count what a crawl writes once: articles as revisions, edges, pages of the frontier."""

        async def count(database: Database) -> int:
            pages = await database["frontier"].count_documents({})
            return (
                await database["revisions"].count_documents({})
                + await database["recommendations"].count_documents({"times_seen": {"$ne": 1}})
                + pages
                - len(await database["frontier"].distinct("key"))
            )

        return self._read(count)

    def out_of_time(self) -> int:
        """Count documents that were first seen after they were last seen, or out of the crawl.

        And articles that were fetched after they were last seen: a second at least, as the
        database's clock is read now and then.
        """

        async def count(database: Database) -> int:
            crawl = await database["crawls"].find_one({"_id": _CRAWL}) or {}
            first, last = "$first_seen_at", "$last_seen_at"
            later = {"$gt": [{"$subtract": ["$fetched_at", 1000]}, last]}
            ends = [{"$lt": [first, crawl["started_at"]]}, {"$gt": [last, "$$NOW"]}]
            odd = {"$expr": {"$or": [{"$gt": [first, last]}, *ends, later]}}
            return sum([await database[name].count_documents(odd) for name in _SEEN])

        return self._read(count)

    def leased_by(self, worker: subprocess.Popen[bytes]) -> int:
        """Return how many pages *worker* has leased."""
        named = {"state": "leased", "worker": {"$regex": f":{worker.pid}:"}}
        return self._read(lambda database: database["frontier"].count_documents(named))

    def longest_stall(self) -> float | None:
        """Return how many seconds the event loop of a worker was late, at most.

        Of the workers that ended in order; None where there was none.
        """
        files = self._directory.glob("lags-*.json")
        return max((lag for file in files for _, lag in json.loads(file.read_text())), default=None)

    def _read(self, read: Callable[[Database], Awaitable[T]]) -> T:
        async def connected() -> T:
            async with open_client(self._uri) as client:
                return await read(client[DATABASE])

        return asyncio.run(connected())
