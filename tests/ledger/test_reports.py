"""Reports add up, and find what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netease_crawler.ledger.page import Bucket, End
from netease_crawler.ledger.reports import Report, Reports
from netease_crawler.storage.connection import Database
from tests.ledger.test_crawls import ARGUMENTS, PAGES, begin, end_all


def without_times(report: Report) -> Report:
    return replace(report, started_at=None, ended_at=None)


def test_report_of_a_finished_crawl(in_database):
    async def scenario(database: Database) -> Report:
        crawls, frontier = await begin(database)
        await frontier.lease("other:1:a", 64)
        await database["articles"].insert_one({"_id": "X"})
        await frontier.end(
            [
                End(page=PAGES[0], bucket=Bucket.STORED, doc_id="X"),
                End(page=PAGES[1], bucket=Bucket.DELETED, reason="HTTP 404"),
                End(page=PAGES[2], bucket=Bucket.FAILED, reason="DownloadTimeoutError: 30 s"),
            ]
        )
        await crawls.leave("c", "other:1:a")
        return await Reports(database).report("c")

    report = in_database(scenario)
    assert without_times(report) == Report(
        crawl="c",
        spider="article",
        arguments=ARGUMENTS,
        outcome="finished",
        started_at=None,
        ended_at=None,
        workers=0,
        buckets=dict.fromkeys((bucket.value for bucket in Bucket), 0)
        | {"stored": 1, "deleted": 1, "failed": 1},
        pending=0,
        leased=0,
        missing=0,
        reasons={"deleted: HTTP 404": 1, "failed: DownloadTimeoutError": 1},
    )
    assert (report.discovered, report.problem) == (3, None)


@pytest.mark.parametrize("bucket", [Bucket.STORED, Bucket.REJECTED])
def test_report_finds_what_a_bucket_promises_but_the_archive_lacks(in_database, bucket):
    async def scenario(database: Database) -> Report:
        crawls, frontier = await begin(database)
        await end_all(frontier, bucket)
        await crawls.leave("c", "other:1:a")
        return await Reports(database).report("c")

    report = in_database(scenario)
    assert (report.missing, report.problem) == (
        3,
        "3 pages ended as stored or rejected, but are not there",
    )


def test_report_of_a_crawl_that_was_killed(in_database):
    async def scenario(database: Database) -> Report:
        _, frontier = await begin(database)
        await frontier.lease("other:1:a", 1)
        return await Reports(database).report("c")

    report = in_database(scenario)
    assert (report.outcome, report.pending, report.leased, report.workers) == (None, 2, 1, 1)
    assert report.problem == "3 pages are not done yet"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"outcome": "empty", "buckets": {"failed": 8, "banned": 2}},
            "nothing to store was found in 10 pages (mostly: failed: RobotsUnreachableError)",
        ),
        (
            {"outcome": "empty", "buckets": {"filtered": 2}, "reasons": {}},
            "nothing to store was found in 2 pages",
        ),
        (
            {
                "outcome": "incomplete",
                "buckets": {"stored": 8, "deleted": 20, "failed": 2, "banned": 10},
                "reasons": {"deleted: HTTP 404": 20, "banned: HTTP 403": 10, "failed: HTTP 500": 2},
            },
            "12 of 40 pages were banned or failed (mostly: banned: HTTP 403)",
        ),
        (
            {"outcome": "interrupted", "buckets": {"failed": 3, "stored": 9}, "pending": 5},
            "5 pages are not done yet, 3 were banned or failed"
            " (mostly: failed: RobotsUnreachableError)",
        ),
        (
            {"outcome": "interrupted", "buckets": {}, "reasons": {}},
            "it was interrupted before all its seeds were noted",
        ),
        ({"outcome": None, "buckets": {"stored": 3}, "workers": 0}, "it was killed"),
        ({"outcome": None, "buckets": {"stored": 3}, "workers": 2}, "it has not ended"),
        ({"outcome": "finished", "buckets": {"stored": 3, "failed": 3}}, None),
    ],
)
def test_problem_is_a_line_that_says_why(changes, problem):
    report = Report(
        **{
            "crawl": "c",
            "spider": "article",
            "arguments": ARGUMENTS,
            "started_at": None,
            "ended_at": None,
            "workers": 0,
            "pending": 0,
            "leased": 0,
            "missing": 0,
            "reasons": {"failed: RobotsUnreachableError": 8, "banned: HTTP 403": 2},
            **changes,
            "buckets": dict.fromkeys((bucket.value for bucket in Bucket), 0) | changes["buckets"],
        }
    )
    assert report.problem == problem
