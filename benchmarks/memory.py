"""Whether the crawl's memory grows with the number of addresses it has discovered."""

from __future__ import annotations

import argparse
import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pymongo import MongoClient
from pymongo.collection import Collection

from benchmarks.database import temporary_server
from benchmarks.report import progress, publish, table, verdict
from benchmarks.worker import WorkerError, log_end, start_worker
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import Document

_MARKS = (2_000, 50_000)  # discovered addresses
_GOAL = 0.2  # growth from the first mark to the second
_PAUSE = 0.5  # seconds between two samples
_SAMPLES = 20  # after each mark
_LONGEST = 1800  # seconds

_EPILOG = """example:
  python -m benchmarks.memory
"""


def main() -> None:
    argparse.ArgumentParser(
        prog="python -m benchmarks.memory",
        description=f"Crawl a made-up site until {_MARKS[-1]} addresses are discovered.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    publish("memory", _section(measure(Site(articles=100_000))))


def measure(site: Site) -> dict[int, float]:
    """Return the resident bytes of a spider's process when so many addresses were discovered.

    Raises WorkerError where the crawl ends or takes too long before.
    """
    with (
        TemporaryDirectory() as name,
        temporary_server(Path(name) / "mongodb") as server,
        DemoSite(site.articles, site.seed) as demo,
        MongoClient[Document](server.uri) as client,
    ):
        directory = Path(name)
        worker = start_worker(
            directory,
            "article",
            {"urls": site.seeds()[0], "depth": 30},
            {"CRAWL_RATE": 0, "SITE_MIRRORS": demo.mirrors, "MONGO_URI": server.uri},
        )
        try:
            return _resident_at_marks(worker, directory, client["netease"]["frontier"])
        finally:
            worker.terminate()
            try:
                worker.wait(60)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def _resident_at_marks(
    worker: subprocess.Popen[bytes], directory: Path, frontier: Collection[Document]
) -> dict[int, float]:
    """Return for each mark the median of the samples that follow it."""
    deadline = time.monotonic() + _LONGEST
    samples: dict[int, list[int]] = {mark: [] for mark in _MARKS}
    while len(samples[_MARKS[-1]]) < _SAMPLES:
        if worker.poll() is not None or time.monotonic() > deadline:
            raise WorkerError(f"{_MARKS[-1]} addresses were not reached\n{log_end(directory)}")
        discovered = frontier.estimated_document_count()
        for mark in _MARKS:
            if discovered >= mark and len(samples[mark]) < _SAMPLES:
                samples[mark].append(_resident(worker.pid))
                progress(f"{discovered} addresses, {samples[mark][-1] / 1e6:.1f} MB")
        time.sleep(_PAUSE)  # a sample now and then
    return {mark: median(samples[mark]) for mark in _MARKS}


def _resident(pid: int) -> int:
    """Return the resident set of the process *pid* in bytes."""
    # VmRSS:     81234 kB
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def _section(resident: Mapping[int, float]) -> str:
    first, last = (resident[mark] for mark in _MARKS)
    growth = last / first - 1
    rows = [(f"{mark:,}", f"{resident[mark] / 1e6:.0f}") for mark in _MARKS]
    return "\n".join(
        (
            table(("addresses discovered", "MB resident"), rows),
            "",
            "One worker at a made-up site of 100,000 articles, without a rate limit; its process"
            f" alone, the median of {_SAMPLES} samples in the {_SAMPLES * _PAUSE:.0f} seconds"
            " after each mark.",
            "",
            f"Goal: within {_GOAL:.0%}: {growth:+.0%}, {verdict(growth <= _GOAL)}.",
        )
    )


if __name__ == "__main__":
    main()
