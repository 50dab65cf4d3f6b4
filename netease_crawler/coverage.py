"""What an article shows of what its page may show: a field that falls silent tells of drift."""

from __future__ import annotations

from datetime import datetime, timezone

from netease_crawler.items import Article
from netease_crawler.urls import column, created_at

_FIRST_LOCATIONS = datetime(2022, 5, 1, tzinfo=timezone.utc)
"""The site began to show IP 属地 in April 2022."""
_HAO_COLUMN = "05"
"""First characters of the column of an account; an editorial page has no card and no statement."""
_ARTICLE = ("published_at", "source", "source_url", "editor", "category")
_ACCOUNT = ("name", "media_id", "description", "avatar_url", "article_count", "follower_count")
_ENTRY = ("title", "source", "published_at", "comment_count", "image_url")


def _parts_of(whole: str, parts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{whole}.{part}", part) for part in parts)


_OF_ACCOUNT = _parts_of("account", _ACCOUNT)
_OF_LISTS = {kind: _parts_of(kind, _ENTRY) for kind in ("related", "hot")}
"""The two lists differ in their markup: one may break without the other."""


def shown(article: Article) -> dict[str, bool]:
    """Return for each field that *article* can be judged by whether it shows it.

    ``account.name`` is a part of the account; ``related.title`` says whether any entry of
    相关推荐 has a title, ``hot.title`` the same of 热点推荐. Left out is what the page cannot be
    asked: parts of what it lacks, a location before May 2022, an account in an editorial
    column.
    """
    fields = {name: getattr(article, name) is not None for name in _ARTICLE}
    fields["keywords"] = bool(article.keywords)
    fields["images"] = any(block.kind == "image" for block in article.blocks)
    fields["headlines"] = bool(article.headlines)
    if created_at(article.doc_id) >= _FIRST_LOCATIONS:
        fields["location"] = article.location is not None
    if column(article.doc_id).startswith(_HAO_COLUMN):
        account = article.account
        fields["has_statement"] = article.has_statement
        fields["account"] = account is not None
        if account is not None:
            for name, part in _OF_ACCOUNT:
                fields[name] = getattr(account, part) is not None
    for kind, parts in _OF_LISTS.items():
        entries = [entry for entry in article.recommendations if entry.kind == kind]
        fields[kind] = bool(entries)
        if entries:
            for name, part in parts:
                fields[name] = any(getattr(entry, part) is not None for entry in entries)
    return fields
