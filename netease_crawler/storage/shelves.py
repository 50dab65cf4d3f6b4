"""Which texts have a pair of characters: answered for a thousand of them at a time.

New texts are the tail, which every search reads. As soon as there are enough of them, they
are put on a *shelf*: for each pair of characters a number whose bit *n* is 1 if the text in place
*n* has it. A shelf is never changed. What becomes of a text later (edited, withdrawn) makes its
place there stale, which does no harm: whatever the pairs say, the texts themselves decide.

``search_shelves`` has a document for each shelf: which texts are where, and their times.
``search_pairs`` has one for each first character of a shelf (``_id``: the character, the shelf):
second character → number, for titles and bodies; and one of :mod:`.shelf_values`. An index of
MongoDB has an entry for each pair of each text instead: ten times as large, and slower to write
than the article itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from netease_crawler.grams import pairs
from netease_crawler.storage.connection import Database, Document, read
from netease_crawler.storage.forgotten import forgotten_among, page_ids
from netease_crawler.storage.rolls import SHELVES, roll_values, time_and_id
from netease_crawler.storage.shelf_values import as_bytes, values_document
from netease_crawler.storage.texts import COLLECTION as TEXTS
from netease_crawler.storage.texts import TAIL
from netease_crawler.storage.together import together

PAIRS = "search_pairs"
SIZE = 1024
"""Texts on a shelf."""

_SHELVED = dict.fromkeys(
    ("folded", "published_at", "state", "location", "category", "blocks.kind"), 1
)
_LOCK = "lock"
_LOCKED_SECONDS = 60  # filling takes one or two
_AT_ONCE = 500  # documents of one write
_ALL = 10_000  # as many as fit into one answer


PairPlaces = dict[str, dict[str, tuple[int, int]]]
"""By pair and shelf, the bits for titles and for bodies."""


async def fill_shelf(database: Database, size: int = SIZE) -> bool:
    """Put *size* texts of the tail on a new shelf; False if there are fewer.

    False also where another worker is at it. Every search finds each text all the time: until
    it is on a shelf that is complete, it is in the tail.
    """
    texts = database[TEXTS]
    if await texts.count_documents({"shelf": TAIL}, limit=size) < size:
        return False
    if not await _lock(database):
        return False
    try:
        for leftover in await shelves(database, {"ready": False}):  # of a worker that died
            await dissolve(database, leftover)
        found = texts.find({"shelf": TAIL}, _SHELVED)
        documents = await found.limit(size).to_list()
        documents.sort(key=time_and_id, reverse=True)
        return len(documents) == size and await _fill(database, documents)
    finally:
        await database[SHELVES].delete_one({"_id": _LOCK})


async def dissolve(database: Database, shelf: str) -> None:
    """Take *shelf* down; its texts are in the tail again."""
    document = await database[SHELVES].find_one({"_id": shelf})
    if document is None:
        return
    await database[TEXTS].update_many({"shelf": shelf}, {"$set": {"shelf": TAIL}})
    await database[PAIRS].delete_many(
        {"_id": {"$in": [first + shelf for first in document["firsts"]]}}
    )
    await database[SHELVES].delete_one({"_id": shelf})


async def ready_shelves(database: Database) -> list[str]:
    """Return the shelves that searches look at, the oldest first."""
    return sorted(await shelves(database, {"ready": True}))


async def shelves(database: Database, criteria: Document) -> list[str]:
    """Return the shelves that meet *criteria*, also those that are not complete."""
    found = database[SHELVES].find(
        {"ready": {"$exists": True}} | criteria, {"_id": 1}, batch_size=_ALL
    )
    return [document["_id"] for document in await read(found)]


async def places(
    database: Database, needed: Iterable[str]
) -> dict[str, dict[str, tuple[int, int]]]:
    """Return, for each of the *needed* pairs, by shelf, the bits for titles and for bodies.

    A single character stands for any pair that it begins.
    """
    seconds: dict[str, set[str]] = {}
    for pair in needed:
        seconds.setdefault(pair[0], set()).add(pair[1:])
    found = await together(*(_places(database, first, wanted) for first, wanted in seconds.items()))
    return {pair: shelves for part in found for pair, shelves in part.items()}


async def _places(database: Database, first: str, seconds: set[str]) -> PairPlaces:
    # A word character: no dot and no dollar.
    wanted = [f"{place}.{second}" for place in ("title", "body") for second in seconds]
    cursor = database[PAIRS].find(
        {"_id": {"$gte": first, "$lt": first + "g"}},  # shelves are hexadecimal
        None if "" in seconds else dict.fromkeys(wanted, 1),
        batch_size=_ALL,
    )
    found: PairPlaces = {first + second: {} for second in seconds}
    for document in await read(cursor):
        shelf = document["_id"][1:]
        for second in seconds:
            title, body = (_bits(document[place], second) for place in ("title", "body"))
            if title or body:
                found[first + second][shelf] = title, body
    return found


def _bits(seconds: Mapping[str, bytes], second: str) -> int:
    if second:
        return int.from_bytes(seconds.get(second, b""), "little")
    bits = 0
    for value in seconds.values():
        bits |= int.from_bytes(value, "little")
    return bits


async def _fill(database: Database, documents: Sequence[Document]) -> bool:
    shelf = str(ObjectId())
    parts = await asyncio.to_thread(_pair_documents, shelf, documents)  # half a second
    doc_ids = [document["_id"] for document in documents]
    firsts = "".join(part["_id"][0] for part in parts)
    roll = {"_id": shelf, "ready": False, "firsts": firsts, **roll_values(documents)}
    await database[SHELVES].insert_one(roll)
    for begin in range(0, len(parts), _AT_ONCE):
        await database[PAIRS].insert_many(parts[begin : begin + _AT_ONCE], ordered=False)
    ready = await database[SHELVES].update_one({"_id": shelf}, {"$set": {"ready": True}})
    # as they were read: what was edited since stays in the tail
    as_read = {"$in": [document["state"] for document in documents]}
    await database[TEXTS].update_many(
        {"_id": {"$in": doc_ids}, "shelf": TAIL, "state": as_read}, {"$set": {"shelf": shelf}}
    )
    ids = [one for doc_id in doc_ids for one in page_ids(doc_id)]
    if not ready.matched_count or await forgotten_among(database, ids):
        # Taken down, or something on it was forgotten, between our look and our write.
        await database[SHELVES].replace_one({"_id": shelf}, roll, upsert=True)
        await dissolve(database, shelf)
        return False
    return True


def _pair_documents(shelf: str, texts: Sequence[Document]) -> list[Document]:
    found: dict[str, dict[str, int]] = {"title": {}, "body": {}}
    for place, document in enumerate(texts):
        bit = 1 << place
        for name, text in (("title", "title"), ("body", "text")):
            bits = found[name]
            for pair in pairs(document["folded"].get(text, "")):
                bits[pair] = bits.get(pair, 0) | bit
    parts: dict[str, Document] = {}
    for name, bits in found.items():
        for pair, number in bits.items():
            first, second = pair[0], pair[1]
            part: dict[str, Any] = parts.setdefault(
                first, {"_id": first + shelf, "title": {}, "body": {}}
            )
            part[name][second] = as_bytes(number)
    return [*parts.values(), values_document(shelf, texts)]


async def _lock(database: Database) -> bool:
    """Take the lock by which no two workers fill a shelf with the same texts.

    Two that did would cost space, nothing else.
    """
    expired = {"_id": _LOCK, "$expr": {"$lt": ["$until", "$$NOW"]}}
    until = {"$set": {"until": {"$add": ["$$NOW", _LOCKED_SECONDS * 1000]}}}
    if await database[SHELVES].find_one_and_update(expired, [until]) is not None:
        return True
    try:
        await database[SHELVES].insert_one(
            {"_id": _LOCK, "until": datetime.fromtimestamp(0, timezone.utc)}
        )
    except DuplicateKeyError:
        return False
    return await database[SHELVES].find_one_and_update(expired, [until]) is not None
