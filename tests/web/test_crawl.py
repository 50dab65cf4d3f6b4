"""A crawl in the explorer: one that runs, was killed, or has ended."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from netease_crawler.storage.connection import Database, Document
from tests.web.conftest import Explorer, browser_page
from tests.web.crawl_documents import BEGAN, URL, crawl, ended, keep, pages, record, workers

NOTHING = dict.fromkeys(
    (
        *("stored", "updated", "unchanged", "duplicate", "deleted", "banned", "failed"),
        *("rejected", "filtered", "leased", "pending"),
    ),
    0,
)
HOST = {
    "host": "www.163.com",
    "requests": 3,
    "first_at": "2025-03-04T08:00:00+00:00",
    "last_at": "2025-03-04T08:00:02+00:00",
    "busiest": [
        {"seconds": 1.0, "requests": 1, "per_second": 1.0},
        {"seconds": 10.0, "requests": 3, "per_second": 0.3},
        {"seconds": 60.0, "requests": 3, "per_second": 0.05},
    ],
    "excesses": [],
    "robots_txt": {"200": 1},
    "allowed": 2,
    "forbidden": 0,
    "unreachable": 0,
    "unchecked": 0,
    "asked": 1,
    "waited": 1,
    "broken": 0,
    "ended": 0,
    "refusals": 1,
    "pauses": 0,
    "paused_seconds": 0,
}


def address(name: str, suffix: str = "", **more: str) -> str:
    return f"/crawl{suffix}?{urlencode({'name': name, **more}, quote_via=quote)}"


def test_crawl_that_met_a_new_layout(in_database, explorer: Explorer) -> None:
    alert = {
        "layout": "post2020_dy",
        "field": "source",
        "usual": 0.999,
        "seen": 0.0,
        "asked": 4,
        "pages": [URL],
        "raised_at": BEGAN + timedelta(seconds=30),
    }
    over = alert | {"field": "editor", "resolved_at": BEGAN + timedelta(seconds=60)}
    told = {"what": "www.163.com", "at": BEGAN, "by": "x", "is_told": True}
    coverage = {
        "source": {"asked": 3, "shown": 3},
        "account": {"asked": 3, "shown": 0},
        "account/name": {"asked": 3, "shown": 3},
    }
    keep(
        in_database,
        crawls=[
            crawl(
                **ended("drift"),
                alerts=[over, alert],
                told={"refused": {"a": told}, "drift": {"b": told | {"what": "z"}}},
                coverage={"post2020_dy": coverage},
            )
        ],
        frontier=pages("spring", stored=3)
        + pages("spring", "Suspect: without source", rejected=6)
        + pages("spring", "BlockedPageError: 验证", banned=1)
        + pages("spring", "not an article", filtered=2),
        conduct=[
            record(
                "spring",
                1,
                BEGAN,
                [0, 1000, 2000],
                counts={"robots_txt/200": 1, "allowed": 2, "asked": 1, "waited": 1, "refusals": 1},
                is_last=True,
            )
        ],
    )
    answer = explorer.get(address("spring", ".json")).json
    read_at = datetime.fromisoformat(answer.pop("read_at"))
    assert abs(datetime.now(timezone.utc) - read_at) < timedelta(minutes=1)
    shown = {
        "layout": "post2020_dy",
        "usual": 0.999,
        "seen": 0.0,
        "asked": 4,
        "pages": [URL],
        "raised_at": "2025-03-04T08:00:30+00:00",
    }
    assert answer == {
        "crawl": "spring",
        "spider": "article",
        "arguments": {"urls": URL, "depth": "3"},
        "outcome": "drift",
        "is_running": False,
        "problem": (f"drift: post2020_dy shows source on 0% of 4 pages, usually on 99.9%: {URL}"),
        "again": "scrapy reparse spring",
        "started_at": "2025-03-04T08:00:00+00:00",
        "ended_at": "2025-03-04T08:01:40+00:00",
        "seconds": 100.0,
        "workers": [],
        "discovered": 12,
        "ended": 12,
        "places": NOTHING | {"stored": 3, "rejected": 6, "banned": 1, "filtered": 2},
        "reasons": [
            {"bucket": "rejected", "reason": "Suspect", "pages": 6},
            {"bucket": "filtered", "reason": "not an article", "pages": 2},
            {"bucket": "banned", "reason": "BlockedPageError", "pages": 1},
        ],
        "pages_per_second": 0.1,
        "requests_per_second": None,
        "seconds_left": None,
        "bars": [
            {
                "begin": "2025-03-04T08:00:00+00:00",
                "end": "2025-03-04T08:00:10+00:00",
                "requests": 3,
            }
        ],
        "alerts": [
            shown | {"field": "editor", "resolved_at": "2025-03-04T08:01:00+00:00"},
            shown | {"field": "source", "resolved_at": None},
        ],
        "told": [{"kind": "refused", "what": "www.163.com", "at": "2025-03-04T08:00:00+00:00"}],
        "coverage": [
            {
                "layout": "post2020_dy",
                "fields": [
                    {"field": name, "asked": 3, "shown": shows, "is_low": low, "has_alert": alerts}
                    for name, shows, low, alerts in (
                        ("account", 0, True, False),
                        ("account.name", 3, False, False),
                        ("source", 3, False, True),
                    )
                ],
            }
        ],
        "politeness": {
            "since": None,
            "rates": [1.0],
            "tolerance": 0.254,
            "unfinished": 0,
            "problem": None,
            "hosts": [HOST],
        },
    }
    page = explorer.get(address("spring")).text
    assert "data-running" not in page
    assert "网站拒绝，暂停请求：www.163.com" in page
    assert f'<a href="{URL}" rel="noopener noreferrer">{URL}</a>' in page


def test_crawl_that_runs(in_database, explorer: Explorer) -> None:
    now = datetime.now(timezone.utc)
    noted = [
        record("spring", n, now - timedelta(seconds=10 * n), [500 * k for k in range(20)], rate=2.0)
        for n in range(1, 30)
    ]
    keep(
        in_database,
        crawls=[crawl(started_at=now - timedelta(seconds=300), **workers())],
        frontier=pages("spring", stored=80, filtered=20, leased=60, pending=440),
        conduct=noted,
    )
    shown = explorer.get(address("spring", ".json")).json
    assert (shown["is_running"], shown["outcome"], shown["again"]) == (True, None, None)
    assert [worker["name"] for worker in shown["workers"]] == ["machine:1:a"]
    assert (shown["discovered"], shown["ended"]) == (600, 100)
    assert shown["requests_per_second"] == pytest.approx(2, abs=0.05)
    assert shown["seconds_left"] == pytest.approx(500 / shown["requests_per_second"])
    assert shown["pages_per_second"] == pytest.approx(80 / shown["seconds"])
    assert sum(bar["requests"] for bar in shown["bars"]) == 580
    page = explorer.get(address("spring", lang="en")).text
    assert "100 of 600 pages have ended" in page
    assert "data-running" in page
    assert "The report says" not in page  # that it is not done yet is no trouble


@pytest.mark.parametrize(
    ("values", "again", "said"),
    [
        (workers(silent=70), "scrapy crawl article -a crawl=spring", "Its last worker vanished"),
        (ended("interrupted"), "scrapy crawl article -a crawl=spring", "Its last worker stopped"),
        (ended("empty"), "scrapy crawl article -a crawl=spring", "Every page has ended, none"),
        (ended("incomplete"), "scrapy crawl article -a crawl=spring", "More pages were banned"),
        (ended("finished"), None, "Finished"),
    ],
)
def test_crawl_that_stopped_says_how_to_go_on(
    in_database, explorer: Explorer, values: Document, again: str | None, said: str
) -> None:
    is_whole = values.get("outcome") == "finished"
    left = pages("spring", **({"stored": 1} if is_whole else {"pending": 1, "failed": 2}))
    keep(in_database, crawls=[crawl(**values)], frontier=left)
    shown = explorer.get(address("spring", ".json")).json
    assert (shown["is_running"], shown["again"]) == (False, again)
    page = explorer.get(address("spring", lang="en")).text
    assert said in page
    assert (again is None) or again in page
    assert (shown["problem"] is None) == is_whole
    assert is_whole or shown["problem"] in page


def test_long_record_is_looked_at_as_far_as_was_asked(in_database, explorer: Explorer) -> None:
    noted = [
        record("spring", n, BEGAN + timedelta(seconds=10 * n), list(range(0, 10_000, 50)))
        for n in range(15)
    ]
    keep(in_database, crawls=[crawl(**ended("finished"))], conduct=noted)
    latest = explorer.get(address("spring", ".json")).json["politeness"]
    assert (latest["since"], latest["hosts"][0]["requests"]) == ("2025-03-04T08:00:50+00:00", 2000)
    assert latest["problem"] == (
        "www.163.com had 20 requests in the 1 s from 2025-03-04 08:00:50.000 UTC on; 2 may be, at"
        " 1 a second, workers: 1"
    )
    longer = explorer.get(address("spring", ".json", conduct="1")).json["politeness"]
    assert (longer["since"], longer["hosts"][0]["requests"]) == (None, 3000)
    link = html.escape(address("spring", conduct="1"))
    assert f'href="{link}"' in explorer.get(address("spring")).text


def test_what_others_wrote_is_text(in_database, explorer: Explorer) -> None:
    evil = "<script>alert(1)</script>\"'&"
    alert = {
        "layout": evil,
        "field": evil,
        "usual": 1.0,
        "seen": 0.0,
        "asked": 4,
        "pages": ["javascript:alert(1)", evil],
        "raised_at": BEGAN,
    }
    values = {
        "spider": evil,
        "arguments": {evil: evil},
        "workers": {
            evil: {"joined_at": BEGAN, "heartbeat_at": datetime.now(timezone.utc)},
        },
        "alerts": [alert],
        "told": {evil: {"a": {"what": evil, "at": BEGAN, "is_told": True}}},
        "coverage": {evil: {evil: {"asked": 1, "shown": 1}}},
    }
    keep(
        in_database,
        crawls=[crawl(evil, **values), crawl("other", outcome=evil, states={evil: 3})],
        frontier=pages(evil, evil, failed=1),
        conduct=[record(evil, 1, BEGAN, [0], host=evil, counts={f"robots_txt/{evil}": 1})],
    )
    assert explorer.get(address(evil, ".json")).json["arguments"] == {evil: evil}
    for path in (address(evil), "/crawls", address("other")):
        answer = explorer.get(path)
        assert answer.status == 200
        assert "<script>alert" not in answer.text
        assert 'href="javascript:' not in answer.text
        assert answer.text.count("&lt;script&gt;") > 0


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/crawl.json?name=absent", 404, "there is no crawl of this name"),
        ("/crawl.json", 400, "name: is not given"),
        ("/crawl.json?name=a&conduct=all", 400, "conduct: 1 or nothing, not 'all'"),
    ],
)
def test_what_cannot_be_shown(explorer: Explorer, path: str, status: int, detail: str) -> None:
    answer = explorer.get(path)
    assert (answer.status, answer.json["detail"]) == (status, detail)
    assert explorer.get(path.replace(".json", "")).status == status


def test_page_of_a_crawl_follows_it_to_its_end(in_database, explorer: Explorer) -> None:
    keep(
        in_database,
        crawls=[crawl(**workers())],
        frontier=pages("spring", stored=10, pending=90),
    )

    def change(operation: Any) -> None:
        with ThreadPoolExecutor(1) as other_thread:  # Playwright has the loop of this one
            other_thread.submit(in_database, operation).result()

    async def go_on(database: Database) -> None:
        wanted = {"key": {"$regex": "^pending[1-4]"}}
        await database["frontier"].update_many(wanted, {"$set": {"state": "stored"}})

    async def end(database: Database) -> None:
        await database["frontier"].update_many({}, {"$set": {"state": "stored"}})
        await database["crawls"].update_one(
            {}, {"$set": ended("finished"), "$unset": {"workers": 1}}
        )

    with browser_page() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.resource_type))
        page.clock.install()
        page.goto(explorer.address + address("spring"))
        sums, state = page.locator("[data-sums]"), page.locator("[data-state]")
        expect(sums).to_have_text("已处理 10 / 100 页")
        expect(state).to_have_text("每 2 秒更新")
        page.get_by_role("button", name="暂停更新").click()
        expect(state).to_have_text("已暂停")
        change(go_on)
        before = len(asked)
        page.clock.run_for(60_000)
        assert asked[before:] == []
        page.get_by_role("button", name="继续更新").click()
        page.clock.run_for(10)
        expect(sums).to_have_text("已处理 54 / 100 页")
        change(end)
        page.clock.run_for(10_000)
        expect(sums).to_have_text("已处理 100 / 100 页")
        expect(state).to_have_text("抓取已不在运行")
        expect(page.locator("[data-said]")).to_have_text("抓取已不在运行 已处理 100 / 100 页")
        expect(page.locator("[data-pause]")).to_be_hidden()
        assert Axe().run(page).violations_count == 0


@pytest.mark.parametrize("path", ["/crawls", address("spring")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_telephone(in_database, explorer: Explorer, path: str, scheme: str) -> None:
    long = "autumn-" * 14
    keep(
        in_database,
        crawls=[
            crawl(coverage={"post2020_dy": {long: {"asked": 9, "shown": 3}}}, **workers()),
            crawl(long, **ended("finished", stored=1)),
        ],
        frontier=pages("spring", long, banned=3, deleted=2, pending=1),
        conduct=[record("spring", n, BEGAN + timedelta(seconds=10 * n), [0]) for n in range(20)],
    )
    narrow: Any = {"width": 390, "height": 844}
    with browser_page(viewport=narrow, color_scheme=scheme) as page:
        page.goto(explorer.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert Axe().run(page).violations_count == 0
