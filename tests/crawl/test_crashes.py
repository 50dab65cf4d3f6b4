"""A crawl that is killed again and again ends as one that was left alone."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from netease_crawler.storage.server import ensure_server
from netease_crawler.urls import doc_id_from_url
from tests.crawl.conftest import Crawling
from tests.crawl.truth import (
    expected_articles,
    expected_buckets,
    fetches,
    report,
    stored_articles,
)

ARTICLES = 1000
KILLS = 10


def command(crawling: Crawling, crawl: str) -> tuple[str, ...]:
    return (
        *("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=20"),
        *("-a", f"crawl={crawl}"),
    )


def wait_for_fetches(crawling: Crawling, count: int, worker: subprocess.Popen[str]) -> None:
    """Return when the site was asked *count* times for articles, or *worker* has ended."""
    deadline = time.monotonic() + 120
    while fetches(crawling.access_log).by_path.total() < count and worker.poll() is None:
        assert time.monotonic() < deadline, "the crawl does not go on"
        time.sleep(0.02)


def interrupt_again_and_again(
    crawling: Crawling, interrupt: Callable[[subprocess.Popen[str]], object], crawl: str
) -> int:
    """Crawl to the end, calling *interrupt* at random moments; return how often it was.

    A worker that ends by it is started anew.
    """
    moments = sorted(random.Random(163).sample(range(1, ARTICLES - 20), KILLS))
    interruptions = 0
    worker = crawling.project.start(*command(crawling, crawl))
    for moment in moments:
        wait_for_fetches(crawling, moment, worker)
        if worker.poll() is not None:
            break
        interrupt(worker)
        interruptions += 1
        if worker.poll() is not None:
            worker = crawling.project.start(*command(crawling, crawl))
    assert worker.wait(timeout=240) == 0
    return interruptions


def assert_as_undisturbed(crawling: Crawling, uri: str, database: str, crawl: str) -> None:
    everything = crawling.site.reachable(doc_id_from_url(crawling.seed), 20)
    assert len(everything) == ARTICLES
    assert stored_articles(uri, database) == expected_articles(crawling.site, everything)
    found = report(uri, database, crawl)
    assert found.problem is None
    ended = {name: pages for name, pages in found.buckets.items() if pages and name != "filtered"}
    assert ended == expected_buckets(crawling.site, everything)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_spider_killed_at_random_moments(start_crawling, mongo_uri, database_name, sign):
    crawling = start_crawling(ARTICLES)

    def kill(worker: subprocess.Popen[str]) -> None:
        worker.send_signal(sign)
        worker.wait(timeout=60)

    kills = interrupt_again_and_again(crawling, kill, "killed")
    assert kills == KILLS
    assert_as_undisturbed(crawling, mongo_uri, database_name, "killed")
    # In flight and not yet durable at a kill: fewer than 5 % of the pages.
    assert fetches(crawling.access_log).repeated < kills * 0.05 * ARTICLES


def test_one_of_three_workers_killed(start_crawling, mongo_uri, database_name):
    crawling = start_crawling(ARTICLES)
    workers = [crawling.project.start(*command(crawling, "fleet")) for _ in range(3)]
    wait_for_fetches(crawling, ARTICLES // 3, workers[0])
    workers[0].kill()
    workers[0].wait()
    # The others go on at once with what was not leased, and with the rest when the leases of
    # the dead worker run out, or when somebody joins on its machine.
    late = crawling.project.start(*command(crawling, "fleet"))
    assert [worker.wait(timeout=240) for worker in (*workers[1:], late)] == [0, 0, 0]
    assert_as_undisturbed(crawling, mongo_uri, database_name, "fleet")


def test_embedded_mongod_killed_and_brought_back(start_crawling, tmp_path):
    crawling = start_crawling(ARTICLES, embedded=True)
    pids: set[int] = set()

    def kill_mongod(worker: subprocess.Popen[str]) -> None:
        pid = mongod_pid(tmp_path / ".netease", besides=pids)
        pids.add(pid)
        subprocess.run(["kill", "-9", str(pid)], check=True)

    interruptions = interrupt_again_and_again(crawling, kill_mongod, "database-killed")
    assert interruptions == len(pids) >= KILLS - 2
    with ensure_server(tmp_path / ".netease") as server:
        assert_as_undisturbed(crawling, server.uri, "netease", "database-killed")


def mongod_pid(directory: Path, besides: set[int]) -> int:
    """Return the process id of the mongod of *directory*, once it is not one of *besides*."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        held = re.match(r"\d+", (directory / "data" / "mongod.lock").read_text())
        if held and int(held[0]) not in besides:
            return int(held[0])
        time.sleep(0.02)
    raise AssertionError("mongod does not come back")
