"""What `scrapy forget` removed, later crawls neither fetch nor store."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from bson import json_util

from netease_crawler.storage.connection import open_client
from netease_crawler.urls import column, doc_id_from_url
from tests.crawl.truth import fetches, report, stored_articles
from tests.scrapy_process import ROOT, ScrapyProject

SAVED = ROOT / "tests" / "fixtures" / "pages" / "ep" / "ARL1322800253DEM"


@pytest.fixture
def project(tmp_path: Path, mongo_uri: str, database_name: str) -> ScrapyProject:
    return ScrapyProject(tmp_path, {"MONGO_URI": mongo_uri, "MONGO_DATABASE": database_name})


def dump(uri: str, database_name: str) -> str:
    async def read() -> str:
        async with open_client(uri) as client:
            database = client[database_name]
            names = await database.list_collection_names()
            found = [await database[name].find().to_list() for name in names]
            return json_util.dumps(found, ensure_ascii=False)

    return asyncio.run(read())


def test_forgotten_articles_are_neither_fetched_nor_stored(
    start_crawling, mongo_uri, database_name
):
    crawling = start_crawling(60)
    crawl = ("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=20")
    crawling.project.run(*crawl, "-a", "crawl=before")
    before = stored_articles(mongo_uri, database_name)
    seed = doc_id_from_url(crawling.seed)
    first, other = sorted(doc_id for doc_id in before if column(doc_id) != column(seed))[:2]
    gone = {doc_id for doc_id in before if doc_id == first or column(doc_id) == column(other)}
    titles = [before[doc_id]["title"] for doc_id in gone]
    kept_titles = {article["title"] for doc_id, article in before.items() if doc_id not in gone}
    asked_before = fetches(crawling.access_log).by_path

    result = crawling.project.run("forget", "--yes", first, column(other))
    assert result.returncode == 0, result.stderr
    forgotten = dump(mongo_uri, database_name)
    crawling.project.run(*crawl, "-a", "crawl=after")

    for archive in (forgotten, dump(mongo_uri, database_name)):
        assert [title for title in titles if title in archive and title not in kept_titles] == []
    assert stored_articles(mongo_uri, database_name).keys() == before.keys() - gone
    asked_since = fetches(crawling.access_log).by_path - asked_before
    assert asked_since.total() > 0
    assert [path for path in asked_since if any(doc_id in path for doc_id in gone)] == []
    # one that the site had deleted before was not in the archive, and is not asked for again
    never = {
        doc_id
        for doc_id in crawling.site.reachable(seed, 20)
        if column(doc_id) == column(other) and doc_id not in before
    }
    for name, pages in (("before", gone), ("after", gone | never)):
        found = report(mongo_uri, database_name, name)
        assert (found.problem, found.reasons["filtered: forgotten"]) == (None, len(pages))


def test_saved_page_of_a_forgotten_article_is_not_stored(project, mongo_uri, database_name):
    saved = ("crawl", "saved", "-a", f"path={SAVED}")
    assert project.run(*saved).returncode == 0
    project.run("forget", "--yes", SAVED.name)
    result = project.run(*saved, "-a", "crawl=again")
    assert result.returncode == 1  # there was nothing to store
    assert stored_articles(mongo_uri, database_name) == {}
    assert report(mongo_uri, database_name, "again").reasons == {"filtered: forgotten": 1}
