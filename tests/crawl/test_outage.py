"""MongoDB goes away in the middle of a crawl: the crawl waits, and loses nothing."""

from __future__ import annotations

import os
import signal
import time

from netease_crawler.storage.server import ensure_server
from tests.crawl.test_crashes import (
    assert_as_undisturbed,
    command,
    mongod_pid,
    wait_for_fetches,
)

OUTAGE = 20  # seconds


def test_crawl_waits_for_mongodb_and_ends_complete(start_crawling, database_name, tmp_path):
    directory = tmp_path / "database"
    with ensure_server(directory, idle_seconds=1) as server:
        # Given by its address, it is not the crawl's to bring back.
        crawling = start_crawling(1000, MONGO_URI=server.uri)
        worker = crawling.project.start(*command(crawling, "outage"))
        wait_for_fetches(crawling, 300, worker)
        supervisor = int((directory / "supervisor.lock").read_text())
        for pid in (supervisor, mongod_pid(directory, besides=set())):
            os.kill(pid, signal.SIGKILL)
        time.sleep(OUTAGE)
        assert worker.poll() is None
        server.ensure()
        assert worker.wait(timeout=120) == 0
        assert_as_undisturbed(crawling, server.uri, database_name, "outage")
    log = (tmp_path / "scrapy.log").read_text()
    assert log.count("MongoDB is away; the crawl waits for it and loses nothing") == 1
    assert log.count("MongoDB is back after") == 1
    assert "Traceback" not in log
