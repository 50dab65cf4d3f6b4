"""How long the event loop stalls when MongoDB goes away in mid-crawl, and what is lost."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pymongo import MongoClient

from benchmarks.database import temporary_server
from benchmarks.report import progress, publish, table, verdict
from benchmarks.worker import WorkerError, finish, log_end, start_worker
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from netease_crawler.ledger.reports import Report, Reports
from netease_crawler.storage.connection import Document, open_client
from netease_crawler.storage.supervisor import DATA, SUPERVISOR_LOCK
from netease_crawler.urls import doc_id_from_url

_CRAWL = "outage"
_DEPTH = 30
_OUTAGE = 20  # seconds
_GOAL = 0.3  # seconds
_LONGEST = 600  # seconds for the part before, and for the part after

_EPILOG = """example:
  python -m benchmarks.outage --articles 1000
"""


@dataclass(frozen=True)
class Measured:
    """What an outage did to a crawl."""

    lags: dict[str, list[float]]
    """How many seconds the loop was late, sleep by sleep, ``before``, ``during``, ``after``."""
    expected: int
    """Pages that are to be found from the seed."""
    ended: int
    """Of those, how many ended as an article or as deleted."""
    problem: str | None
    """What is wrong with the crawl by its own report."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.outage",
        description=f"Crawl a made-up site, MongoDB being killed for {_OUTAGE} seconds.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=3000, help="of the site (default: 3000)")
    publish("outage", _section(measure(Site(parser.parse_args().articles))))


def measure(site: Site) -> Measured:
    """Crawl *site* with an outage after a third of it.

    Raises WorkerError where the crawl does not go on, or fails.
    """
    seed = site.seeds()[0]
    expected = len(site.reachable(doc_id_from_url(seed), _DEPTH))
    with TemporaryDirectory() as name, DemoSite(site.articles, site.seed) as demo:
        directory = Path(name)
        database = directory / "mongodb"
        measured = directory / "lags"
        with temporary_server(database) as server:
            worker = start_worker(
                directory,
                "article",
                {"urls": seed, "depth": _DEPTH, "crawl": _CRAWL},
                {
                    "CRAWL_RATE": 0,
                    "SITE_MIRRORS": demo.mirrors,
                    "MONGO_URI": server.uri,  # so it is not the worker's to bring back
                    "ADDONS": '{"benchmarks.loop_lag.LoopLag": 0}',
                    "MEASURED": measured,
                },
            )
            deadline = time.monotonic() + _LONGEST
            try:
                with MongoClient[Document](server.uri) as client:
                    articles = client["netease"]["articles"]
                    while articles.estimated_document_count() < expected / 3:
                        if worker.poll() is not None or time.monotonic() > deadline:
                            raise WorkerError(f"no third of the pages\n{log_end(directory)}")
                        time.sleep(0.1)  # the database tells nobody
                progress("MongoDB is killed")
                killed_at = time.time()
                for lock in (database / SUPERVISOR_LOCK, database / DATA / "mongod.lock"):
                    os.kill(int(lock.read_text()), signal.SIGKILL)
                time.sleep(_OUTAGE)
                server.ensure()
                back_at = time.time()
                progress("MongoDB is back")
                finish(worker, directory, _LONGEST)
            finally:
                worker.kill()
                worker.wait()
            report = asyncio.run(_report(server.uri))
        lags: dict[str, list[float]] = {"before": [], "during": [], "after": []}
        for at, lag in json.loads(measured.read_text()):
            part = "before" if at < killed_at else "during" if at < back_at else "after"
            lags[part].append(lag)
    ended = sum(report.buckets[bucket] for bucket in ("stored", "duplicate", "deleted"))
    return Measured(lags=lags, expected=expected, ended=ended, problem=report.problem)


async def _report(uri: str) -> Report:
    async with open_client(uri) as client:
        return await Reports(client["netease"]).report(_CRAWL)


def _section(measured: Measured) -> str:
    rows = []
    for part, lags in measured.lags.items():
        in_order = sorted(lags)
        often = in_order[len(in_order) * 99 // 100]
        rows.append((part, f"{in_order[-1] * 1000:.0f}", f"{often * 1000:.0f}", str(len(lags))))
    worst = max(measured.lags["during"])
    is_complete = measured.problem is None and measured.ended == measured.expected
    return "\n".join(
        (
            table(("the outage", "longest stall, ms", "99 % within, ms", "looks"), rows),
            "",
            f"mongod is killed for {_OUTAGE} seconds after a third of {measured.expected} pages."
            " A stall is how much later than asked a sleep of 10 ms in the spider's event loop"
            " ends; reading a page and other work on the machine are in it.",
            "",
            f"Goals: no stall of {_GOAL * 1000:.0f} ms during the outage: {worst * 1000:.0f} ms,"
            f" {verdict(worst < _GOAL)}; the crawl ends complete: {measured.ended} of"
            f" {measured.expected} pages, {measured.problem or 'its sums match'},"
            f" {verdict(is_complete)}.",
        )
    )


if __name__ == "__main__":
    main()
