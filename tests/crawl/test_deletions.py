"""An article that the site deletes stays in the archive, marked as long as it is gone."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from netease_crawler.demo.misbehaviour import Misbehaviour
from netease_crawler.demo.other_pages import gone
from netease_crawler.demo.site import Site
from netease_crawler.storage.clock import server_time
from netease_crawler.storage.connection import Document, open_client
from tests.crawl.conftest import Misbehave
from tests.crawl.truth import report

ARTICLES = 40
SITE = Site(ARTICLES)
NUMBERS = [number for number in range(ARTICLES) if SITE.truth(number)["kind"] == "article"]
RETURNS, GOES, NEVER_WAS, STAYS = (SITE.doc_id(number) for number in NUMBERS[:4])
RULES = [
    Misbehaviour(path=f"*{RETURNS}*", status=404, after=1, times=2),
    Misbehaviour(path=f"*{GOES}*", status=200, body=gone(), after=1),
    Misbehaviour(path=f"*{NEVER_WAS}*", status=404),
]


def archived(uri: str, database_name: str, name: str) -> tuple[datetime, dict[str, Document]]:
    """Return what time it is for the database, and the documents of the collection *name*."""

    async def read() -> tuple[datetime, dict[str, Document]]:
        async with open_client(uri) as client:
            database = client[database_name]
            found = {one["_id"]: one async for one in database[name].find()}
            return await server_time(database), found

    return asyncio.run(read())


def without(document: Document, *names: str) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def marked(documents: dict[str, Document]) -> dict[str, Any]:
    return {
        doc_id: document["deleted_at"]
        for doc_id, document in documents.items()
        if "deleted_at" in document
    }


def test_an_article_is_marked_while_it_is_gone(
    misbehave: Misbehave, mongo_uri: str, database_name: str
) -> None:
    crawling = misbehave(RULES, ARTICLES)
    ids = ",".join((RETURNS, GOES, NEVER_WAS, STAYS))

    def crawl(name: str) -> tuple[datetime, dict[str, Document]]:
        arguments = ("-a", f"urls={ids}", "-a", "depth=0", "-a", f"crawl={name}")
        result = crawling.project.run("crawl", "article", *arguments)
        assert (result.returncode, report(mongo_uri, database_name, name).problem) == (0, None)
        return archived(mongo_uri, database_name, "articles")

    begun, first = crawl("first")
    assert (first.keys(), marked(first)) == ({RETURNS, GOES, STAYS}, {})

    ended, second = crawl("second")
    found = marked(second)
    assert found.keys() == {RETURNS, GOES}
    assert all(begun < at < ended for at in found.values())
    assert {doc_id: without(second[doc_id], "deleted_at") for doc_id in found} == {
        doc_id: first[doc_id] for doc_id in found
    }
    assert report(mongo_uri, database_name, "second").buckets["deleted"] == 3
    assert marked(archived(mongo_uri, database_name, "search")[1]) == found

    assert marked(crawl("third")[1]) == found

    _, fourth = crawl("fourth")
    assert marked(fourth) == {GOES: found[GOES]}
    assert marked(archived(mongo_uri, database_name, "search")[1]) == {GOES: found[GOES]}
    assert without(fourth[RETURNS], "last_seen_at") == without(first[RETURNS], "last_seen_at")
    assert fourth.keys() == first.keys()

    listed = crawling.project.run("search", "--deleted", "--with-copies").stdout.splitlines()
    assert [line.endswith("（已删除）") for line in listed] == [True, False]
    assert GOES in listed[0]


def test_saved_pages_say_nothing_of_today(
    misbehave: Misbehave, mongo_uri: str, database_name: str, tmp_path: Path
) -> None:
    crawling = misbehave(RULES, ARTICLES)
    for name in ("first", "second"):
        arguments = ("-a", f"urls={GOES},{STAYS}", "-a", "depth=0", "-a", f"crawl={name}")
        assert crawling.project.run("crawl", "article", *arguments).returncode == 0
    _, before = archived(mongo_uri, database_name, "articles")
    saved = tmp_path / "saved"
    saved.mkdir()
    number = SITE.index(GOES)
    assert number is not None
    (saved / f"{GOES}.html").write_text(SITE.page(number), encoding="utf-8")
    (saved / f"{STAYS}.html").write_text(gone(), encoding="utf-8")

    assert crawling.project.run("crawl", "saved", "-a", f"path={saved}").returncode == 0

    _, after = archived(mongo_uri, database_name, "articles")
    assert (marked(after), marked(before).keys()) == (marked(before), {GOES})
