"""What may happen to a crawl, in the order of the table, and how one of it is played."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pymongo.errors import PyMongoError

from benchmarks.reliability import kills, machines, outages
from benchmarks.reliability.errors import TimeLimitError
from benchmarks.reliability.mongod import Mongod, on_small_disk
from benchmarks.reliability.ours import Ours
from benchmarks.reliability.outcome import Outcome, outcome
from benchmarks.reliability.stage import Database, Stage, staged
from benchmarks.reliability.subject import Factory
from netease_crawler.demo.site import Site
from netease_crawler.storage.server import ServerError
from tests.replica_set import ReplicaSet


@dataclass(frozen=True)
class Scenario:
    """Something that happens to a crawl."""

    name: str
    act: Callable[[Stage, int], str]
    """Crawls to the end while it happens, so many times; returns what was done."""
    is_killing: bool = False
    """Whether ``--kills`` says how often it happens, on all ``--articles``."""
    is_for_all: bool = False
    """Whether other subjects than ours play it."""
    is_outage: bool = False
    """Whether the stalls of the event loop are of interest."""
    place: Callable[[Path], AbstractContextManager[Database]] = Mongod
    limit: float = 900
    """Seconds for everything."""


SCENARIOS = (
    Scenario(
        "kill -9 of the spider", kills.kill_spider, is_killing=True, is_for_all=True, limit=3600
    ),
    Scenario("kill -9 of three workers at once", kills.kill_fleet, is_killing=True, limit=3600),
    Scenario("kill -9 of workers and of mongod", kills.kill_anything, is_killing=True, limit=3600),
    Scenario("SIGTERM", kills.terminate, is_for_all=True),
    Scenario("ctrl-C once", kills.interrupt),
    Scenario("ctrl-C twice", kills.interrupt_twice, is_for_all=True),
    Scenario("MongoDB away for 5 s", outages.away_for(5), is_for_all=True, is_outage=True),
    Scenario("MongoDB away for 60 s", outages.away_for(60), is_outage=True),
    Scenario("MongoDB away at the start", outages.away_at_start, is_outage=True),
    Scenario("MongoDB away at the close", outages.away_at_close, is_outage=True),
    Scenario("MongoDB flapping", outages.flapping, is_outage=True),
    Scenario(
        "kill -9 of a primary of three nodes",
        outages.primary_killed,
        is_outage=True,
        place=ReplicaSet,
    ),
    Scenario("MongoDB's disk full", outages.disk_full, is_outage=True, place=on_small_disk),
    Scenario("a worker sleeps past its leases", machines.asleep),
    Scenario("two clocks off by 10 minutes", machines.clocks_off),
)


def play(scenario: Scenario, create: Factory, articles: int, times: int) -> Outcome:
    """Let *scenario* happen *times* times to a crawl of a site of so many *articles*.

    Raises NotPossibleError where this machine does not let it.
    """
    site = Site(articles)
    with (
        TemporaryDirectory() as name,
        scenario.place(Path(name) / "mongodb") as database,
        staged(create, site, database, Path(name), scenario.limit) as stage,
    ):
        began = time.monotonic()
        failure = None
        try:
            happened = scenario.act(stage, times)
        except (TimeLimitError, ServerError, PyMongoError, AssertionError) as error:
            failure = happened = str(error)
        seconds = time.monotonic() - began
        stage.disband()
        if isinstance(database, Mongod):
            database.bring_back()
        result = outcome(stage, site, happened, seconds)
        if failure is not None:
            result = replace(result, is_right=False)
        if scenario.is_outage and isinstance(stage.subject, Ours):
            result = replace(result, stall=stage.subject.longest_stall())
        return result
