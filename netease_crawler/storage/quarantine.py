"""Pages that cannot be read as articles, kept with the reason until somebody looks."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bson import Binary
from pymongo import ReplaceOne, UpdateOne

from netease_crawler.storage.connection import Database, Document

COLLECTION = "quarantine"
_LARGEST_BODY = 15_000_000
"""Bytes kept of a compressed page; a document of MongoDB has at most 16 MB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarantinedPage:
    """A page as it was fetched."""

    crawl: str
    key: str
    url: str
    reason: str
    answered_at: str
    """Address that answered, after redirects."""
    body: bytes
    encoding: str | None = None
    """Encoding that the server declared, if it did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptAnswer:
    """What is needed to read a quarantined page again as if it were fetched now."""

    url: str
    """Address that answered."""
    body: bytes
    encoding: str | None
    quarantined_at: datetime
    """When it was fetched, in UTC, but for the moments until it was written."""


async def quarantine(database: Database, pages: Sequence[QuarantinedPage], now: datetime) -> None:
    """Keep *pages*; the same page of the same crawl is kept once."""
    if not pages:
        return
    documents = [_document(page, now) for page in pages]
    await database[COLLECTION].bulk_write(
        [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in documents],
        ordered=False,
    )


async def keep_on(database: Database, reasons: Mapping[str, str]) -> None:
    """Leave the pages of the ids that *reasons* has as they are, each for its new reason."""
    if reasons:
        await database[COLLECTION].bulk_write(
            [UpdateOne({"_id": id_}, {"$set": {"reason": why}}) for id_, why in reasons.items()],
            ordered=False,
        )


async def let_go(database: Database, ids: Sequence[str]) -> None:
    """Remove the pages of *ids*, which were read."""
    if ids:
        await database[COLLECTION].delete_many({"_id": {"$in": list(ids)}})


async def kept_answer(database: Database, id_: str) -> KeptAnswer | None:
    """Return the page of *id_* as it was fetched; None where it is not there or was too large."""
    document = await database[COLLECTION].find_one({"_id": id_, "body": {"$exists": True}})
    if document is None:
        return None
    answered_at: str = document.get("answered_at") or document["url"]
    return KeptAnswer(
        url=answered_at,
        body=page_body(document),
        encoding=document.get("encoding"),
        quarantined_at=document["quarantined_at"],
    )


async def kept_ids(database: Database, crawl: str) -> list[str]:
    """Return the ids of the pages of *crawl* that can be read again."""
    found = database[COLLECTION].find({"crawl": crawl, "body": {"$exists": True}}, {"_id": 1})
    return [document["_id"] async for document in found]


def page_body(document: Document) -> bytes:
    """Return the bytes of a quarantined page as they were fetched."""
    return zlib.decompress(document["body"])


def _document(page: QuarantinedPage, now: datetime) -> Document:
    compressed = zlib.compress(page.body)
    document: Document = {
        "_id": f"{page.crawl}/{page.key}",
        "crawl": page.crawl,
        "key": page.key,
        "url": page.url,
        "reason": page.reason,
        "quarantined_at": now,
        "size": len(page.body),
    }
    if page.answered_at != page.url:
        document["answered_at"] = page.answered_at
    if page.encoding is not None:
        document["encoding"] = page.encoding
    if len(compressed) <= _LARGEST_BODY:
        document["body"] = Binary(compressed)
    return document
