from __future__ import annotations

from datetime import timedelta
from typing import Any

from netease_crawler.items import Article, Recommendation
from netease_crawler.storage.beginnings import Beginnings, read_beginnings
from netease_crawler.storage.connection import Database
from netease_crawler.storage.graph import Node
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article
from tests.conftest import InDatabase, Store

ELSEWHERE = "https://www.163.com/special/jiangpan/"


def recommending(number: int, *targets: str) -> Article:
    """Return an article, newer than those of smaller numbers."""
    return make_article(
        f"K1{number:06}05149ABC",
        published_at=SEEN + timedelta(days=number),
        recommendations=tuple(
            Recommendation(
                kind="related",
                position=place,
                url=target,
                doc_id=None if "/" in target else target,
                title="早高峰加开列车",
            )
            for place, target in enumerate(targets, 1)
        ),
    )


def read(in_database: InDatabase[Any], limit: int) -> Beginnings:
    async def scenario(database: Database) -> Beginnings:
        return await read_beginnings(database, limit)

    found: Beginnings = in_database(scenario)
    return found


def known(article: Article) -> Node:
    return Node(
        id=article.doc_id,
        title=article.title,
        source=article.source,
        published_at=article.published_at,
        is_known=True,
    )


def test_articles_of_the_archive_by_how_often_they_are_recommended(
    store: Store, in_database: InDatabase[Any]
) -> None:
    targets = [make_article(doc_id) for doc_id in (EARLY, MIDDLE, LATE)]
    store(
        *targets,
        recommending(1, EARLY, MIDDLE, "VABCDEFGH"),
        recommending(2, LATE, MIDDLE, "VABCDEFGH", ELSEWHERE),
        recommending(3, MIDDLE, LATE, "VABCDEFGH", ELSEWHERE),
    )
    early, middle, late = map(known, targets)
    assert read(in_database, 2) == Beginnings(
        nodes=[middle, late], in_degrees={MIDDLE: 3, LATE: 2}, newest=6
    )
    assert read(in_database, 9) == Beginnings(
        nodes=[middle, late, early], in_degrees={MIDDLE: 3, LATE: 2, EARLY: 1}, newest=6
    )


def test_the_newest_articles_choose_and_all_are_counted(
    store: Store, in_database: InDatabase[Any]
) -> None:
    targets = [make_article(doc_id) for doc_id in (EARLY, MIDDLE, LATE)]
    older = [recommending(number, EARLY, MIDDLE) for number in range(3)]
    newest = [recommending(number, MIDDLE, LATE) for number in range(3, 103)]
    store(*targets, *older, *newest)
    assert read(in_database, 9) == Beginnings(
        nodes=[known(targets[1]), known(targets[2])],
        in_degrees={MIDDLE: 103, LATE: 100},
        newest=100,
    )


def test_an_empty_archive_has_none(in_database: InDatabase[Any]) -> None:
    assert read(in_database, 9) == Beginnings(nodes=[], in_degrees={}, newest=0)
