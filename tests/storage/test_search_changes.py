"""An article is found by what it says now, whatever became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database
from netease_crawler.storage.shelves import fill_shelf
from netease_crawler.storage.withdrawal import withdraw
from tests.articles import EARLY, LATE, SEEN, make_article
from tests.conftest import InDatabase
from tests.storage.searches import SIZE, found, made_up, write

COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"
ASKED = ("渡口", "桥梁", "提到", "提到 -渡口", "提到 -桥梁")


def test_an_edited_article_is_found_by_what_it_says_now(in_database: InDatabase[Any]) -> None:
    others = made_up(SIZE - 1)

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, make_article(EARLY, text="旧文提到渡口。"), *others)
        assert await fill_shelf(database, SIZE)
        edited = make_article(EARLY, text="新文提到桥梁。", published_at=SEEN)
        await write(database, edited, crawl="c2")
        first = [await found(database, word) for word in ASKED]
        await write(database, *(replace(one, doc_id=f"L{one.doc_id[1:]}") for one in others))
        assert await fill_shelf(database, SIZE)
        return first + [await found(database, word) for word in ASKED]

    assert in_database(scenario) == [[], [EARLY], [EARLY], [EARLY], []] * 2


def test_a_copy_that_lost_its_text_does_not_contain_what_was_in_it(
    in_database: InDatabase[Any],
) -> None:
    copy = make_article(LATE, text=COPIED, title="转载")

    async def scenario(database: Database) -> list[str]:
        await write(database, copy, *made_up(SIZE - 1))
        assert await fill_shelf(database, SIZE)
        await write(database, make_article(EARLY, text=COPIED), drop_copies=True)
        query = ArticleQuery(text="转载 -客流", with_copies=True)
        return [one.article.doc_id async for one in Archive(database).find(query)]

    assert in_database(scenario) == [LATE]


@pytest.mark.parametrize("drop", [False, True])
def test_a_copy_is_found_when_copies_are_asked_for(
    in_database: InDatabase[Any], drop: bool
) -> None:
    copy = make_article(LATE, text=COPIED, title="转载")

    async def scenario(database: Database) -> list[int]:
        await write(database, copy, drop_copies=drop)
        await write(database, make_article(EARLY, text=COPIED), drop_copies=drop)
        archive = Archive(database)
        return [
            await archive.count(ArticleQuery(text=text, with_copies=with_copies))
            for text in ("排队乘车", "转载")
            for with_copies in (False, True)
        ]

    assert in_database(scenario) == [1, 1 if drop else 2, 0, 1]


def test_what_is_withdrawn_is_found_as_it_was_before(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[list[str]]:
        await write(database, make_article(EARLY, text="旧文提到渡口。"))
        edited = make_article(EARLY, text="新文提到桥梁。")
        await write(database, edited, make_article(LATE, text="新文也提到桥梁。"), crawl="c2")
        assert await fill_shelf(database, 2)
        before = [await found(database, word) for word in ("渡口", "桥梁")]
        await withdraw(database, "c2", {EARLY: EARLY, LATE: LATE})
        return before + [await found(database, word) for word in ("渡口", "桥梁")]

    assert in_database(scenario) == [[], [LATE, EARLY], [EARLY], []]


def test_a_crawl_writes_search_data_that_is_missing(in_database: InDatabase[Any]) -> None:
    article = make_article()

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, article)
        await database["search"].delete_many({})  # killed before it was written
        missing = await found(database, "二号线")
        await write(database, article)
        return [missing, await found(database, "二号线")]

    assert in_database(scenario) == [[], [EARLY]]
