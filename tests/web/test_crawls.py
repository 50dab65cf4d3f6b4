"""The list of crawls in the explorer."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest

from netease_crawler.storage.connection import Document
from netease_crawler.web import paging
from tests.web.conftest import Explorer
from tests.web.crawl_documents import BEGAN, crawl, ended, keep, pages, workers


def test_list_has_all_crawls_the_latest_first(in_database, explorer: Explorer) -> None:
    day = timedelta(days=1)
    keep(
        in_database,
        crawls=[
            crawl("done", **ended("finished", stored=8, duplicate=2, banned=1)),
            crawl("runs", started_at=BEGAN + day, **workers()),
            crawl("killed", started_at=BEGAN + 2 * day, spider="saved", **workers(silent=70)),
        ],
        frontier=pages("runs", stored=2, leased=1, pending=4) + pages("killed", failed=1),
    )
    answer = explorer.get("/crawls.json").json
    running = answer["crawls"][1]
    passed = running.pop("seconds")
    assert passed == pytest.approx((datetime.now(timezone.utc) - BEGAN - day).total_seconds(), 0.01)
    shown: Document = {"spider": "article", "ended_at": None, "outcome": None}
    assert answer == {
        "crawls": [
            shown
            | {
                "crawl": "killed",
                "spider": "saved",
                "is_running": False,
                "started_at": "2025-03-06T08:00:00+00:00",
                "seconds": None,
                "discovered": 1,
                "places": {"failed": 1},
            },
            shown
            | {
                "crawl": "runs",
                "is_running": True,
                "started_at": "2025-03-05T08:00:00+00:00",
                "discovered": 7,
                "places": {"stored": 2, "leased": 1, "pending": 4},
            },
            shown
            | {
                "crawl": "done",
                "outcome": "finished",
                "is_running": False,
                "started_at": "2025-03-04T08:00:00+00:00",
                "ended_at": "2025-03-04T08:01:40+00:00",
                "seconds": 100.0,
                "discovered": 11,
                "places": {"stored": 8, "duplicate": 2, "banned": 1},
            },
        ],
        "next": None,
    }
    page = explorer.get("/crawls").text
    assert [page.count(outcome) for outcome in ("已完成", "进行中", "意外终止")] == [1, 1, 1]
    assert "历时 1 分 40 秒" in page


def test_more_crawls_than_fit_are_on_further_pages(in_database, explorer: Explorer) -> None:
    several = [
        crawl(f"c{n:03}", started_at=BEGAN + timedelta(seconds=n // 4), **ended("empty"))
        for n in range(120)
    ]
    keep(in_database, crawls=several)
    names: list[list[str]] = []
    after = ""
    while after is not None:
        page = explorer.get(f"/crawls.json?after={after}").json
        names.append([one["crawl"] for one in page["crawls"]])
        after = page["next"]
    assert [len(some) for some in names] == [50, 50, 20]
    assert [name for some in names for name in some] == [one["_id"] for one in reversed(several)]
    first = explorer.get("/crawls.json").json["next"]
    assert f'href="/crawls?after={first}"' in explorer.get("/crawls").text


@pytest.mark.parametrize(
    "cursor", ["", "yesterday c", "2025-03-04T08:00:00 c", "0001-01-01T00:00:00+14:00 c"]
)
def test_what_is_no_place_in_the_list_is_refused(explorer: Explorer, cursor: str) -> None:
    token = paging.token(cursor) if cursor else "?"
    answer = explorer.get(f"/crawls.json?{urlencode({'after': token})}")
    assert (answer.status, answer.json["detail"]) == (
        400,
        "after: is not where a page of crawls ended",
    )


def test_archive_without_a_crawl(explorer: Explorer) -> None:
    assert explorer.get("/crawls.json").json == {"crawls": [], "next": None}
    assert "还没有抓取过" in explorer.get("/crawls").text
