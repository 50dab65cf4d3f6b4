"""``scrapy report --politeness``: how a crawl behaved towards each host."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from netease_crawler.ledger.crawls import Crawls
from netease_crawler.storage.connection import Database

BEGAN = datetime(2025, 3, 4, 8, tzinfo=timezone.utc)
Record = Callable[..., None]


@pytest.fixture
def record(in_database) -> Record:
    """Keeps the crawl ``c`` with a record: of each worker and host the seconds and counts."""

    def keep(*behaved: tuple[str, str, list[float], dict[str, Any]], rate: float = 1.0) -> None:
        documents = [
            {
                "_id": f"c/{worker}/{number}",
                "crawl": "c",
                "worker": worker,
                "rate": rate,
                "host": host,
                "precision": 2,
                "at": BEGAN + timedelta(seconds=seconds[0] if seconds else 0),
                "sent": [round((at - seconds[0]) * 1000) for at in seconds],
                "counts": counts,
                "is_last": worker != "killed",
            }
            for number, (worker, host, seconds, counts) in enumerate(behaved)
        ]

        async def scenario(database: Database) -> None:
            await Crawls(database).join("c", "article", {"urls": "A"}, "w:1:a")
            if documents:
                await database["conduct"].insert_many(documents)

        in_database(scenario)

    return keep


def test_polite_crawl(project, record):
    told = {
        "robots_txt/200": 2,
        "robots_txt/DownloadTimeoutError": 1,
        "allowed": 4,
        "forbidden": 3,
        "unreachable": 1,
        "asked": 3,
        "waited": 2,
        "ended": 1,
        "refusals": 12,
        "pauses": 2,
        "paused_seconds": 180.0,
    }
    record(
        ("one", "www.163.com", [0, 2, 4, 6], told),
        ("killed", "www.163.com", [1, 3, 3601], {"robots_txt/200": 1, "allowed": 2}),
        ("one", "dy.163.com", [1.5], {"unchecked": 1}),
    )
    result = project.run("report", "c", "--politeness")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "Crawl c: how it behaved",
        "",
        "  www.163.com",
        "         7  requests, 2025-03-04 08:00:00 to 2025-03-04 09:00:01 UTC",
        "         1  at most in any 1 s: 1.00 requests/s",
        "         6  at most in any 10 s: 0.60 requests/s",
        "         6  at most in any 60 s: 0.10 requests/s",
        "         6  at most in any 3600 s: 0.00 requests/s",
        "         4  answers for robots.txt: 200 3×, DownloadTimeoutError 1×",
        "         6  requests that robots.txt allowed",
        "         3  that it forbade: not sent",
        "         1  while it could not be had: not sent",
        "         3  answers with Retry-After",
        "         2  waited for",
        "         1  not asked again in that run",
        "        12  refusals",
        "         2  pauses, 180 s in all",
        "",
        "  dy.163.com",
        "         1  requests, 2025-03-04 08:00:01 to 2025-03-04 08:00:01 UTC",
        "         1  at most in any 1 s: 1.00 requests/s",
        "         1  at most in any 10 s: 0.10 requests/s",
        "         1  at most in any 60 s: 0.02 requests/s",
        "         1  at most in any 3600 s: 0.00 requests/s",
        "         1  sent without asking it",
        "",
        "  Killed, or at work: 1 of 2 workers; what they did in their last 10 s is not shown.",
        "",
        "  The rate of 1 requests/s was kept in every window (tolerance: one request for each"
        " worker, and those of 0.254 s).",
    ]


def test_rate_that_was_exceeded(project, record):
    record(("one", "www.163.com", [0, 1, 2, 2.1, 2.2, 2.3], {}))
    result = project.run("report", "--politeness", "--window", "1", "--window", "0.25")
    assert result.returncode == 1
    assert result.stdout.splitlines()[3:] == [
        "         6  requests, 2025-03-04 08:00:00 to 2025-03-04 08:00:02 UTC",
        "         4  at most in any 1 s: 4.00 requests/s",
        "         3  at most in any 0.25 s: 12.00 requests/s",
        "",
        "  PROBLEM: www.163.com had 4 requests in the 1 s from 2025-03-04 08:00:02.000 UTC on; 2"
        " may be, at 1 a second, workers: 1",
    ]


def test_json_has_all_numbers(project, record):
    record(
        ("one", "www.163.com", [0, 0.5, 1], {"robots_txt/404": 1, "allowed": 2, "unchecked": 0}),
        rate=0.25,
    )
    result = project.run("report", "--politeness", "--json", "--window", "2")
    assert result.returncode == 1
    line = (
        "3 requests in the 2 s from 2025-03-04 08:00:00.000 UTC on; 1 may be, at 0.25 a second,"
        " workers: 1"
    )
    assert json.loads(result.stdout) == {
        "crawl": "c",
        "rates": [0.25],
        "workers": 1,
        "unfinished": 0,
        "tolerance": 0.254,
        "hosts": [
            {
                "host": "www.163.com",
                "requests": 3,
                "first_at": "2025-03-04T08:00:00+00:00",
                "last_at": "2025-03-04T08:00:01+00:00",
                "busiest": [{"seconds": 2.0, "requests": 3, "per_second": 1.5}],
                "excesses": [
                    {
                        "seconds": 2.0,
                        "began_at": "2025-03-04T08:00:00+00:00",
                        "requests": 3,
                        "allowed": 1,
                        "rate": 0.25,
                        "workers": 1,
                    }
                ],
                "robots_txt": {"404": 1},
                "allowed": 2,
                "forbidden": 0,
                "unreachable": 0,
                "unchecked": 0,
                "asked": 0,
                "waited": 0,
                "broken": 0,
                "ended": 0,
                "refusals": 0,
                "pauses": 0,
                "paused_seconds": 0,
            }
        ],
        "problem": f"www.163.com had {line}",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent", "--politeness"], "no crawl 'absent'; `scrapy crawls` shows them"),
        (["--politeness", "--coverage"], "--coverage and --politeness: one at a time"),
        (["--politeness", "--window", "0"], "--window: seconds, 0.001 or more, not '0'"),
    ],
)
def test_bad_input(project, arguments, message):
    result = project.run("report", *arguments)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"Error: {message}\n")
