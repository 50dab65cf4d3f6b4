"""Several workers at one crawl, on a replica set whose nodes die too; what the site sees."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from netease_crawler.storage import connection
from netease_crawler.storage.connection import StorageUnavailableError, open_client
from netease_crawler.storage.opening import open_storage
from tests.crawl.conftest import Crawling
from tests.crawl.test_conduct import conduct, seen
from tests.crawl.test_crashes import ARTICLES, assert_as_undisturbed, command
from tests.crawl.truth import fetches
from tests.replica_set import ReplicaSet

WORKERS = 4
RATE = 20  # requests per second
JITTER = 0.25  # seconds
PAGES = [240]
if os.environ.get("NETEASE_NIGHTLY"):  # for longer than a minute
    PAGES += [1500]


@pytest.fixture
def replica_set(tmp_path: Path) -> Iterator[ReplicaSet]:
    with ReplicaSet(tmp_path / "replica-set") as nodes:
        yield nodes


@pytest.fixture
def chance() -> random.Random:
    """Draws what happens when; its seed is in the output of a test that fails."""
    seed = random.randrange(1_000_000)
    print(f"seed: {seed}")
    return random.Random(seed)


class Fleet:
    """The workers of one crawl, each with a log of its own."""

    def __init__(self, crawling: Crawling, directory: Path) -> None:
        self._crawling = crawling
        self._directory = directory
        self._command = command(crawling, "fleet")
        self.workers: list[subprocess.Popen[str]] = []

    def join(self) -> subprocess.Popen[str]:
        """Start one more worker."""
        log = self._log(len(self.workers))
        worker = self._crawling.project.start(*self._command, "-s", f"LOG_FILE={log}")
        self.workers.append(worker)
        return worker

    def wait_until_joined(self) -> None:
        """Return when every worker is at the crawl."""
        _wait_for(lambda: all(" begins; " in self.log(worker) for worker in self.workers))

    def wait_for_fetches(self, count: int) -> None:
        """Return when the site was asked *count* times for articles."""
        log = self._crawling.access_log
        _wait_for(lambda: fetches(log).by_path.total() >= count)

    def disband(self) -> None:
        """Let no worker outlive the test."""
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def log(self, worker: subprocess.Popen[str]) -> str:
        """Return what *worker* has logged so far."""
        log = self._log(self.workers.index(worker))
        return log.read_text() if log.exists() else ""

    def _log(self, number: int) -> Path:
        return self._directory / f"worker{number}.log"


StartFleet = Callable[[Crawling], Fleet]


@pytest.fixture
def fleet_of(tmp_path: Path) -> Iterator[StartFleet]:
    """Returns a fleet, of no worker yet, for a crawling."""
    with ExitStack() as stack:

        def create(crawling: Crawling) -> Fleet:
            fleet = Fleet(crawling, tmp_path)
            stack.callback(fleet.disband)
            return fleet

        yield create


def _wait_for(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not claim():
        assert time.monotonic() < deadline, "the crawl does not go on"
        time.sleep(0.05)


def let_happen(fleet: Fleet, events: Iterable[Callable[[], object]], moments: list[int]) -> None:
    """Call each of *events* when the site was asked as often as the next of *moments* says."""
    for moment, event in zip(sorted(moments), events, strict=True):
        fleet.wait_for_fetches(moment)
        print(f"{event.__name__} after {moment} fetches")
        event()


def test_workers_and_primary_killed(start_crawling, fleet_of, replica_set, database_name, chance):
    crawling = start_crawling(ARTICLES, MONGO_URI=replica_set.uri)
    fleet = fleet_of(crawling)
    killed, stopped, *lasting = [fleet.join() for _ in range(WORKERS)]
    down: list[int] = []

    def kill_worker() -> None:
        killed.kill()
        killed.wait()

    def kill_primary() -> None:
        down.append(replica_set.kill_primary())

    def restart_node() -> None:
        replica_set.start(down[0])

    events: list[Callable[[], object]] = [kill_worker, stopped.terminate, kill_primary]
    chance.shuffle(events)
    fleet.wait_until_joined()
    events += [restart_node, fleet.join]
    let_happen(fleet, events, chance.sample(range(100, ARTICLES // 2), len(events)))
    late = fleet.workers[-1]
    assert [worker.wait(timeout=120) for worker in (*lasting, late)] == [0, 0, 0], fleet.log(late)
    # It left in order, while the crawl was not finished.
    assert stopped.wait(timeout=60) == 1
    assert_as_undisturbed(crawling, replica_set.uri, database_name, "fleet")
    assert_nothing_twice(replica_set.uri, database_name)
    report = crawling.project.run("report", "fleet")
    assert (report.returncode, report.stderr) == (0, "")
    for worker in lasting:
        warnings = re.findall(r"WARNING: (MongoDB is .*)", fleet.log(worker))
        assert [re.sub(r"\(.*\)|\d+", "#", warning) for warning in warnings] == [
            "MongoDB is away; the crawl waits for it and loses nothing #",
            "MongoDB is back after # s; the crawl goes on",
        ]
    assert not any("Traceback" in fleet.log(worker) for worker in fleet.workers)


def test_a_start_waits_for_an_election(replica_set, database_name, monkeypatch):
    async def start() -> None:
        async with await open_storage(replica_set.uri, database_name):
            pass

    replica_set.kill_primary()
    asyncio.run(start())
    replica_set.kill_primary()  # one of three is no majority
    monkeypatch.setattr(connection, "_LONGEST_ELECTION", 6)
    says = r"^MongoDB at .* elects no primary: start more of its members$"
    with pytest.raises(StorageUnavailableError, match=says):
        asyncio.run(start())


def assert_nothing_twice(uri: str, database_name: str) -> None:
    """Each article is written as one, each edge counted once, each page known once."""

    async def look() -> tuple[int, int, int]:
        async with open_client(uri) as client:
            database = client[database_name]
            return (
                await database["revisions"].count_documents({}),
                await database["recommendations"].count_documents({"times_seen": {"$ne": 1}}),
                len(await database["frontier"].distinct("key"))
                - await database["frontier"].count_documents({}),
            )

    assert asyncio.run(look()) == (0, 0, 0)


def busiest(crawling: Crawling, seconds: float) -> int:
    """Return how many requests the site had in the *seconds* in which it had most."""
    times = sorted(line["t"] for line in seen(crawling))
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def assert_polite(crawling: Crawling, workers: int) -> None:
    """At most RATE requests a second, robots.txt and all, were there in any window.

    Besides: one for each worker, as each keeps its own distance between requests, and all
    may have one at the window's edge. And what comes in JITTER: the site notes when it has
    answered, which is so much later for one request than for another on a busy machine.
    """
    besides = workers + RATE * JITTER
    for seconds in (1, 10, 60):
        assert busiest(crawling, seconds) <= seconds * RATE + besides


def assert_record_is_true(crawling: Crawling) -> None:
    """What the workers noted of their conduct is what the site saw."""
    told = conduct(crawling, 1, 10, 60)
    assert (told["rates"], told["unfinished"]) == ([RATE], 0)
    [host] = told["hosts"]
    requests = Counter((line["host"], line["path"] == "/robots.txt") for line in seen(crawling))
    assert requests == {
        (host["host"], True): host["robots_txt"]["200"],
        (host["host"], False): host["allowed"],
    }
    assert host["requests"] == requests.total()
    for window in host["busiest"]:
        difference = abs(window["requests"] - busiest(crawling, window["seconds"]))
        assert difference <= 1 + RATE * JITTER


@pytest.mark.parametrize("articles", PAGES)
def test_rate_is_kept_in_every_window(start_crawling, fleet_of, articles):
    crawling = start_crawling(articles, CRAWL_RATE=RATE, CONTACT="mail@example.org")
    fleet = fleet_of(crawling)
    for _ in range(WORKERS):
        fleet.join()
    codes = [worker.wait(timeout=240) for worker in fleet.workers]
    assert codes == [0] * WORKERS
    assert_polite(crawling, WORKERS)
    assert_record_is_true(crawling)


def test_rate_is_kept_while_workers_join_and_leave(start_crawling, fleet_of, chance):
    crawling = start_crawling(500, CRAWL_RATE=RATE, CONTACT="mail@example.org")
    fleet = fleet_of(crawling)
    fleet.join()

    def kill_second() -> None:
        fleet.wait_until_joined()
        fleet.workers[1].kill()
        fleet.workers[1].wait()

    def stop_third() -> None:
        fleet.wait_until_joined()
        fleet.workers[2].terminate()

    departures: list[Callable[[], object]] = [kill_second, stop_third]
    chance.shuffle(departures)
    events = [fleet.join, fleet.join, *departures, fleet.join]
    let_happen(fleet, events, chance.sample(range(50, 400), len(events)))
    codes = [worker.wait(timeout=120) for worker in fleet.workers]
    assert codes == [0, -signal.SIGKILL, 1, 0]
    assert_polite(crawling, WORKERS)
    assert conduct(crawling)["rates"] == [RATE]
