"""The site is asked as often as CRAWL_RATE says, by all workers together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RATE = 5  # requests per second
PAGES = 30


def request_times(access_log: Path) -> list[float]:
    lines = access_log.read_text().splitlines()
    return [entry["t"] for line in lines if (entry := json.loads(line))["path"] != "/robots.txt"]


@pytest.mark.parametrize("workers", [1, 2])
def test_rate_is_kept_by_all_workers_together(start_crawling, workers):
    crawling = start_crawling(PAGES, CRAWL_RATE=RATE, CONTACT="mail@example.org")
    seeds = ",".join(crawling.site.doc_id(index) for index in range(PAGES))
    command = ("crawl", "article", "-a", f"urls={seeds}", "-a", "depth=0", "-a", "crawl=polite")
    running = [crawling.project.start(*command) for _ in range(workers)]
    assert [worker.wait(timeout=120) for worker in running] == [0] * workers
    times = sorted(request_times(crawling.access_log))
    assert len(times) == PAGES
    # A worker that starts while the other does not know of it yet adds two seconds' worth.
    allowed_early = 0 if workers == 1 else 2 * RATE
    assert times[-1] - times[0] >= (PAGES - 1 - allowed_early) / RATE * 0.95


def test_user_agent_gives_the_contact(start_crawling, tmp_path):
    crawling = start_crawling(3, CONTACT="mail@example.org")
    result = crawling.project.run("crawl", "article", "-a", f"urls={crawling.seed}")
    assert "(+mail@example.org)" in result.stderr
