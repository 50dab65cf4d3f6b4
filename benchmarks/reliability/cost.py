"""What it costs to outlive a crash: the same crawl with it and without."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.database import temporary_server
from benchmarks.reliability.stage import reachable
from benchmarks.reliability.subject import DEPTH
from benchmarks.report import progress, table, verdict
from benchmarks.static_site import served
from benchmarks.worker import WorkerError, finish, start_worker
from netease_crawler.demo.process import HOSTS
from netease_crawler.demo.site import Site

_ROUNDS = 5
_GOAL = 0.9  # of the speed without
_LONGEST = 900  # seconds for one crawl
_SAFE, _WRITES, _ALL = "safe", "writes", "all"
_KINDS = {
    _SAFE: "as it is",
    _WRITES: "writes with w=1, j=false",
    _ALL: "these, and a frontier in memory: no leases, pages are not written",
}


class Run(NamedTuple):
    """One crawl of the whole site."""

    speed: float
    """Pages per second, the end of the writing included."""
    cpu: float
    """Seconds per page, of the spider's process: user and system."""


@dataclass(frozen=True)
class Costs:
    """A run of each kind, round by round."""

    rounds: Sequence[dict[str, Run]]
    pages: int
    server: str

    def text(self) -> str:
        rows = []
        for kind, description in _KINDS.items():
            runs = [results[kind] for results in self.rounds]
            speeds = sorted(run.speed for run in runs)
            rows.append(
                (
                    description,
                    *(f"{speed:.0f}" for speed in (speeds[0], median(speeds), speeds[-1])),
                    f"{median(run.cpu for run in runs) * 1000:.2f}",
                    f"{self._ratio(_SAFE, kind):.0%}",
                )
            )
        ratio = self._ratio(_SAFE, _ALL)
        heads = (
            "our crawl",
            "pages/s, least",
            "median",
            "most",
            "CPU ms per page",
            "as it is, of this",
        )
        return "\n".join(
            (
                table(heads, rows),
                "",
                f"One worker, all {self.pages} pages of a made-up site, without a rate limit;"
                f" rounds of the three, in turns: {len(self.rounds)}. The last column is the median"
                " of the rounds' ratios. Spider, pages, pipelines and the batches in which"
                f" articles are written are the same. Pages come from {self.server}, which shares"
                " the cores with mongod and the spider, of whose process alone the CPU time is.",
                "",
                f"Goal: at most {1 - _GOAL:.0%} slower than without: {1 - ratio:.0%},"
                f" {verdict(ratio >= _GOAL)}.",
            )
        )

    def _ratio(self, kind: str, other: str) -> float:
        return median(results[kind].speed / results[other].speed for results in self.rounds)


def cost(articles: int) -> Costs:
    """Crawl a site of so many *articles* with each kind in turn.

    Raises WorkerError where a crawl fails, or is not whole.
    """
    site = Site(articles)
    with (
        TemporaryDirectory() as name,
        served(site, Path(name)) as served_site,
        temporary_server(Path(name) / "mongodb") as server,
    ):
        rounds = []
        for number in range(1, _ROUNDS + 1):
            progress(f"the cost: round {number} of {_ROUNDS}")
            turns = list(_KINDS)
            turns = turns[number % len(turns) :] + turns[: number % len(turns)]
            rounds.append(
                {
                    kind: _run(kind, site, served_site.origin, server.uri, Path(name), number)
                    for kind in turns
                }
            )
    return Costs(rounds=rounds, pages=len(reachable(site)), server=served_site.by)


def _run(kind: str, site: Site, origin: str, uri: str, directory: Path, number: int) -> Run:
    measured = directory / "measured"
    addons = {"benchmarks.stopwatch.Stopwatch": 0}
    if kind != _SAFE:
        addons["benchmarks.reliability.unsafe.Unsafe"] = 0
    worker = start_worker(
        directory,
        "article",
        {"urls": site.seeds()[0], "depth": DEPTH},
        {
            "CRAWL_RATE": 0,
            "SITE_MIRRORS": json.dumps(dict.fromkeys(HOSTS, origin)),
            "MONGO_URI": uri,
            "MONGO_DATABASE": f"{kind}_{number}",
            "ADDONS": json.dumps(addons),
            "UNSAFE": kind,
            "MEASURED": measured,
        },
    )
    finish(worker, directory, _LONGEST)
    result = json.loads(measured.read_text())
    expected = len(reachable(site)) + 1  # robots.txt
    if result["pages"] != expected:
        raise WorkerError(f"{kind} fetched {result['pages']} of {expected} pages")
    run = Run(result["pages"] / result["seconds"], result["cpu_seconds"] / result["pages"])
    progress(f"{_KINDS[kind]}: {run.speed:.0f} pages/s")
    return run
