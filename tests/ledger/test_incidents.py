"""What people are to be told of a crawl that has ended."""

from __future__ import annotations

import pytest

from netease_crawler.drift import Fall
from netease_crawler.incident import Incident, Kind
from netease_crawler.ledger.alerts import raise_alert
from netease_crawler.ledger.incidents import incidents_at_end
from netease_crawler.ledger.page import Bucket, End
from netease_crawler.storage.connection import Database
from tests.ledger.test_crawls import ARGUMENTS, PAGES, begin

Ends = list[tuple[Bucket, "str | None"]]
URLS = [page.url for page in PAGES]


def at_end(in_database, ends: Ends, fall: Fall | None = None) -> list[Incident]:
    """Return what is to be told when the first pages have ended so, and the worker leaves."""

    async def scenario(database: Database) -> list[Incident]:
        crawls, frontier = await begin(database)
        await frontier.lease("other:1:a", 64)
        await frontier.end(
            [
                End(page=page, bucket=bucket, reason=reason)
                for page, (bucket, reason) in zip(PAGES, ends, strict=False)
            ]
        )
        if fall is not None:
            await raise_alert(database, "c", fall)
        await crawls.leave("c", "other:1:a")
        return await incidents_at_end(database, "c")

    found: list[Incident] = in_database(scenario)
    return found


BANNED, FAILED = (Bucket.BANNED, "HTTP 403"), (Bucket.FAILED, "DownloadTimeoutError: 30 s")
STORED: tuple[Bucket, None] = (Bucket.STORED, None)


@pytest.mark.parametrize(
    ("ends", "what", "reason", "examples"),
    [
        (
            [BANNED, BANNED, STORED],
            "incomplete: banned: HTTP 403",
            "incomplete: 2 of 3 pages were banned or failed (mostly: banned: HTTP 403)",
            ["banned: HTTP 403", "banned: HTTP 403", None],
        ),
        (
            [(Bucket.DELETED, "HTTP 404"), (Bucket.REJECTED, "NotAnArticleError: x"), FAILED],
            "empty: deleted: HTTP 404",
            "empty: nothing to store was found in 3 pages (mostly: deleted: HTTP 404)",
            ["deleted: HTTP 404", "rejected: NotAnArticleError: x", f"failed: {FAILED[1]}"],
        ),
        (
            [STORED, FAILED],
            "interrupted: failed: DownloadTimeoutError",
            "interrupted: 1 pages are not done yet, 1 were banned or failed"
            " (mostly: failed: DownloadTimeoutError)",
            [None, f"failed: {FAILED[1]}", "pending"],
        ),
        (
            [STORED, STORED],
            "interrupted: None",
            "interrupted: 1 pages are not done yet",
            [None, None, "pending"],
        ),
    ],
)
def test_end_that_is_none(in_database, ends, what, reason, examples):
    [incident] = at_end(in_database, ends)
    assert (incident.kind, incident.what, incident.reason) == (Kind.ENDED, what, reason)
    assert sorted(incident.examples) == [
        (url, why) for url, why in zip(URLS, examples, strict=True) if why
    ]


def test_what_was_banned_or_failed_is_shown_first(in_database):
    [incident] = at_end(in_database, [STORED, BANNED])
    assert incident.examples == ((URLS[1], "banned: HTTP 403"), (URLS[2], "pending"))


def test_nothing_of_a_finished_crawl(in_database):
    assert at_end(in_database, [STORED, STORED, BANNED]) == []


def test_drift_is_told_by_layout_and_field(in_database):
    fall = Fall(layout="ep", field="source", usual=0.999, seen=0.0, asked=4, pages=tuple(URLS))
    assert at_end(in_database, [STORED] * 3, fall) == [
        Incident(
            kind=Kind.DRIFT,
            what="ep/source",
            reason="ep shows source on 0% of 4 pages, usually on 99.9%",
            examples=tuple((url, "without source") for url in URLS),
        )
    ]


def test_nothing_while_somebody_goes_on(in_database):
    async def scenario(database: Database) -> list[Incident]:
        crawls, _ = await begin(database)
        await crawls.leave("c", "other:1:a")
        await crawls.join("c", "article", ARGUMENTS, "other:2:b")
        return await incidents_at_end(database, "c")

    assert in_database(scenario) == []
