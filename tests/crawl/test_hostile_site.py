"""A site that refuses, breaks off and misleads: nothing wrong is stored, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.demo.misbehaviour import Misbehaviour
from netease_crawler.demo.process import HOSTS
from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import open_client
from netease_crawler.urls import doc_id_from_url
from tests.crawl.conftest import Crawling
from tests.crawl.truth import expected_articles, fetches, report, stored_articles

ARTICLES = 120
EVERYTHING = ("-a", "depth=20")
FOR_EVER = 3600  # seconds


def articles_of(site: Site, count: int) -> list[str]:
    """Return the doc ids of *count* articles that are neither deleted nor copies."""
    indexes = (i for i in range(site.articles) if site.truth(i)["kind"] == "article")
    return [site.doc_id(index) for index, _ in zip(indexes, range(count), strict=False)]


def these(doc_ids: Sequence[str], crawl: str = "c") -> tuple[str, ...]:
    return (
        *("crawl", "article", "-a", f"urls={','.join(doc_ids)}"),
        *("-a", "depth=0", "-a", f"crawl={crawl}"),
    )


def all_of(crawling: Crawling) -> tuple[str, ...]:
    return ("crawl", "article", "-a", f"urls={crawling.seed}", *EVERYTHING, "-a", "crawl=c")


def ends(uri: str, database_name: str) -> dict[str, tuple[str, str]]:
    """Return where each page ended, and why."""

    async def read() -> dict[str, tuple[str, str]]:
        async with open_client(uri) as client:
            pages = client[database_name]["frontier"].find({})
            return {page["key"]: (page["state"], page.get("reason") or "") async for page in pages}

    return asyncio.run(read())


def asked(access_log: Path) -> Counter[str]:
    """Return how often the site was asked for each article, by doc id."""
    paths = fetches(access_log).by_path
    return Counter({doc_id_from_url(f"https://www.163.com{path}"): paths[path] for path in paths})


Case = tuple[dict[str, Any], str, str, int | None]


def answer(name: str, bucket: str, reason: str, requests: int | None = 1) -> Case:
    return {"answer": name}, bucket, reason, requests


def status(code: int, bucket: str, reason: str, requests: int, **headers: str) -> Case:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"status": code, "headers": named}, bucket, reason, requests


def redirect(location: str, bucket: str, reason: str, requests: int = 1) -> Case:
    return status(302, bucket, reason, requests, Location=location)


TOMORROW = format_datetime(datetime.now(timezone.utc) + timedelta(days=1), usegmt=True)

# What is answered → the bucket, the reason, how often it is asked for (None: varies). A group has
# fewer than the ten refusals that open the circuit.
GROUPS: dict[str, list[Case]] = {
    "refusals": [
        status(429, "banned", "HTTP 429", 2),
        status(429, "banned", "HTTP 429", 2, Retry_After="0"),
        status(429, "banned", "HTTP 429", 1, Retry_After="3600"),
        status(503, "failed", "HTTP 503", 1, Retry_After=TOMORROW),
        status(403, "banned", "HTTP 403", 1),
        answer("verification", "banned", "BlockedPageError: 安全验证"),
        answer("title_only", "banned", "BlockedPageError: a title without a body"),
        answer("empty", "rejected", "NotAnArticleError: an empty page"),
        answer("empty_list", "rejected", "UnknownLayoutError"),
        answer("truncated_gzip", "failed", "TruncatedPageError"),
        answer("too_short", "failed", "TruncatedPageError"),
        answer("cookies", "stored", ""),
    ],
    "no answers": [
        # Logged when the site notices that the client left; Twisted asks again by itself where
        # a connection that it kept open is cut.
        answer("hang", "failed", "DownloadTimeoutError", None),
        answer("drip", "failed", "DownloadTimeoutError", None),
        answer("reset", "failed", "DownloadFailedError", None),
        answer("cut", "failed", "ResponseDataLossError", 2),
    ],
    "too much": [
        answer("too_long", "failed", "ResponseDataLossError", 2),
        answer("huge", "failed", "DownloadCancelledError"),
        answer("bomb", "failed", "IgnoreRequest: Ignored response"),
        status(503, "failed", "HTTP 503", 2),
        status(500, "failed", "HTTP 500", 2),
    ],
    "redirects": [
        redirect("{path}", "failed", "IgnoreRequest: max redirections reached", 21),
        redirect("http://127.0.0.1:DOOR/a", "banned", "off-site: 127.0.0.1 is neither"),
        redirect("http://localhost:DOOR/a", "banned", "off-site: localhost is neither"),
        redirect("http://10.0.0.1/", "banned", "off-site: 10.0.0.1 is neither"),
        redirect("http://169.254.169.254/latest/", "banned", "off-site: 169.254.169.254 is"),
        redirect("http://[::1]:DOOR/", "banned", "off-site: ::1 is neither"),
        redirect("//www.163.com.ads.example/", "banned", "off-site: www.163.com.ads.example is"),
        redirect("https://www.163.com@ads.example/", "banned", "off-site: ads.example is neither"),
        redirect("https://not163.com/", "banned", "off-site: not163.com is neither"),
        redirect("file:///etc/hostname", "failed", "HTTP 302"),
        redirect("ftp://www.163.com/a", "failed", "HTTP 302"),
        redirect("http://[nonsense/", "failed", "ValueError"),
    ],
}


@pytest.mark.parametrize("group", GROUPS)
def test_every_answer_ends_in_its_bucket(misbehave, mongo_uri, database_name, closed_door, group):
    cases = GROUPS[group]
    site = Site(ARTICLES)
    doc_ids = articles_of(site, len(cases) + 5)
    door = str(closed_door.getsockname()[1])
    bad = dict(zip(doc_ids, cases, strict=False))
    rules = [
        Misbehaviour(
            path=f"*/{doc_id}.html",
            **{
                **what,
                "headers": {
                    name: value.replace("DOOR", door)
                    for name, value in what.get("headers", {}).items()
                },
            },
        )
        for doc_id, (what, *_) in bad.items()
    ]
    timeout = 3 if group == "no answers" else 30  # seconds
    crawling = misbehave(rules, DOWNLOAD_TIMEOUT=timeout, RETRY_TIMES=1)
    result = crawling.project.run(*these(doc_ids))
    assert "Traceback" not in result.stderr
    assert "it is left alone" not in result.stderr

    expected = dict.fromkeys(doc_ids, ("stored", "", 1)) | {
        doc_id: (bucket, reason, requests) for doc_id, (_, bucket, reason, requests) in bad.items()
    }
    found = ends(mongo_uri, database_name)
    assert {doc_id: state for doc_id, (state, _) in found.items()} == {
        doc_id: bucket for doc_id, (bucket, _, _) in expected.items()
    }
    for doc_id, (_, reason, _) in expected.items():
        assert found[doc_id][1].startswith(reason)
    counts = {doc_id: requests for doc_id, (_, _, requests) in expected.items() if requests}
    requests_of = asked(crawling.access_log)
    assert {doc_id: requests_of[doc_id] for doc_id in counts} == counts
    good = [doc_id for doc_id, (bucket, _, _) in expected.items() if bucket == "stored"]
    assert stored_articles(mongo_uri, database_name) == expected_articles(site, good)

    hosts = {json.loads(line)["host"] for line in crawling.access_log.read_text().splitlines()}
    assert hosts <= set(HOSTS)
    with pytest.raises(BlockingIOError):  # nobody knocked
        closed_door.accept()


def test_overloaded_site_gets_its_time(misbehave, mongo_uri, database_name):
    rule = Misbehaviour(status=503, headers={"Retry-After": "1"}, every=5, times=1, each=True)
    crawling = misbehave([rule])
    doc_ids = articles_of(crawling.site, 40)
    refused = [doc_id for doc_id in doc_ids if crawling.site.index(doc_id) % 5 == 0]
    result = crawling.project.run(*these(doc_ids))
    assert (result.returncode, report(mongo_uri, database_name, "c").problem) == (0, None)
    assert stored_articles(mongo_uri, database_name) == expected_articles(crawling.site, doc_ids)
    assert asked(crawling.access_log) == dict.fromkeys(doc_ids, 1) | dict.fromkeys(refused, 2)

    times: dict[str, list[float]] = {doc_id: [] for doc_id in refused}
    for line in map(json.loads, crawling.access_log.read_text().splitlines()):
        if (doc_id := Path(line["path"]).stem) in times:
            times[doc_id].append(line["t"])
    assert all(later - first >= 1 for first, later in times.values())


def assert_everything_is_there(crawling: Crawling, uri: str, database_name: str) -> None:
    everything = crawling.site.reachable(doc_id_from_url(crawling.seed), 20)
    assert len(everything) == ARTICLES
    assert stored_articles(uri, database_name) == expected_articles(crawling.site, everything)
    assert report(uri, database_name, "c").problem is None


@pytest.mark.parametrize("refusal", [{"status": 403}, {"answer": "title_only"}])
def test_ban_that_passes_is_waited_for(misbehave, mongo_uri, database_name, refusal):
    crawling = misbehave([Misbehaviour(after=30, times=13, **refusal)])
    result = crawling.project.run(*all_of(crawling))
    assert "www.163.com refuses: 10 of" in result.stderr
    assert "www.163.com answers again; the crawl goes on" in result.stderr
    assert report(mongo_uri, database_name, "c").buckets["banned"] == 13

    result = crawling.project.run(*all_of(crawling))
    assert result.returncode == 0
    assert_everything_is_there(crawling, mongo_uri, database_name)


@pytest.mark.parametrize("refusal", [{"status": 429}, {"answer": "verification"}])
def test_ban_that_stays_ends_the_crawl_which_goes_on_later(
    misbehave, mongo_uri, database_name, refusal
):
    crawling = misbehave([Misbehaviour(after=30, **refusal)])
    result = crawling.project.run(*all_of(crawling))
    assert result.returncode == 1
    told = [line.partition("WARNING: ")[2] for line in result.stderr.splitlines()]
    assert [line for line in told if "refuses" in line][1:] == [
        *(
            f"www.163.com still refuses; it is left alone for {s} s"
            for s in (0.04, 0.08, 0.16, 0.32)
        ),
        "www.163.com still refuses after 5 pauses; the crawl stops. To go on with it later:"
        " scrapy crawl article -a crawl=c",
    ]
    found = report(mongo_uri, database_name, "c")
    assert found.outcome == "interrupted"
    # The refusals that opened it, what was on its way then, and a trial after each pause. Ten
    # open it, but pages that came well are judged when they are read, perhaps after refusals that
    # came later: with the 30, eleven to each nine refusals, there may be 28 before ten of 20 are.
    assert fetches(crawling.access_log).by_path.total() <= 30 + 28 + 16 + 5
    stored = stored_articles(mongo_uri, database_name)
    expected = expected_articles(crawling.site, stored)
    for article in expected.values():
        if article["copy_of"] not in stored:  # not known to be a copy yet
            article["copy_of"] = None
    assert stored == expected

    again = misbehave([])  # the ban is lifted
    assert again.project.run("crawl", "article", "-a", "crawl=c").returncode == 0
    assert_everything_is_there(again, mongo_uri, database_name)


def test_crawl_that_waits_for_a_host_stops_when_told(misbehave, mongo_uri, database_name, tmp_path):
    crawling = misbehave([Misbehaviour(after=30, status=403)], BREAKER_PAUSE=FOR_EVER)
    worker = crawling.project.start(*all_of(crawling))
    log = tmp_path / "scrapy.log"
    while "it is left alone for 3600 s" not in log.read_text():
        assert worker.poll() is None
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 1
    assert report(mongo_uri, database_name, "c").outcome == "interrupted"


def test_nothing_is_asked_while_robots_txt_cannot_be_had(misbehave, mongo_uri, database_name):
    crawling = misbehave([Misbehaviour(path="/robots.txt", status=503)])
    doc_ids = articles_of(crawling.site, 10)
    assert crawling.project.run(*these(doc_ids)).returncode == 1
    assert not fetches(crawling.access_log).by_path
    reasons = {reason for state, reason in ends(mongo_uri, database_name).values() if reason}
    assert reasons == {"RobotsUnreachableError: https://www.163.com/robots.txt: HTTP 503"}

    again = misbehave([])
    assert again.project.run("crawl", "article", "-a", "crawl=c").returncode == 0
    assert stored_articles(mongo_uri, database_name) == expected_articles(again.site, doc_ids)


def test_robots_txt_is_tried_again(misbehave, mongo_uri, database_name):
    crawling = misbehave([Misbehaviour(path="/robots.txt", times=2, status=503)])
    doc_ids = articles_of(crawling.site, 10)
    assert crawling.project.run(*these(doc_ids)).returncode == 0
    assert stored_articles(mongo_uri, database_name) == expected_articles(crawling.site, doc_ids)


@pytest.mark.parametrize("later", [{"status": 503}, {"answer": "cut"}], ids=["unavailable", "cut"])
def test_robots_txt_that_fails_later_still_holds(misbehave, mongo_uri, database_name, later):
    said = "User-agent: *\nDisallow: /dy/article/{}.html\n"
    doc_ids = articles_of(Site(ARTICLES), 6)
    rules = [
        Misbehaviour(path="/robots.txt", times=1, body=said.format(doc_ids[-1])),
        Misbehaviour(path="/robots.txt", times=4, **later),
    ]
    crawling = misbehave(rules, ROBOTSTXT_MAX_AGE=0, RETRY_TIMES=0, CONCURRENT_REQUESTS=1)
    result = crawling.project.run(*these(doc_ids))
    assert result.returncode == 0
    assert result.stderr.count("what it said before still holds") == 4
    stored = stored_articles(mongo_uri, database_name)
    found = ends(mongo_uri, database_name)
    assert stored == expected_articles(crawling.site, stored)
    assert {doc_id for doc_id, (state, _) in found.items() if state == "stored"} == stored.keys()


def test_robots_txt_that_changes_is_kept_to(misbehave, mongo_uri, database_name):
    forbidden = "User-agent: *\nDisallow: /dy/\n"
    rules = [Misbehaviour(path="/robots.txt", after=4, body=forbidden)]
    crawling = misbehave(rules, ROBOTSTXT_MAX_AGE=0, CONCURRENT_REQUESTS=1)
    doc_ids = articles_of(crawling.site, 10)
    assert crawling.project.run(*these(doc_ids)).returncode == 0
    found = ends(mongo_uri, database_name)
    assert Counter(found.values()) == {
        ("stored", ""): 4,
        ("filtered", "Forbidden by robots.txt"): 6,
    }
    assert asked(crawling.access_log) == {
        doc_id: 1 for doc_id, (state, _) in found.items() if state == "stored"
    }


def test_without_a_robots_txt_everything_is_allowed(misbehave, mongo_uri, database_name):
    crawling = misbehave([Misbehaviour(path="/robots.txt", status=404)])
    doc_ids = articles_of(crawling.site, 5)
    assert crawling.project.run(*these(doc_ids)).returncode == 0
    assert stored_articles(mongo_uri, database_name) == expected_articles(crawling.site, doc_ids)


def test_host_whose_tls_fails_is_no_host(misbehave, mongo_uri, database_name):
    crawling = misbehave([])
    mirrors = crawling.project._settings["SITE_MIRRORS"].replace("http:", "https:")
    doc_ids = articles_of(crawling.site, 2)
    result = crawling.project.run(*these(doc_ids), "-s", f"SITE_MIRRORS={mirrors}")
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    found = ends(mongo_uri, database_name)
    assert {state for state, _ in found.values()} == {"failed"}
    assert not stored_articles(mongo_uri, database_name)
