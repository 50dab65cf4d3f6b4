"""What stands around an article on its page: recommendations, its account, headlines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne

from netease_crawler.items import Article
from netease_crawler.storage.bulk import insert_missing
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.documents import account_document, edge_documents
from netease_crawler.urls import column

_REMEMBERED = 20_000
_REMEMBERED_FOR = timedelta(hours=1)


class SurroundingsWriter:
    """Writes edges, accounts and headlines, each idempotent.

    Boxes and author cards repeat on thousands of pages: one that was written within the
    hour as it is now is left alone, so that their ``last_seen_at`` is right to the hour.
    """

    def __init__(self, database: Database, crawl: str) -> None:
        self._database = database
        self._crawl = crawl
        self._recently: dict[str, Any] = {}
        self._recently_since: datetime | None = None

    async def write(self, articles: Iterable[Article], now: datetime) -> None:
        """Write what stands around *articles*; *now* is when it was seen."""
        if (
            self._recently_since is None
            or now - self._recently_since > _REMEMBERED_FOR
            or len(self._recently) > _REMEMBERED
        ):
            self._recently.clear()
            self._recently_since = now
        articles = list(articles)
        await self._write_edges(articles, now)
        await self._upsert("accounts", self._accounts(articles, now))
        await self._upsert("headlines", self._headlines(articles, now))

    async def _write_edges(self, articles: list[Article], now: datetime) -> None:
        edges = [edge for article in articles for edge in edge_documents(article, now, self._crawl)]
        collection = self._database["recommendations"]
        seen_before = await insert_missing(collection, edges)
        if seen_before:
            # `crawl` names the last crawl that saw the edge: each counts once.
            await collection.bulk_write(
                [
                    UpdateOne(
                        {"_id": edge["_id"], "crawl": {"$ne": self._crawl}},
                        {
                            "$inc": {"times_seen": 1},
                            "$max": {"last_seen_at": now},
                            "$set": {"position": edge["position"], "crawl": self._crawl},
                        },
                    )
                    for edge in seen_before
                ],
                ordered=False,
            )

    def _accounts(self, articles: list[Article], now: datetime) -> dict[str, UpdateOne]:
        changes: dict[str, UpdateOne] = {}
        for article in articles:
            account = article.account
            if account is None or account.media_id is None:
                continue
            key = f"{account.media_id}/{column(article.doc_id)}"
            if self._recently.get(key) == account:
                continue
            self._recently[key] = account
            values = account_document(account)
            changes[key] = UpdateOne(
                {"_id": account.media_id},
                {
                    # a page saved some time ago does not say how the account is now
                    **(
                        {"$setOnInsert": values | {"first_seen_at": now, "last_seen_at": now}}
                        if article.fetched_at is None
                        else {"$set": values} | _seen(now)
                    ),
                    "$addToSet": {"columns": column(article.doc_id)},
                },
                upsert=True,
            )
        return changes

    def _headlines(self, articles: list[Article], now: datetime) -> dict[str, UpdateOne]:
        changes: dict[str, UpdateOne] = {}
        for article in articles:
            for box in article.headlines:
                for link in box.links:
                    headline_id = f"{box.section}/{link.url}"
                    if self._recently.get(headline_id) == link.title:
                        continue
                    self._recently[headline_id] = link.title
                    values: Document = {
                        "section": box.section,
                        "url": link.url,
                        "title": link.title,
                    }
                    if link.doc_id is not None:
                        values["doc_id"] = link.doc_id
                    changes[headline_id] = UpdateOne(
                        {"_id": headline_id},
                        {"$set": values} | _seen(now),
                        upsert=True,
                    )
        return changes

    async def _upsert(self, collection: str, changes: dict[str, UpdateOne]) -> None:
        if not changes:
            return
        try:
            await self._database[collection].bulk_write(list(changes.values()), ordered=False)
        except BaseException:
            self._recently.clear()  # not written after all
            raise


def _seen(now: datetime) -> Document:
    """Return the change for what was seen *now*; another worker may have written a later time."""
    return {"$min": {"first_seen_at": now}, "$max": {"last_seen_at": now}}
