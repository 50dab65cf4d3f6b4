"""The indexes of every collection, each with the question it answers."""

from __future__ import annotations

from contextlib import suppress

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import OperationFailure

from netease_crawler.storage.connection import Database


def _newest_first(*fields: str) -> IndexModel:
    """Return an index that finds by *fields* and gives pages in one order, ties too."""
    return IndexModel(
        [(field, ASCENDING) for field in fields]
        + [("published_at", DESCENDING), ("_id", DESCENDING)]
    )


INDEXES: dict[str, list[IndexModel]] = {
    "articles": [
        # which articles have the same text?
        IndexModel([("fingerprint", ASCENDING)], sparse=True),
        # what did this account publish, the newest first, and how much of it are copies?
        IndexModel(
            [
                ("account.media_id", ASCENDING),
                ("published_at", DESCENDING),
                ("_id", DESCENDING),
                ("copy_of", ASCENDING),
            ]
        ),
        # what did the account of this name, this source publish, the newest first? what is new?
        _newest_first("account.name"),
        _newest_first("source"),
        _newest_first(),
        # how many copies are there? how many articles did each layout read?
        IndexModel([("copy_of", ASCENDING)], sparse=True),
        IndexModel([("layout", ASCENDING)]),
        # what was deleted on the site, the newest first?
        IndexModel(
            [("published_at", DESCENDING), ("_id", DESCENDING), ("deleted_at", ASCENDING)],
            partialFilterExpression={"deleted_at": {"$exists": True}},
        ),
        # is there one without the search data of today?
        IndexModel([("search_version", ASCENDING)]),
    ],
    # which texts are in the tail, which on this shelf?
    "search": [IndexModel([("shelf", ASCENDING)])],
    # which shelves are complete?
    "search_shelves": [IndexModel([("ready", ASCENDING), ("_id", ASCENDING)])],
    "recommendations": [
        # what recommends this article, the newest first? (what it recommends: its _id begins with
        # the article's)
        IndexModel([("to", ASCENDING), ("_id", DESCENDING)]),
    ],
    "revisions": [IndexModel([("doc_id", ASCENDING), ("replaced_at", DESCENDING)])],
    "accounts": [
        # which account has this name, which writes in this column?
        IndexModel([("name", ASCENDING)]),
        IndexModel([("columns", ASCENDING)]),
    ],
    "frontier": [
        # what is to be leased next? how many pages are in each state?
        IndexModel(
            [
                ("crawl", ASCENDING),
                ("state", ASCENDING),
                ("depth", ASCENDING),
                ("key", DESCENDING),
            ]
        ),
    ],
    # which crawls were started last?
    "crawls": [IndexModel([("started_at", DESCENDING), ("_id", DESCENDING)])],
    "quarantine": [IndexModel([("crawl", ASCENDING)])],
    # how did a crawl behave, in the order in which it did?
    "conduct": [IndexModel([("crawl", ASCENDING), ("at", ASCENDING)])],
}


_SMALL_PAGES = {"wiredTiger": {"configString": "leaf_page_max=8KB"}}
"""For documents that are read one here, one there: MongoDB unpacks a whole page for each."""


async def ensure_indexes(database: Database) -> None:
    """Create the indexes that *database* does not have yet."""
    for collection in ("search", "search_pairs"):
        # It is there, or the server has other pages: then the collection is made as any.
        with suppress(OperationFailure):
            await database.create_collection(
                collection, check_exists=False, storageEngine=_SMALL_PAGES
            )
    for collection, indexes in INDEXES.items():
        await database[collection].create_indexes(indexes)
