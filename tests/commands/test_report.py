"""``scrapy report`` and ``scrapy crawls``: what became of a crawl."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from netease_crawler.drift import Fall
from netease_crawler.ledger.alerts import raise_alert, resolve
from netease_crawler.ledger.coverages import Shown, count
from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import Bucket, End, Page
from netease_crawler.storage.connection import Database

PAGES = [Page(key=key, url=f"https://www.163.com/{key}") for key in ("A", "B", "C")]


@pytest.fixture
def crawled(in_database) -> None:
    """A finished crawl ``done`` and an interrupted one, ``open``, begun later."""

    async def scenario(database: Database) -> None:
        crawls = Crawls(database)
        for name in ("done", "open"):
            await crawls.join(name, "article", {"urls": "A", "depth": "0"}, "other:1:a")
            frontier = Frontier(database, name)
            await frontier.discover(PAGES)
            await crawls.end_seeding(name)
            await frontier.lease("other:1:a", 2 if name == "open" else 64)
            if name == "done":
                await database["articles"].insert_one({"_id": "A"})
                await frontier.end(
                    [
                        End(page=PAGES[0], bucket=Bucket.STORED, doc_id="A"),
                        End(page=PAGES[1], bucket=Bucket.DELETED, reason="HTTP 404"),
                        End(page=PAGES[2], bucket=Bucket.FAILED, reason="HTTP 500"),
                    ]
                )
            await crawls.leave(name, "other:1:a")

    in_database(scenario)


def test_report_of_a_finished_crawl(project, crawled):
    result = project.run("report", "done")
    lines = [line for line in result.stdout.splitlines() if "began" not in line]
    assert result.returncode == 0, result.stderr
    assert lines == [
        "Crawl done: finished",
        "  scrapy crawl article -a urls=A -a depth=0",
        "",
        "       1  stored",
        "       1  deleted",
        "       1  failed",
        "       3  discovered in all",
        "",
        "  Why:",
        "       1  deleted: HTTP 404",
        "       1  failed: HTTP 500",
        "",
        "  The sums match.",
    ]


def test_report_of_the_last_crawl_which_is_not_finished(project, crawled):
    result = project.run("report", "--json")
    told = json.loads(result.stdout)
    assert result.returncode == 1
    assert (told["crawl"], told["outcome"], told["pending"], told["discovered"]) == (
        "open",
        "interrupted",
        3,
        3,
    )
    assert told["problem"] == "3 pages are not done yet"


def test_crawls_are_listed_the_latest_first(project, crawled):
    lines = [json.loads(line) for line in project.run("crawls", "--json").stdout.splitlines()]
    assert [(line["crawl"], line["outcome"], line["states"]) for line in lines] == [
        ("open", "interrupted", {"pending": 3}),
        ("done", "finished", {"stored": 1, "deleted": 1, "failed": 1}),
    ]
    shown = project.run("crawls").stdout.splitlines()
    assert [line.split("  ", 1)[1] for line in shown] == [
        "open  [article]  interrupted: 3 pending",
        "done  [article]  finished: 1 deleted, 1 failed, 1 stored",
    ]


@pytest.fixture
def drifted(crawled, in_database) -> None:
    """The crawl ``done``, with an alert that stands and one that is over, and a coverage."""
    urls = tuple(page.url for page in PAGES)

    async def scenario(database: Database) -> None:
        for field, seen in (("source", 0.0), ("account", 0.5)):
            fall = Fall(
                layout="post2020_dy", field=field, usual=0.9987, seen=seen, asked=4, pages=urls
            )
            await raise_alert(database, "done", fall)
        await resolve(database, "done", [("post2020_dy", "account")])
        read_at = datetime(2025, 3, 4, tzinfo=timezone.utc)
        fields = {"account.name": True, "editor": False}
        await count(database, "done", [Shown(layout="ep", fields=fields, read_at=read_at)] * 3)

    in_database(scenario)


def test_report_names_what_pages_ceased_to_show(project, drifted):
    result = project.run("report", "done", "--coverage")
    pages = "https://www.163.com/A https://www.163.com/B https://www.163.com/C"
    standing = f"post2020_dy shows source on 0% of 4 pages, usually on 99.9%: {pages}"
    assert result.returncode == 1
    assert result.stdout.split("failed: HTTP 500\n", 1)[1].splitlines() == [
        "",
        "  Drift:",
        f"  {standing}",
        f"  resolved: post2020_dy shows account on 50% of 4 pages, usually on 99.9%: {pages}",
        "",
        f"  PROBLEM: drift: {standing}",
        "",
        "  ep: of so many articles asked, so many show it",
        "         3         3  100.0%  account.name",
        "         3         0    0.0%  editor",
    ]


def test_report_in_json_has_alerts_and_coverage(project, drifted):
    told = json.loads(project.run("report", "done", "--json").stdout)
    first, second = told["alerts"]
    assert first.pop("raised_at")
    assert first == {
        "layout": "post2020_dy",
        "field": "source",
        "usual": 0.9987,
        "seen": 0.0,
        "asked": 4,
        "pages": [page.url for page in PAGES],
        "resolved_at": None,
    }
    assert second["resolved_at"]
    assert told["coverage"] == {"ep": {"account.name": [3, 3], "editor": [3, 0]}}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "absent"], "no crawl 'absent'; `scrapy crawls` shows them"),
        (["report", "a", "b"], "give one crawl, in quotes if it has spaces, not 2"),
        (["report", "--jsn"], "no such option: --jsn"),
        (["crawls", "--jsn"], "no such option or argument: --jsn"),
    ],
)
def test_bad_input(project, arguments, message):
    result = project.run(*arguments)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"Error: {message}\n")


def test_archive_without_a_crawl(project):
    result = project.run("report")
    assert (result.returncode, result.stderr) == (
        1,
        "Error: the archive has no crawl yet; try `scrapy demo`\n",
    )
    assert project.run("crawls").stdout == "No crawl yet; try `scrapy demo`.\n"


@pytest.mark.parametrize("command", ["report", "crawls", "demo", "crawl"])
def test_help_has_an_example(project, command):
    result = project.run(command, "--help")
    assert result.returncode == 0
    assert f"Example: scrapy {command}" in result.stdout
