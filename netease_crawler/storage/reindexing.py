"""Search data for articles that have none, or that of an earlier version of ours."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from netease_crawler.grams import VERSION
from netease_crawler.storage.connection import Database
from netease_crawler.storage.shelves import dissolve, fill_shelf, shelves
from netease_crawler.storage.texts import COLLECTION, TAIL, TEXT_FIELDS, mend_texts, write_texts

OUTDATED = {"search_version": {"$ne": VERSION}}
"""The filter for articles that no search finds."""

_AT_ONCE = 256  # articles of 20 KB


async def reindex(database: Database) -> AsyncGenerator[int, None]:
    """Write the search data that is missing; give after each write how many articles it was.

    Stopped and begun again, it goes on where it was. Crawls may run meanwhile.
    """
    articles = database["articles"]
    while found := await articles.find(OUTDATED, TEXT_FIELDS).limit(_AT_ONCE).to_list():
        doc_ids = [article["_id"] for article in found]
        await write_texts(database, found)
        await mend_texts(database, doc_ids)  # what a crawl has written since we looked
        await articles.update_many({"_id": {"$in": doc_ids}}, {"$set": {"search_version": VERSION}})
        await fill_shelf(database)
        yield len(found)
    await _tidy(database)


async def _tidy(database: Database) -> None:
    """Take down shelves that no text is on any more; put into the tail what is on none."""
    texts = database[COLLECTION]
    for shelf in await shelves(database, {"ready": True}):
        if await texts.find_one({"shelf": shelf}, {"_id": 1}) is None:
            await dissolve(database, shelf)
    known = [TAIL, *await shelves(database, {})]
    await texts.update_many({"shelf": {"$nin": known}}, {"$set": {"shelf": TAIL}})
    while await fill_shelf(database):
        pass
