"""The article spider from seeds to MongoDB, compared with what is true of the site."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from netease_crawler.storage.connection import open_client
from netease_crawler.urls import created_at, doc_id_from_url
from tests.crawl.truth import (
    expected_articles,
    expected_buckets,
    fetches,
    report,
    stored_articles,
)


def buckets_of_articles(uri: str, database_name: str, crawl: str) -> Counter[str]:
    found = report(uri, database_name, crawl)
    return Counter(
        {name: pages for name, pages in found.buckets.items() if pages and name != "filtered"}
    )


def test_crawl_stores_the_whole_site_as_it_is(start_crawling, mongo_uri, database_name):
    crawling = start_crawling(120)
    result = crawling.project.run(
        "crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=20", "-a", "crawl=whole"
    )
    assert result.returncode == 0, result.stderr

    everything = crawling.site.reachable(doc_id_from_url(crawling.seed), 20)
    assert len(everything) == 120
    assert stored_articles(mongo_uri, database_name) == expected_articles(crawling.site, everything)
    assert buckets_of_articles(mongo_uri, database_name, "whole") == expected_buckets(
        crawling.site, everything
    )
    assert report(mongo_uri, database_name, "whole").problem is None
    assert fetches(crawling.access_log).repeated == 0


@pytest.mark.parametrize("follow", ["related", "related,hot"])
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_depth_and_kinds_of_links(start_crawling, mongo_uri, database_name, depth, follow):
    crawling = start_crawling(400)
    crawling.project.run(
        *("crawl", "article", "-a", f"urls={crawling.seed}"),
        *("-a", f"depth={depth}", "-a", f"follow={follow}"),
    )
    reached = crawling.site.reachable(doc_id_from_url(crawling.seed), depth, follow.split(","))
    expected = expected_articles(crawling.site, reached)
    assert stored_articles(mongo_uri, database_name).keys() == expected.keys()


def test_crawling_again_finds_everything_unchanged(start_crawling, mongo_uri, database_name):
    crawling = start_crawling(40)
    command = ("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=20")
    crawling.project.run(*command, "-a", "crawl=first")
    before = stored_articles(mongo_uri, database_name)
    crawling.project.run(*command, "-a", "crawl=second")
    deleted = report(mongo_uri, database_name, "first").buckets["deleted"]
    assert stored_articles(mongo_uri, database_name) == before
    assert buckets_of_articles(mongo_uri, database_name, "second") == +Counter(
        unchanged=len(before), deleted=deleted
    )


@pytest.mark.parametrize(
    "form",
    [
        "https://www.163.com/dy/article/{}.html?f=post2020_dy_recommends&spss=x#f=y",
        "http://www.163.com/news/article/{}.html",
        "https://m.163.com/dy/article/{}.html",
        "https://3g.163.com/news/article/{}.html?clickfrom=app",
        "https://dy.163.com/v2/article/detail/{}.html",
        "https://c.m.163.com/news/a/{}.html",
        "www.163.com/dy/article/{}.html",
        "{}",
    ],
)
def test_every_form_of_an_address_is_the_same_article(
    start_crawling, mongo_uri, database_name, form
):
    crawling = start_crawling(3)
    doc_id = doc_id_from_url(crawling.seed)
    crawling.project.run(
        *("crawl", "article", "-a", f"urls={form.format(doc_id)},{crawling.seed}", "-a", "depth=0")
    )
    assert stored_articles(mongo_uri, database_name) == expected_articles(crawling.site, [doc_id])
    assert fetches(crawling.access_log).by_path == {f"/dy/article/{doc_id}.html": 1}


def test_dates_are_applied_before_fetching(start_crawling, mongo_uri, database_name):
    crawling = start_crawling(60)
    doc_ids = [crawling.site.doc_id(index) for index in range(60)]
    moments = sorted(created_at(doc_id).replace(microsecond=0) for doc_id in doc_ids)
    since, until = moments[20], moments[40]
    result = crawling.project.run(
        *("crawl", "article", "-a", f"urls={','.join(doc_ids)}", "-a", "depth=3"),
        *("-a", f"since={since.isoformat()}", "-a", f"until={until.isoformat()}"),
        *("-a", "crawl=window"),
    )
    assert result.returncode == 0, result.stderr
    within = [doc_id for doc_id in doc_ids if since <= created_at(doc_id) < until]
    expected = expected_articles(crawling.site, within)
    assert stored_articles(mongo_uri, database_name).keys() == expected.keys()
    assert fetches(crawling.access_log).by_path.keys() == {
        f"/dy/article/{doc_id}.html" for doc_id in within
    }
    reasons = report(mongo_uri, database_name, "window").reasons
    assert (
        reasons["filtered: created before since"],
        reasons["filtered: created after until"],
    ) == (
        20,
        20,
    )


def test_max_articles_is_kept_by_several_workers(start_crawling, mongo_uri, database_name):
    crawling = start_crawling(200)
    command = (
        *("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=20"),
        *("-a", "max_articles=70", "-a", "crawl=limited"),
    )
    workers = [crawling.project.start(*command) for _ in range(3)]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0, 0]
    found = report(mongo_uri, database_name, "limited")
    assert len(stored_articles(mongo_uri, database_name)) == 70
    assert (found.problem, found.reasons["filtered: max_articles"] > 0) == (None, True)


@pytest.mark.parametrize("by", ["source", "media_id"])
def test_accounts_by_name_or_media_id(start_crawling, mongo_uri, database_name, by):
    crawling = start_crawling(120)
    truths = [crawling.site.truth(index) for index in range(120)]
    wanted = truths[0][by]
    crawling.project.run(
        *("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=20"),
        *("-a", f"accounts={wanted}", "-a", "crawl=one"),
    )
    of_account = {truth["doc_id"] for truth in truths if truth[by] == wanted}
    stored = stored_articles(mongo_uri, database_name)
    assert stored.keys() <= of_account
    assert doc_id_from_url(crawling.seed) in stored
    assert {article[by] for article in stored.values()} == {wanted}
    assert report(mongo_uri, database_name, "one").problem is None


def test_dropped_copies_are_references(start_crawling, mongo_uri, database_name):
    crawling = start_crawling(200, DUPLICATES="drop")
    crawling.project.run("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=20")
    truths = [crawling.site.truth(index) for index in range(200)]
    expected = {truth["doc_id"]: truth["copy_of"] for truth in truths if truth["kind"] == "copy"}
    assert expected

    async def references() -> dict[str, tuple[str, bool]]:
        async with open_client(mongo_uri) as client:
            found = client[database_name]["articles"].find({"copy_of": {"$exists": True}})
            return {
                document["_id"]: (document["copy_of"], "text" in document)
                async for document in found
            }

    assert asyncio.run(references()) == {
        doc_id: (original, False) for doc_id, original in expected.items()
    }


def test_crawl_goes_on_from_elsewhere_without_its_file(
    start_crawling, mongo_uri, database_name, tmp_path
):
    crawling = start_crawling(30)
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(crawling.site.doc_id(index) for index in range(30)))
    crawling.project.run(
        *("crawl", "article", "-a", "urls_file=seeds.txt", "-a", "depth=0"),
        *("-a", "crawl=file", "-s", "CLOSESPIDER_PAGECOUNT=5"),
    )
    assert report(mongo_uri, database_name, "file").outcome == "interrupted"
    seeds.unlink()
    result = crawling.project.run("crawl", "article", "-a", "crawl=file")
    assert result.returncode == 0, result.stderr
    everything = [crawling.site.doc_id(index) for index in range(30)]
    assert (
        stored_articles(mongo_uri, database_name).keys()
        == expected_articles(crawling.site, everything).keys()
    )
