"""What a crawl writes: each article once, whatever happens twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from netease_crawler.items import Article, Recommendation
from netease_crawler.storage.connection import Database
from netease_crawler.storage.documents import article_document, article_item
from netease_crawler.storage.writer import ArticleWriter, Entry, Written
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article

COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"


async def write(
    database: Database, *articles: Article, crawl: str = "c1", drop_copies: bool = False
) -> Written:
    writer = ArticleWriter(database, crawl, drop_copies=drop_copies)
    entries = [Entry(article=article, page=article.doc_id) for article in articles]
    return await writer.write(entries, SEEN)


async def copies(database: Database) -> dict[str, str | None]:
    found = database["articles"].find({}, {"copy_of": 1})
    return {document["_id"]: document.get("copy_of") async for document in found}


def test_document_round_trip_keeps_every_field():
    article = make_full_article()
    assert article_item(article_document(article)) == article


def test_stored_article_is_read_back_as_it_was(in_database):
    article = make_full_article()

    async def scenario(database: Database) -> Article:
        await write(database, article)
        return article_item(await database["articles"].find_one({"_id": article.doc_id}))

    assert in_database(scenario) == article


def test_same_content_in_another_crawl_is_unchanged_and_refreshes_counts(in_database):
    async def scenario(database: Database) -> tuple[dict[str, str], dict[str, object], int]:
        await write(database, make_article(comment_count=3))
        again = ArticleWriter(database, "c2")
        seen_again = SEEN + timedelta(days=1)
        result = await again.write(
            [Entry(article=make_article(comment_count=9), page=EARLY)], seen_again
        )
        document = await database["articles"].find_one({"_id": EARLY})
        times = {
            name: document[name] for name in ("comment_count", "first_seen_at", "last_seen_at")
        }
        return result.results, times, await database["revisions"].count_documents({})

    assert in_database(scenario) == (
        {EARLY: "unchanged"},
        {
            "comment_count": 9,
            "first_seen_at": SEEN,
            "last_seen_at": SEEN + timedelta(days=1),
        },
        0,
    )


def test_changed_content_is_updated_and_keeps_the_revision(in_database):
    async def scenario(database: Database) -> tuple[dict[str, str], str, list[tuple[str, str]]]:
        await write(database, make_article(title="旧标题"))
        result = await write(database, make_article(title="新标题"), crawl="c2")
        document = await database["articles"].find_one({"_id": EARLY})
        revisions = database["revisions"].find({})
        return (
            result.results,
            document["title"],
            [(revision["doc_id"], revision["title"]) async for revision in revisions],
        )

    assert in_database(scenario) == ({EARLY: "updated"}, "新标题", [(EARLY, "旧标题")])


def test_title_that_changes_back_keeps_both_revisions(in_database):
    async def scenario(database: Database) -> list[str]:
        for crawl, title in (("c1", "甲"), ("c2", "乙"), ("c3", "甲"), ("c4", "丙")):
            await write(database, make_article(title=title), crawl=crawl)
        found = database["revisions"].find({}).sort("_id", 1)
        return [revision["title"] async for revision in found]

    assert in_database(scenario) == ["甲", "乙", "甲"]


def test_writing_the_same_page_again_changes_nothing_and_answers_the_same(in_database):
    async def everything(database: Database) -> dict[str, list[object]]:
        names = ("articles", "recommendations", "accounts", "headlines", "revisions")
        return {name: await database[name].find({}).sort("_id", 1).to_list() for name in names}

    async def scenario(database: Database) -> list[object]:
        await write(database, make_article(EARLY, "旧文：" + COPIED), crawl="c0")
        batch = (make_full_article(EARLY), make_article(MIDDLE, COPIED), make_article(LATE, COPIED))
        first = await write(database, *batch)
        before = await everything(database)
        second = await write(database, *batch)
        return [first.results, second.results, before, await everything(database)]

    first, second, before, after = in_database(scenario)
    assert first == {EARLY: "updated", MIDDLE: "stored", LATE: "duplicate"}
    assert second == first
    assert after == before


@pytest.mark.parametrize("order", list(permutations((EARLY, MIDDLE, LATE))))
def test_earliest_doc_id_is_the_original_in_whatever_order_they_come(in_database, order):
    async def scenario(database: Database) -> dict[str, str | None]:
        for doc_id in order:
            await write(database, make_article(doc_id, COPIED))
        return await copies(database)

    assert in_database(scenario) == {EARLY: None, MIDDLE: EARLY, LATE: EARLY}


def test_original_that_comes_late_makes_the_page_that_was_stored_a_copy(in_database):
    async def scenario(database: Database) -> list[Written]:
        return [
            await write(database, make_article(MIDDLE, COPIED)),
            await write(database, make_article(EARLY, COPIED)),
            await write(database, make_article(EARLY, COPIED)),  # after a crash
        ]

    assert in_database(scenario) == [
        Written(results={MIDDLE: "stored"}, copies=()),
        Written(results={EARLY: "stored"}, copies=(MIDDLE,)),
        Written(results={EARLY: "stored"}, copies=(MIDDLE,)),
    ]


def test_copy_differs_only_in_punctuation_width_and_spaces(in_database):
    async def scenario(database: Database) -> dict[str, str | None]:
        await write(database, make_article(EARLY, COPIED + "共２０站"))
        await write(database, make_article(LATE, COPIED.replace("，", " ") + "共20站。"))
        return await copies(database)

    assert in_database(scenario) == {EARLY: None, LATE: EARLY}


def test_short_equal_texts_are_no_copies(in_database):
    async def scenario(database: Database) -> dict[str, str | None]:
        await write(
            database, make_article(EARLY, "图片来自网络"), make_article(LATE, "图片来自网络")
        )
        return await copies(database)

    assert in_database(scenario) == {EARLY: None, LATE: None}


def test_copy_is_freed_when_its_original_is_rewritten(in_database):
    async def scenario(database: Database) -> dict[str, str | None]:
        await write(database, make_article(EARLY, COPIED), make_article(LATE, COPIED))
        await write(database, make_article(EARLY, "改写：" + COPIED), crawl="c2")
        return await copies(database)

    assert in_database(scenario) == {EARLY: None, LATE: None}


@pytest.mark.parametrize("order", [(EARLY, LATE), (LATE, EARLY)])
def test_dropped_copies_keep_a_reference_without_their_text(in_database, order):
    async def scenario(database: Database) -> list[tuple[object, ...]]:
        for doc_id in order:
            await write(database, make_article(doc_id, COPIED), drop_copies=True)
        found = database["articles"].find({}).sort("_id", 1)
        return [
            (document["_id"], document.get("copy_of"), document.get("text"), "blocks" in document)
            async for document in found
        ]

    assert in_database(scenario) == [(EARLY, None, COPIED, True), (LATE, EARLY, None, False)]


def test_dropped_text_comes_back_when_the_original_is_gone(in_database):
    async def scenario(database: Database) -> list[tuple[str, str | None]]:
        articles = make_article(EARLY, COPIED), make_article(LATE, COPIED)
        await write(database, *articles, drop_copies=True)
        await write(database, make_article(EARLY, "改写：" + COPIED), crawl="c2", drop_copies=True)
        result = await write(database, articles[1], crawl="c3", drop_copies=True)
        found = await database["articles"].find_one({"_id": LATE})
        return [(result.results[LATE], found.get("text")), ("copy_of", found.get("copy_of"))]

    assert in_database(scenario) == [("unchanged", COPIED), ("copy_of", None)]


def test_edges_count_each_crawl_that_saw_them(in_database):
    article = make_full_article()
    moved = replace(
        article,
        recommendations=(
            replace(article.recommendations[0], position=2),
            Recommendation(kind="related", position=1, url="https://www.163.com/x", doc_id=MIDDLE),
        ),
    )

    async def scenario(database: Database) -> list[tuple[object, ...]]:
        await write(database, article)
        await write(database, article)
        await write(database, moved, crawl="c2")
        found = database["recommendations"].find({}).sort("_id", 1)
        return [
            tuple(edge[name] for name in ("from", "kind", "to", "position", "times_seen"))
            async for edge in found
        ]

    assert in_database(scenario) == [
        (EARLY, "hot", "VABCDEFGH", 1, 1),
        (EARLY, "related", MIDDLE, 1, 1),
        (EARLY, "related", LATE, 2, 2),
    ]


def test_account_is_kept_with_its_columns(in_database):
    article = make_full_article()

    async def scenario(database: Database) -> object:
        await write(database, article)
        return await database["accounts"].find_one({})

    assert in_database(scenario) == {
        "_id": "T1512041896301",
        "wemedia_id": "W8207225059024480001",
        "name": "江畔观察",
        "url": "https://www.163.com/dy/media/T1512041896301.html",
        "description": "江畔新城的事",
        "avatar_url": "http://dingyue.ws.126.net/2025/0101/b.jpg",
        "article_count": 120,
        "follower_count": 4500,
        "columns": [EARLY[8:]],
        "first_seen_at": SEEN,
        "last_seen_at": SEEN,
    }


def test_a_worker_that_writes_late_takes_nothing_back(in_database):
    seen = ("articles", "recommendations", "accounts", "headlines")

    async def scenario(database: Database) -> set[tuple[str, object, object]]:
        article = make_full_article()
        for crawl, at in (("c1", SEEN), ("c2", SEEN - timedelta(minutes=10))):
            writer = ArticleWriter(database, crawl)
            await writer.write([Entry(article=article, page=article.doc_id)], at)
        return {
            (name, document["first_seen_at"] <= SEEN, document["last_seen_at"])
            for name in seen
            async for document in database[name].find()
        }

    assert in_database(scenario) == {(name, True, SEEN) for name in seen}


def test_article_changed_by_a_clock_that_is_behind_was_last_seen_when_it_was(in_database):
    async def scenario(database: Database) -> tuple[object, object]:
        for title, hours in (("一", 0), ("一", 2), ("二", 1)):
            writer = ArticleWriter(database, f"c{hours}")
            entry = Entry(article=make_article(title=title), page=EARLY)
            await writer.write([entry], SEEN + timedelta(hours=hours))
        document = await database["articles"].find_one({"_id": EARLY})
        return document["title"], document["last_seen_at"]

    assert in_database(scenario) == ("二", SEEN + timedelta(hours=2))
