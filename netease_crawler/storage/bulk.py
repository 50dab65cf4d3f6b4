"""Inserting what is not there yet."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from netease_crawler.storage.connection import Document

_DUPLICATE_KEY = 11000


async def insert_missing(
    collection: AsyncCollection[Document], documents: Sequence[Document]
) -> list[Document]:
    """Insert *documents*, skipping each whose ``_id`` exists; return the skipped ones."""
    if not documents:
        return []
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        failures = error.details.get("writeErrors", [])
        if error.details.get("writeConcernErrors") or any(
            failure["code"] != _DUPLICATE_KEY for failure in failures
        ):
            raise
        return [documents[failure["index"]] for failure in failures]
    return []
