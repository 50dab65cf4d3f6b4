"""What the site has deleted and the archive keeps: ``deleted_at`` of an article.

It is when a crawl first found the article's page gone, in UTC by the database's clock. The mark
is taken off where the article is written again (:mod:`.writer`), if it was fetched after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pymongo import UpdateOne

from netease_crawler.items import Article
from netease_crawler.storage.connection import Database
from netease_crawler.storage.texts import mark_deleted_texts


async def mark_deleted(database: Database, found_at: Mapping[str, datetime]) -> None:
    """Mark those of *found_at* (doc id → when it was found gone) that are in the archive.

    An earlier mark stays, and so does an article that was seen since. Done again, it changes
    nothing.
    """
    if not found_at:
        return
    articles = database["articles"]
    await articles.bulk_write(
        [
            UpdateOne(
                {"_id": doc_id, "deleted_at": None, "last_seen_at": {"$lt": at}},
                {"$set": {"deleted_at": at}},
            )
            for doc_id, at in found_at.items()
        ],
        ordered=False,
    )
    # What the articles say, not what was found now: a crash may have come between the two.
    marked = articles.find(
        {"_id": {"$in": list(found_at)}, "deleted_at": {"$exists": True}}, {"deleted_at": 1}
    )
    await mark_deleted_texts(
        database, {article["_id"]: article["deleted_at"] async for article in marked}
    )


def is_back(article: Article, deleted_at: datetime | None) -> bool:
    """Whether *article* was fetched after it had been found gone.

    A saved page is not fetched, and one in the quarantine was before: what they show says
    nothing of the site since then.
    """
    return (
        deleted_at is not None
        and article.fetched_at is not None
        and article.fetched_at > deleted_at
    )
