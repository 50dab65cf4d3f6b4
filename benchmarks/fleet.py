"""How much faster a crawl is with more workers at it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pymongo import ASCENDING, DESCENDING, MongoClient

from benchmarks.database import temporary_server
from benchmarks.report import progress, publish, table
from benchmarks.static_site import served
from benchmarks.worker import WorkerError, finish, start_worker
from netease_crawler.demo.process import HOSTS
from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import Document
from netease_crawler.urls import doc_id_from_url

_DEPTH = 30
_FLEETS = (1, 2, 4)  # workers
_LONGEST = 900  # seconds for one crawl

_EPILOG = """example:
  python -m benchmarks.fleet --articles 300 --rounds 1
"""


@dataclass(frozen=True)
class Run:
    """One crawl of the whole site by a fleet."""

    pages: int
    seconds: float
    """From the first page that ended to the last, by the clock of the database."""
    cpu_seconds: float
    """Of all workers' processes, from the first request of each: user and system."""

    @property
    def speed(self) -> float:
        """Pages per second."""
        return self.pages / self.seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fleet",
        description="Crawl a made-up site with one worker and with several, and compare.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=3000, help="of the site (default: 3000)")
    parser.add_argument("--rounds", type=int, default=3, help="of all fleets (default: 3)")
    arguments = parser.parse_args()
    site = Site(arguments.articles)
    with TemporaryDirectory() as directory, served(site, Path(directory)) as server:
        rounds = measure(site, server.origin, Path(directory), arguments.rounds)
    publish("fleet", _section(rounds, server.by))


def measure(site: Site, origin: str, directory: Path, rounds: int) -> list[dict[int, Run]]:
    """Return what each size of fleet needed in each of *rounds*.

    Raises WorkerError where a worker fails, or not every page ended.
    """
    results = []
    with temporary_server(directory / "mongodb") as server:
        for number in range(1, rounds + 1):
            progress(f"round {number} of {rounds}")
            runs = {}
            for workers in _FLEETS:
                database = f"round_{number}_{workers}"
                runs[workers] = _crawl(site, origin, directory, server.uri, database, workers)
                progress(f"{workers} workers: {runs[workers].speed:.0f} pages/s")
            results.append(runs)
    return results


def _crawl(site: Site, origin: str, directory: Path, uri: str, database: str, workers: int) -> Run:
    seed = site.seeds()[0]
    measured = [directory / f"{database}-{number}" for number in range(workers)]
    fleet = [
        start_worker(
            directory,
            "article",
            {"urls": seed, "depth": _DEPTH, "crawl": "fleet"},
            {
                "CRAWL_RATE": 0,
                "SITE_MIRRORS": json.dumps(dict.fromkeys(HOSTS, origin)),
                "MONGO_URI": uri,
                "MONGO_DATABASE": database,
                "ADDONS": '{"benchmarks.stopwatch.Stopwatch": 0}',
                "MEASURED": file,
            },
        )
        for file in measured
    ]
    try:
        for worker in fleet:
            finish(worker, directory, _LONGEST)
    finally:
        for worker in fleet:
            worker.kill()
            worker.wait()
    pages, seconds = _ended(uri, database)
    reachable = len(site.reachable(doc_id_from_url(seed), _DEPTH))
    if pages != reachable:
        raise WorkerError(f"{workers} workers ended {pages} of {reachable} pages")
    cpu = sum(json.loads(file.read_text())["cpu_seconds"] for file in measured if file.exists())
    return Run(pages=pages, seconds=seconds, cpu_seconds=cpu)


def _ended(uri: str, database: str) -> tuple[int, float]:
    """Return how many pages were fetched, and the seconds from the first end to the last."""
    fetched = {"state": {"$in": ["stored", "duplicate", "deleted"]}}
    with MongoClient[Document](uri) as client:
        frontier = client[database]["frontier"]

        def ended_at(direction: int) -> datetime:
            page = frontier.find_one(fetched, sort=[("ended_at", direction)])
            if page is None:
                raise WorkerError("no page was fetched")
            at: datetime = page["ended_at"]
            return at

        pages = frontier.count_documents(fetched)
        return pages, (ended_at(DESCENDING) - ended_at(ASCENDING)).total_seconds()


def _section(rounds: Sequence[dict[int, Run]], server: str) -> str:
    rows = []
    for workers in _FLEETS:
        runs = [results[workers] for results in rounds]
        speeds = sorted(run.speed for run in runs)
        cpu = median(run.cpu_seconds / run.pages for run in runs)
        times = median(results[workers].speed / results[1].speed for results in rounds)
        rows.append(
            (
                str(workers),
                *(f"{speed:.0f}" for speed in (speeds[0], median(speeds), speeds[-1])),
                f"{cpu * 1000:.2f}",
                f"{times:.2f}",
            )
        )
    heads = ("workers", "pages/s, least", "median", "most", "CPU ms per page", "times one")
    return "\n".join(
        (
            table(heads, rows),
            "",
            f"All {rounds[0][1].pages} articles of a made-up site, without a rate limit; rounds of"
            f" the fleets in turn: {len(rounds)}. The last column is the median of the rounds'"
            " ratios. Time runs from the first page that has ended to the last, so the start of"
            " the processes is in it where some begin later; CPU time is that of all workers."
            f" Pages come from {server}. It, mongod and the workers share the {os.cpu_count()}"
            " cores of one machine: with machines of their own, workers do not wait for a core.",
        )
    )


if __name__ == "__main__":
    main()
