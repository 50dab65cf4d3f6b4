"""The site renames a class in the middle of a crawl: noticed, kept, and repaired."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.server import rename_class
from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import open_client
from netease_crawler.storage.quarantine import page_body
from netease_crawler.urls import doc_id_from_url
from tests.crawl.conftest import Crawling
from tests.crawl.test_crashes import wait_for_fetches
from tests.crawl.truth import expected_articles, report, stored_articles
from tests.mending import mended
from tests.scrapy_process import ScrapyProject

ARTICLES = 300
AFTER = 120
WITHIN = 50  # pages in which a change is to be noticed

RENAMED = [
    # class, its new name, layout and field of an alert that names it
    ("post_info", "post_meta", ("post2020_dy", "source")),
    ("creative_statement", "post_editor", ("post2020_dy", "editor")),
    ("post_title", "post_headline", ("?", "layout")),
    ("post_recommend_time", "post_recommend_date", ("post2020_dy", "related.published_at")),
]
if os.environ.get("NETEASE_NIGHTLY"):  # more of the same, 15 seconds each
    RENAMED += [
        ("post_wemedia", "post_author_card", ("post2020_dy", "account")),
        ("post_recommend", "post_recommended", ("post2020_dy", "related")),
        ("post_body", "post_text", ("?", "layout")),
    ]


class Drifting(Crawling):
    """A demo site that renames a class, and what it served."""

    def __init__(self, directory: Path, server: DemoSite, settings: dict[str, Any]) -> None:
        self.server = server
        self.settings = {"CRAWL_RATE": 0, "SITE_MIRRORS": server.mirrors, **settings}
        super().__init__(
            Site(ARTICLES), ScrapyProject(directory, self.settings), directory / "access.log"
        )

    def crawl(self) -> tuple[str, ...]:
        return ("crawl", "article", "-a", f"urls={self.seed}", "-a", "depth=20", "-a", "crawl=c")

    def served(self) -> list[str]:
        """Return the doc ids of the articles served, in order."""
        lines = map(json.loads, self.access_log.read_text().splitlines())
        return [
            line["path"].removeprefix("/dy/article/").removesuffix(".html")
            for line in lines
            if "/article/" in line["path"] and line["status"] == 200
        ]

    def page(self, doc_id: str, renamed: tuple[str, str] | None) -> bytes:
        index = self.site.index(doc_id)
        assert index is not None
        page = self.site.page(index)
        return (rename_class(page, *renamed) if renamed else page).encode()


@pytest.fixture
def drifting(
    request: pytest.FixtureRequest, mongo_uri: str, database_name: str, tmp_path: Path
) -> Iterator[Drifting]:
    old, new = request.param
    with DemoSite(
        ARTICLES, access_log=tmp_path / "access.log", renamed=(old, new), renamed_after=AFTER
    ) as server:
        settings = {"MONGO_URI": mongo_uri, "MONGO_DATABASE": database_name}
        yield Drifting(tmp_path, server, settings)


def quarantined(uri: str, database_name: str) -> dict[str, bytes]:
    async def read() -> dict[str, bytes]:
        async with open_client(uri) as client:
            found = client[database_name]["quarantine"].find({})
            return {page["key"]: page_body(page) async for page in found}

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("drifting", "named", "renamed"),
    [((old, new), named, (old, new)) for old, new, named in RENAMED],
    indirect=["drifting"],
    ids=[old for old, _, _ in RENAMED],
)
def test_class_renamed_in_mid_crawl(
    drifting: Drifting,
    named: tuple[str, str],
    renamed: tuple[str, str],
    mongo_uri: str,
    database_name: str,
    tmp_path: Path,
) -> None:
    crawled = drifting.project.run(*drifting.crawl())
    assert crawled.returncode == 1, crawled.stderr
    served = drifting.served()

    raised = {alert.name: alert for alert in report(mongo_uri, database_name, "c").alerts}
    alert = raised[named]
    began = served.index(doc_id_from_url(alert.pages[0]))
    assert began + alert.asked <= AFTER + WITHIN
    warnings = [line for line in crawled.stderr.splitlines() if "WARNING: Drift: " in line]
    assert len(warnings) == len(raised)
    assert sum(alert.line in line for line in warnings) == 1

    told = drifting.project.run("report", "c")
    assert told.returncode == 1
    assert f"PROBLEM: drift: {next(iter(raised.values())).line}" in told.stdout
    assert alert.line in told.stdout
    layout, field = named
    assert f"{layout} shows {field} on " in alert.line
    assert (len(set(alert.pages)), all(page in alert.line for page in alert.pages)) == (3, True)

    assert_rows_are_true(drifting, mongo_uri, database_name)
    kept = quarantined(mongo_uri, database_name)
    lost = set(served) - stored_articles(mongo_uri, database_name).keys()
    assert kept == {doc_id: drifting.page(doc_id, renamed) for doc_id in lost}
    assert set(served[AFTER:]) <= lost

    repair(drifting, mended(tmp_path, drifting.settings, *renamed))
    assert_repaired(drifting, mongo_uri, database_name)


@pytest.mark.parametrize("drifting", [("post_info", "post_meta")], indirect=True)
def test_killed_again_and_again(
    drifting: Drifting, mongo_uri: str, database_name: str, tmp_path: Path
) -> None:
    for moment in (60, AFTER + 3, AFTER + 60):
        worker = drifting.project.start(*drifting.crawl())
        wait_for_fetches(drifting, moment, worker)
        worker.kill()
        worker.wait()
    assert drifting.project.run(*drifting.crawl()).returncode == 1
    assert ("post2020_dy", "source") in {
        alert.name for alert in report(mongo_uri, database_name, "c").alerts
    }
    assert_rows_are_true(drifting, mongo_uri, database_name)

    project = mended(tmp_path, drifting.settings, "post_info", "post_meta")
    before = len(quarantined(mongo_uri, database_name))
    for left in (before - 1, before // 2):
        worker = project.start("reparse", "c")
        while len(quarantined(mongo_uri, database_name)) > left and worker.poll() is None:
            time.sleep(0.02)
        worker.kill()
        worker.wait()
    assert quarantined(mongo_uri, database_name)
    repair(drifting, project)
    assert_repaired(drifting, mongo_uri, database_name)


@pytest.mark.parametrize("drifting", [("post_info", "post_meta")], indirect=True)
def test_noticed_by_several_workers(
    drifting: Drifting, mongo_uri: str, database_name: str, tmp_path: Path
) -> None:
    workers = [drifting.project.start(*drifting.crawl()) for _ in range(3)]
    assert 1 in [worker.wait(timeout=240) for worker in workers]
    found = report(mongo_uri, database_name, "c")
    assert (found.outcome, Counter(alert.name for alert in found.alerts).most_common(1)[0][1]) == (
        "drift",
        1,
    )
    assert_rows_are_true(drifting, mongo_uri, database_name)
    repair(drifting, mended(tmp_path, drifting.settings, "post_info", "post_meta"))
    assert_repaired(drifting, mongo_uri, database_name)


@pytest.mark.parametrize("drifting", [("post_info", "post_meta")], indirect=True)
def test_noticed_by_the_next_crawl_from_its_first_page(
    drifting: Drifting, mongo_uri: str, database_name: str
) -> None:
    first = drifting.project.run(
        *drifting.crawl()[:-1], "crawl=before", "-a", f"max_articles={AFTER}"
    )
    assert first.returncode == 0, first.stderr
    before = stored_articles(mongo_uri, database_name)
    seeds = [drifting.site.doc_id(index) for index in range(ARTICLES)][-20:]
    crawled = drifting.project.run(
        *("crawl", "article", "-a", f"urls={','.join(seeds)}", "-a", "depth=0", "-a", "crawl=c")
    )
    assert crawled.returncode == 1
    assert stored_articles(mongo_uri, database_name) == before


@pytest.mark.parametrize(("seed", "depth"), [(7, 2), (11, 20), (12, 20)])
def test_ordinary_crawls_raise_nothing(
    mongo_uri: str, database_name: str, tmp_path: Path, seed: int, depth: int
) -> None:
    site = Site(ARTICLES, seed)
    with DemoSite(ARTICLES, seed) as server:
        project = ScrapyProject(
            tmp_path,
            {
                "MONGO_URI": mongo_uri,
                "MONGO_DATABASE": database_name,
                "CRAWL_RATE": 0,
                "SITE_MIRRORS": server.mirrors,
            },
        )
        crawled = project.run(
            *("crawl", "article", "-a", f"urls={site.seeds()[0]}"),
            *("-a", f"depth={depth}", "-a", "crawl=c"),
        )
    assert crawled.returncode == 0, crawled.stderr
    found = report(mongo_uri, database_name, "c")
    assert (found.alerts, found.buckets["rejected"], found.problem) == ((), 0, None)
    stored = stored_articles(mongo_uri, database_name)
    with_editor = sum(article["editor"] is not None for article in stored.values())
    assert found.coverage["post2020_dy"]["source"] == (len(stored), len(stored))
    assert found.coverage["post2020_dy"]["editor"] == (len(stored), with_editor)


def assert_rows_are_true(drifting: Drifting, uri: str, database_name: str) -> None:
    stored = stored_articles(uri, database_name)
    assert stored
    expected = expected_articles(drifting.site, stored)
    # a copy whose original is in the quarantine does not know it yet
    assert [without(row, "copy_of") for row in stored.values()] == [
        without(expected[doc_id], "copy_of") for doc_id in stored
    ]


def without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def repair(drifting: Drifting, project: ScrapyProject) -> None:
    """Reparse, and go on where that led to new pages."""
    asked = drifting.access_log.read_text()
    reparsed = project.run("reparse", "c", "--json")
    assert drifting.access_log.read_text() == asked
    result = json.loads(reparsed.stdout)
    assert (result["stay"], reparsed.returncode) == (0, 1 if result["new"] else 0), reparsed.stderr
    if result["new"]:
        went_on = project.run("crawl", "article", "-a", "crawl=c")
        assert went_on.returncode == 0, went_on.stderr


def assert_repaired(drifting: Drifting, uri: str, database_name: str) -> None:
    everything = drifting.site.reachable(doc_id_from_url(drifting.seed), 20)
    assert stored_articles(uri, database_name) == expected_articles(drifting.site, everything)
    assert quarantined(uri, database_name) == {}
    found = report(uri, database_name, "c")
    assert (found.outcome, found.problem) == ("finished", None)
    assert [alert.name for alert in found.alerts if alert.resolved_at is None] == []
    assert drifting.project.run("report", "c").returncode == 0
