"""Made-up articles, how they are stored, and how they are found."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from netease_crawler.grams import fold
from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database
from netease_crawler.storage.searching import RANKED
from netease_crawler.storage.shelves import fill_shelf
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import SEEN, make_article

SIZE = 8
"""Texts on a shelf here."""


async def write(database: Database, *articles: Article, crawl: str = "c1", **options: Any) -> None:
    entries = [Entry(article=article, page=article.doc_id) for article in articles]
    await ArticleWriter(database, crawl, **options).write(entries, SEEN)


async def fill(database: Database) -> None:
    while await fill_shelf(database, SIZE):
        pass


def numbered(number: int) -> str:
    return f"K0{number:06d}05149ABC"


async def found(database: Database, text: str, **criteria: Any) -> list[str]:
    """Return the doc ids of what is found, the newest first, in all ways the same."""
    query = ArticleQuery(text=text, with_copies=True, **criteria)
    archive = Archive(database)
    doc_ids = [stored.article.doc_id async for stored in archive.find(query)]
    ranked = [hit.doc_id for hit in (await archive.search(query, limit=RANKED)).hits]
    assert sorted(ranked) == sorted(doc_ids)
    assert await archive.count(query) == len(doc_ids)
    return doc_ids


WORDS = (
    *(
        "经济",
        "經濟",
        "地铁",
        "地鐵",
        "城市",
        "新能源",
        "汽车",
        "臺灣",
        "台湾",
        "二号线",
        "首日",
        "客流",
    ),
    *(
        "市民",
        "乘车",
        "GDP",
        "ｇｄｐ",
        "5G",
        "iPhone15",
        "葛蕾丝特琳",
        "𠮷野家",
        "50㎡",
        "C++",
        "後来",
    ),
    *("后来", "记者", "表示", "。", "，", "“", "”", " ", "\n", "\u3000", "😀"),
)


def made_up(count: int) -> list[Article]:
    draw = random.Random(5)
    return [
        make_article(
            numbered(number),
            text="".join(draw.choices(WORDS, k=25)),
            title="".join(draw.choices(WORDS, k=4)).strip() or "无题",
            published_at=None if number % 9 == 0 else SEEN - timedelta(hours=draw.randrange(50)),
        )
        for number in range(count)
    ]


def truth(articles: Sequence[Article], phrase: str) -> list[str]:
    oldest = datetime.min.replace(tzinfo=SEEN.tzinfo)
    matching = [
        article
        for article in articles
        if fold(phrase) in fold(article.title) or fold(phrase) in fold(article.text)
    ]
    matching.sort(key=lambda article: (article.published_at or oldest, article.doc_id))
    return [article.doc_id for article in reversed(matching)]
