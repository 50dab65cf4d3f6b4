"""What is forgotten is nowhere in the archive, and does not come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from bson import json_util

from netease_crawler.items import Account, Article
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.documents import article_item
from netease_crawler.storage.forgetting import count, remove, same_text, select
from netease_crawler.storage.forgotten import forgotten_among, remember
from netease_crawler.storage.quarantine import QuarantinedPage, quarantine
from netease_crawler.storage.writer import ArticleWriter, Entry, Written
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article

AUTHOR = "T1512041896301"
COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"
NAMED = "早高峰加开列车"  # the title of LATE in make_full_article()


async def write(
    database: Database, *articles: Article, crawl: str = "c1", drop_copies: bool = False
) -> Written:
    writer = ArticleWriter(database, crawl, drop_copies=drop_copies)
    entries = [Entry(article=article, page=article.doc_id) for article in articles]
    return await writer.write(entries, SEEN)


async def forget(database: Database, *ids: str) -> dict[str, int]:
    selection = await select(database, ids)
    await remember(database, selection.ids, SEEN)
    done: dict[str, int] = {}
    async for name, documents in remove(database, selection):
        done[name] = done.get(name, 0) + documents
    return done


async def keep(database: Database, key: str, answered_at: str) -> None:
    page = QuarantinedPage(
        crawl="c1",
        key=key,
        url=f"https://www.163.com/dy/article/{key}.html",
        reason="no layout matches",
        answered_at=answered_at,
        body=f"<title>{NAMED}</title>".encode(),
    )
    await quarantine(database, [page], SEEN)


async def everything(database: Database) -> dict[str, list[Document]]:
    names = await database.list_collection_names()
    return {name: await database[name].find().sort("_id", 1).to_list() for name in sorted(names)}


async def holding(database: Database, text: str) -> set[str]:
    """Return the collections of which a document has *text* in it."""
    found = await everything(database)
    return {
        name
        for name, documents in found.items()
        if text in json_util.dumps(documents, ensure_ascii=False)
    }


async def ids(database: Database, collection: str) -> list[str]:
    return [document["_id"] for document in (await everything(database))[collection]]


async def archive_that_names_late(database: Database) -> None:
    """LATE with an earlier state, and an article with one that names it in every list."""
    late = make_article(LATE, title=NAMED)
    await write(database, replace(late, editor="陈三"), make_full_article(MIDDLE))
    await write(database, late, replace(make_full_article(MIDDLE), editor="陈三"), crawl="c2")
    await keep(database, LATE, f"https://www.163.com/dy/article/{LATE}.html")
    await keep(database, EARLY, f"https://m.163.com/dy/article/{LATE}.html?f=x")
    await keep(database, "VABCDEFGH", "https://www.163.com/")


def test_a_forgotten_article_is_nowhere(in_database):
    async def scenario(database: Database) -> list[object]:
        await archive_that_names_late(database)
        before = [await holding(database, NAMED), await holding(database, LATE)]
        counted = await count(database, await select(database, [LATE]))
        done = await forget(database, LATE)
        after = [await holding(database, NAMED), await holding(database, LATE)]
        return [before, counted, done, after, await ids(database, "quarantine")]

    before, counted, done, after, kept = in_database(scenario)
    both = {"articles", "revisions", "headlines", "search"}
    assert before == [both, both | {"quarantine", "recommendations"}]
    assert done == {
        "mentions": 2,
        "recommendations": 1,
        "headlines": 1,
        "quarantine": 2,
        "revisions": 1,
        "articles": 1,
    }
    assert counted == done | {"accounts": 0}
    assert after == [set(), {"forgotten"}]
    assert kept == ["c1/VABCDEFGH"]


def test_the_article_that_named_it_is_otherwise_as_it_was(in_database):
    async def scenario(database: Database) -> Article:
        await archive_that_names_late(database)
        await forget(database, LATE)
        document = await database["articles"].find_one({"_id": MIDDLE})
        assert document is not None
        return article_item(document)

    full = make_full_article(MIDDLE)
    assert in_database(scenario) == replace(
        full,
        editor="陈三",
        recommendations=full.recommendations[1:],
        history=(),
        originals=(),
        headlines=(replace(full.headlines[0], links=()),),
        next_article=None,
    )


def test_only_its_id_and_the_time_are_remembered(in_database):
    async def scenario(database: Database) -> list[Document]:
        await archive_that_names_late(database)
        await forget(database, LATE)
        return (await everything(database))["forgotten"]

    assert in_database(scenario) == [{"_id": LATE, "at": SEEN}]


def test_forgetting_again_changes_nothing(in_database):
    async def scenario(database: Database) -> list[object]:
        await archive_that_names_late(database)
        await forget(database, LATE)
        before = await everything(database)
        return [await forget(database, LATE), before, await everything(database)]

    done, before, after = in_database(scenario)
    assert done == {}
    assert after == before


def of_account(doc_id: str, media_id: str | None = AUTHOR, text: str | None = None) -> Article:
    account = Account(media_id=media_id, name="江畔观察", description="江畔新城的事")
    return make_article(doc_id, text, account=account if media_id else None)


OTHER = "T1512041896302"
SECOND, EDITORIAL, OTHERS_EDITORIAL = "K0A1B2D305149ABC", "K0A1B2E30001899O", "K0A1B2F30001899O"


@pytest.mark.parametrize("given", [AUTHOR, "05149ABC"])
def test_an_account_is_its_articles_and_its_column(in_database, given):
    async def scenario(database: Database) -> list[object]:
        await write(
            database,
            of_account(EARLY),
            of_account(SECOND, None),  # read off a page without the account's card
            of_account(EDITORIAL),
            of_account(OTHERS_EDITORIAL, OTHER),
            of_account(MIDDLE, OTHER),
        )
        done = await forget(database, given)
        left = [await ids(database, name) for name in ("articles", "accounts", "forgotten")]
        return [done, *left]

    assert in_database(scenario) == [
        {"articles": 3, "accounts": 1},
        [OTHERS_EDITORIAL, MIDDLE],
        [OTHER],
        # a column of many authors is not the account's
        ["05149ABC", EDITORIAL, AUTHOR],
    ]


def test_a_column_of_several_accounts_is_of_none_of_them(in_database):
    async def scenario(database: Database) -> list[object]:
        await write(database, of_account(EARLY), of_account(SECOND, OTHER))
        await forget(database, AUTHOR)
        return [await ids(database, name) for name in ("articles", "accounts", "forgotten")]

    assert in_database(scenario) == [[SECOND], [OTHER], [EARLY, AUTHOR]]


def test_a_column_takes_what_names_its_articles(in_database):
    async def scenario(database: Database) -> set[str]:
        await archive_that_names_late(database)
        await forget(database, LATE[8:])
        return await holding(database, NAMED) | await holding(database, LATE)

    assert in_database(scenario) == set()


@pytest.mark.parametrize("drop_copies", [False, True])
def test_the_next_earliest_copy_is_the_original_then(in_database, drop_copies):
    async def scenario(database: Database) -> list[object]:
        copied = [make_article(doc_id, COPIED) for doc_id in (EARLY, MIDDLE, LATE)]
        await write(database, *copied, drop_copies=drop_copies)
        others = await same_text(database, await select(database, [EARLY]))
        await forget(database, EARLY)
        found = (await everything(database))["articles"]
        return [others, {one["_id"]: one.get("copy_of") for one in found}]

    assert in_database(scenario) == [[MIDDLE, LATE], {MIDDLE: None, LATE: MIDDLE}]


def test_a_dropped_text_comes_back_with_the_next_crawl(in_database):
    async def scenario(database: Database) -> list[object]:
        copied = make_article(EARLY, COPIED), make_article(LATE, COPIED)
        await write(database, *copied, drop_copies=True)
        await forget(database, EARLY)
        await write(database, copied[1], crawl="c2", drop_copies=True)
        return [(one["_id"], one.get("text")) for one in (await everything(database))["articles"]]

    assert in_database(scenario) == [(LATE, COPIED)]


@pytest.mark.parametrize("given", [LATE, AUTHOR])
def test_stopped_after_any_step_and_repeated_it_ends_the_same(in_database, given):
    async def archive(database: Database) -> None:
        for name in await database.list_collection_names():
            await database[name].delete_many({})
        await archive_that_names_late(database)
        # in no column of its own, and the original of a copy
        await write(database, of_account(EDITORIAL, text=COPIED), of_account(EARLY, OTHER, COPIED))
        await write(database, of_account(OTHERS_EDITORIAL, OTHER, COPIED))

    async def stop_after(database: Database, steps: int) -> bool:
        """Forget, but no farther than so many steps; return whether it was stopped."""
        selection = await select(database, [given])
        await remember(database, selection.ids, SEEN)
        removing = remove(database, selection)
        async for _ in removing:
            steps -= 1
            if steps < 0:
                await removing.aclose()
                return True
        return False

    async def scenario(database: Database) -> tuple[dict[str, list[Document]], Sequence[object]]:
        await archive(database)
        await forget(database, given)
        undisturbed = await everything(database)
        ends = []
        for steps in range(20):
            await archive(database)
            if not await stop_after(database, steps):
                break
            await forget(database, given)
            ends.append(await everything(database))
        return undisturbed, ends

    undisturbed, ends = in_database(scenario)
    assert len(ends) >= 4
    assert [end == undisturbed for end in ends] == [True] * len(ends)


def test_a_later_crawl_stores_neither_the_article_nor_its_title(in_database):
    async def scenario(database: Database) -> list[object]:
        await archive_that_names_late(database)
        await forget(database, LATE)
        written = await write(
            database,
            make_article(LATE, title=NAMED),
            make_full_article(MIDDLE),
            make_full_article(EARLY),
            crawl="c3",
        )
        return [written.results, await holding(database, NAMED), await ids(database, "articles")]

    assert in_database(scenario) == [
        {LATE: "filtered", MIDDLE: "updated", EARLY: "stored"},
        set(),
        [EARLY, MIDDLE],
    ]


@pytest.mark.parametrize("forgotten", [AUTHOR, EARLY[8:]])
def test_a_later_crawl_stores_no_article_of_a_forgotten_account(in_database, forgotten):
    async def scenario(database: Database) -> list[object]:
        await remember(database, [forgotten], SEEN)
        written = await write(database, of_account(EARLY), of_account(LATE, OTHER))
        return [written.results, await ids(database, "articles")]

    assert in_database(scenario) == [{EARLY: "filtered", LATE: "stored"}, [LATE]]


def test_what_is_forgotten_while_a_batch_is_written_is_not_left_behind(in_database):
    class Overtaken(ArticleWriter):
        """Writes after somebody has forgotten LATE, of which it had asked before."""

        async def _write(self, entries: Sequence[Entry], now: object) -> Written:
            await forget(self._database, LATE)
            return await super()._write(entries, SEEN)

    async def scenario(database: Database) -> list[object]:
        articles = [make_article(LATE, title=NAMED), make_full_article(EARLY)]
        entries = [Entry(article=article, page=article.doc_id) for article in articles]
        written = await Overtaken(database, "c1").write(entries, SEEN)
        return [written.results, await holding(database, NAMED), await ids(database, "articles")]

    assert in_database(scenario) == [{LATE: "filtered", EARLY: "stored"}, set(), [EARLY]]


def test_an_archive_that_forgot_nothing_says_so(in_database):
    assert in_database(lambda database: forgotten_among(database, [EARLY])) == frozenset()
