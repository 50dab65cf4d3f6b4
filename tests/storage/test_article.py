"""What is known around an article."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from netease_crawler.items import Article, Block
from netease_crawler.storage.article import (
    Revision,
    SameText,
    recommending,
    revisions,
    same_texts,
    stored_among,
)
from netease_crawler.storage.connection import Database
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import InDatabase

SAME = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"
DAY = timedelta(days=1)


async def write(database: Database, *articles: Article, day: int = 0, **options: Any) -> None:
    entries = [Entry(article=article, page=article.doc_id) for article in articles]
    await ArticleWriter(database, f"c{day}", **options).write(entries, SEEN + day * DAY)


def test_articles_with_one_text_are_listed_from_each_of_them(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[list[SameText]]:
        await write(
            database,
            make_article(MIDDLE, text=SAME, source=None, published_at=None),
            make_article(EARLY, text=SAME),
            make_article(LATE),
            drop_copies=True,
        )
        return [await same_texts(database, doc_id) for doc_id in (EARLY, MIDDLE, LATE)]

    title = make_article().title
    group = [
        SameText(
            doc_id=EARLY,
            title=title,
            source="江畔观察",
            published_at=make_article().published_at,
            copy_of=None,
            deleted_at=None,
        ),
        SameText(
            doc_id=MIDDLE,
            title=title,
            source=None,
            published_at=None,
            copy_of=EARLY,
            deleted_at=None,
        ),
    ]
    assert in_database(scenario) == [group, group, []]


def test_at_most_fifty_with_one_text_the_earliest(in_database: InDatabase[Any]) -> None:
    doc_ids = [f"K0{number:06}05149ABC" for number in range(60)]

    async def scenario(database: Database) -> list[SameText]:
        await write(database, *(make_article(doc_id, text=SAME) for doc_id in doc_ids))
        return await same_texts(database, doc_ids[-1])

    assert [one.doc_id for one in in_database(scenario)] == doc_ids[:50]


def test_a_text_too_short_to_compare_is_nobodys_copy(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[SameText]:
        await write(database, make_article(EARLY, text="短"), make_article(LATE, text="短"))
        return await same_texts(database, EARLY)

    assert in_database(scenario) == []


def test_each_earlier_state_says_what_the_next_has_otherwise(in_database: InDatabase[Any]) -> None:
    first = make_article(text="江畔新城地铁二号线今晨开通。", editor="林一_NN1001")
    second = replace(
        first,
        title="二号线开通",
        blocks=(*first.blocks, Block(kind="paragraph", text="客流三万。")),
    )
    third = replace(
        second, blocks=(*second.blocks, Block(kind="image", url="http://a.126.net/a.jpg"))
    )
    fourth = replace(third, editor=None, location="江苏")

    async def scenario(database: Database) -> list[Revision]:
        for day, article in enumerate((first, second, second, third, fourth)):
            await write(database, article, day=day)
        return await revisions(database, fourth)

    longer = "江畔新城地铁二号线今晨开通。\n客流三万。"
    assert in_database(scenario) == [
        Revision(
            replaced_at=SEEN + 4 * DAY,
            last_seen_at=SEEN + 3 * DAY,
            title="二号线开通",
            text=longer,
            changed=("location", "editor"),
        ),
        Revision(
            replaced_at=SEEN + 3 * DAY,
            last_seen_at=SEEN + 2 * DAY,
            title="二号线开通",
            text=longer,
            changed=("blocks",),
        ),
        Revision(
            replaced_at=SEEN + DAY,
            last_seen_at=SEEN,
            title=first.title,
            text="江畔新城地铁二号线今晨开通。",
            changed=("title", "text"),
        ),
    ]


def test_lists_in_which_a_page_stands_are_counted(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[int]:
        await write(database, make_full_article(EARLY), make_full_article(MIDDLE))
        return [await recommending(database, doc_id) for doc_id in (LATE, "VABCDEFGH", EARLY)]

    assert in_database(scenario) == [2, 2, 0]


def test_what_the_archive_has_of_some_pages(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[str]:
        await write(database, make_article(MIDDLE), make_article(EARLY))
        return await stored_among(database, {LATE, MIDDLE, "VABCDEFGH", EARLY})

    assert in_database(scenario) == [EARLY, MIDDLE]
