"""What a crawl says of its conduct is what the site saw."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netease_crawler.demo.misbehaviour import Misbehaviour
from netease_crawler.demo.site import Site
from tests.crawl.conftest import Crawling

ARTICLES = 120


def conduct(crawling: Crawling, *windows: float) -> dict[str, Any]:
    """Return the report of the last crawl, which has no problem, as JSON has it."""
    lengths = [option for seconds in windows for option in ("--window", str(seconds))]
    result = crawling.project.run("report", "--politeness", "--json", *lengths)
    assert (result.returncode, result.stderr) == (0, "")
    told: dict[str, Any] = json.loads(result.stdout)
    assert told["problem"] is None
    return told


def seen(crawling: Crawling) -> list[dict[str, Any]]:
    """Return what the site saw: time, host, path and status of each request."""
    return [json.loads(line) for line in crawling.access_log.read_text().splitlines()]


def articles_of(site: Site, count: int) -> list[str]:
    """Return the doc ids of *count* articles that are neither deleted nor copies."""
    indexes = [i for i in range(site.articles) if site.truth(i)["kind"] == "article"]
    return [site.doc_id(index) for index in indexes[:count]]


def test_robots_txt_and_retry_after_are_told(misbehave):
    [forbidden, later, much_later, *others] = doc_ids = articles_of(Site(ARTICLES), 6)
    disallow = f"User-agent: *\nDisallow: /dy/article/{forbidden}.html\n"
    asks = {"status": 503, "times": 1}
    crawling = misbehave(
        [
            Misbehaviour(path="/robots.txt", times=1, status=503, headers={"Retry-After": "1"}),
            Misbehaviour(path="/robots.txt", body=disallow),
            Misbehaviour(path=f"*/{later}.html", headers={"Retry-After": "1"}, **asks),
            Misbehaviour(path=f"*/{much_later}.html", headers={"Retry-After": "3600"}, **asks),
        ]
    )
    result = crawling.project.run(
        *("crawl", "article", "-a", f"urls={','.join(doc_ids)}", "-a", "depth=0")
    )
    assert result.returncode == 0
    [host] = conduct(crawling)["hosts"]
    assert {
        name: host[name] for name in host if name not in ("first_at", "last_at", "busiest")
    } == {
        "host": "www.163.com",
        "requests": len(seen(crawling)),
        "excesses": [],
        "robots_txt": {"200": 1},  # in the end
        "allowed": len(others) + 3,
        "forbidden": 1,
        "unreachable": 0,
        "unchecked": 0,
        "asked": 3,
        "waited": 2,
        "broken": 0,
        "ended": 1,
        "refusals": 3,
        "pauses": 0,
        "paused_seconds": 0,
    }


def test_ban_is_told(misbehave):
    crawling = misbehave([Misbehaviour(after=30, times=12, answer="title_only")])
    result = crawling.project.run(
        *("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=20")
    )
    pauses = result.stderr.count("it is left alone for")
    assert pauses >= 1
    [host] = conduct(crawling)["hosts"]
    assert host["requests"] == len(seen(crawling)) == host["allowed"] + 1
    assert (host["refusals"], host["pauses"]) == (12, pauses)
    assert host["paused_seconds"] == pytest.approx(sum(0.02 * 2**n for n in range(pauses)))


def test_robots_txt_that_cannot_be_had_is_told(misbehave):
    crawling = misbehave([Misbehaviour(path="/robots.txt", status=503)], RETRY_TIMES=0)
    doc_ids = articles_of(crawling.site, 3)
    crawling.project.run("crawl", "article", "-a", f"urls={','.join(doc_ids)}", "-a", "depth=0")
    [host] = conduct(crawling)["hosts"]
    assert (host["allowed"], host["unreachable"]) == (0, 3)
    assert host["robots_txt"] == {"503": host["requests"]}
