"""Pages that cannot be read as articles, kept with the reason until somebody looks."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bson import Binary
from pymongo import ReplaceOne

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
    body: bytes


async def quarantine(database: Database, pages: Sequence[QuarantinedPage], now: datetime) -> None:
    """Keep *pages*; the same page of the same crawl is kept once."""
    if not pages:
        return
    documents = [_document(page, now) for page in pages]
    await database[COLLECTION].bulk_write(
        [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in documents],
        ordered=False,
    )


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
    if len(compressed) <= _LARGEST_BODY:
        document["body"] = Binary(compressed)
    return document
