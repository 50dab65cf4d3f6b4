"""What is in an export: counted while it is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from netease_crawler.storage.archive import StoredArticle


class Contents:
    """Counts articles, and whose they are. Memory grows with accounts and sources only."""

    def __init__(self) -> None:
        self.articles = 0
        self.copies = 0
        self.deleted = 0
        self.undated = 0
        self.accounts: set[str] = set()
        """Media ids; the name of an account that shows none."""
        self.sources: set[str] = set()
        self.published: tuple[datetime, datetime] | None = None
        """The first and the last publication, in UTC; None where none has a time."""
        self.seen: tuple[datetime, datetime] | None = None
        """When the first article was first seen, and the last one last, in UTC."""

    def add(self, articles: Iterable[StoredArticle]) -> None:
        """Count *articles*."""
        for stored in articles:
            article = stored.article
            self.articles += 1
            self.copies += stored.copy_of is not None
            self.deleted += stored.deleted_at is not None
            if article.account and (account := article.account.media_id or article.account.name):
                self.accounts.add(account)
            if article.source:
                self.sources.add(article.source)
            if article.published_at is None:
                self.undated += 1
            else:
                self.published = _span(self.published, article.published_at, article.published_at)
            self.seen = _span(self.seen, stored.first_seen_at, stored.last_seen_at)


def _span(
    span: tuple[datetime, datetime] | None, first: datetime, last: datetime
) -> tuple[datetime, datetime]:
    return (first, last) if span is None else (min(span[0], first), max(span[1], last))
