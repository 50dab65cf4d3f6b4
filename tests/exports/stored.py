"""Stored articles, and what an export says of itself, as tests of exports need them."""

from __future__ import annotations

from datetime import datetime, timezone

from netease_crawler.exports.provenance import Provenance
from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import StoredArticle
from tests.articles import SEEN

PROVENANCE = Provenance(
    query=ArticleQuery(source="江畔观察"),
    made_at=datetime(2025, 3, 5, 6, 7, 8, tzinfo=timezone.utc),
)


def stored(
    article: Article, copy_of: str | None = None, deleted_at: datetime | None = None
) -> StoredArticle:
    return StoredArticle(
        article=article,
        first_seen_at=SEEN,
        last_seen_at=SEEN,
        copy_of=copy_of,
        deleted_at=deleted_at,
    )
