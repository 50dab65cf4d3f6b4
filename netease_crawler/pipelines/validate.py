"""Second step: nothing broken gets further."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from scrapy.exceptions import DropItem

from netease_crawler.items import Article
from netease_crawler.urls import canonical_url, created_at, doc_id_from_url

_EARLIEST_BY = timedelta(days=1)
"""How far publication may lie before the doc id's creation: a displayed time that was
edited was 157 s early on a page of 2015, the most seen."""


class InvalidArticle(DropItem):
    """An article contradicts itself or lacks what every article has; its page is kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, log_level="WARNING")


class ValidationPipeline:
    """Drops an article that cannot be right, with the reason, into the quarantine."""

    def process_item(self, item: Article) -> Article:
        reason = problem(item, datetime.now(timezone.utc))
        if reason is not None:
            raise InvalidArticle(reason)
        return item


def problem(article: Article, now: datetime) -> str | None:
    """Return why *article*, read at *now*, cannot be right; None where it can."""
    try:
        created = created_at(article.doc_id)
    except ValueError:
        return f"doc_id: {article.doc_id!r} has not the form of one"
    if not article.title:
        return "title: is empty"
    if not any(block.text or block.url for block in article.blocks):
        return "blocks: no text, image or video"
    try:
        if doc_id_from_url(article.url) != article.doc_id:
            return f"url: {article.url} is another article's"
        if canonical_url(article.url) != article.url:
            return f"url: {article.url} is not canonical"
    except ValueError:
        return f"url: {article.url} is not an article's"
    if article.published_at is not None:
        if article.published_at > now + _EARLIEST_BY:
            return f"published_at: {article.published_at} is in the future"
        if article.published_at < created - _EARLIEST_BY:
            return f"published_at: {article.published_at} is before the article was created"
    return None
