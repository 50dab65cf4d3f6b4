"""Which texts on a shelf are of a place, a category, have a video: what else selects them.

A document for each shelf beside those of its pairs, under :data:`FIRST`, which is no character of
a word: by field the values, each with a number whose bit *n* is 1 if the text in place *n* has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_

from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.connection import Database, Document, read

FIRST = "@"
_ALL = 10_000  # as many as fit into one answer


def values_document(shelf: str, texts: Sequence[Document]) -> Document:
    """Return the document of *shelf*, on which *texts* are in this order."""
    found: dict[str, dict[str, int]] = {"location": {}, "category": {}, "kind": {}}
    for place, text in enumerate(texts):
        for field, value in _values(text):
            bits = found[field]
            bits[value] = bits.get(value, 0) | 1 << place
    # not as keys: a value may be any text
    listed = {
        field: [{"value": value, "places": as_bytes(number)} for value, number in bits.items()]
        for field, bits in found.items()
    }
    return {"_id": FIRST + shelf, **listed}


async def places_of_values(
    database: Database, collection: str, query: ArticleQuery
) -> dict[str, int]:
    """Return by shelf which places meet *query*'s location, category and video, if it has any.

    A shelf that is not there may have them anywhere.
    """
    fields = {
        "location": query.location is not None,
        "category": query.category is not None,
        "kind": query.has_video,
    }
    asked = [field for field, is_asked in fields.items() if is_asked]
    if not asked:
        return {}
    cursor = database[collection].find(
        {"_id": {"$gte": FIRST, "$lt": FIRST + "g"}},  # shelves are hexadecimal
        dict.fromkeys(asked, 1),
        batch_size=_ALL,
    )
    return {
        document["_id"][len(FIRST) :]: reduce(
            and_, (_places(query, field, document[field]) for field in asked)
        )
        for document in await read(cursor)
    }


def as_bytes(number: int) -> bytes:
    """Return the bits of *number*, the first in the first byte."""
    return number.to_bytes((number.bit_length() + 7) // 8, "little")


def _values(text: Document) -> Iterator[tuple[str, str]]:
    for field in ("location", "category"):
        if field in text:
            yield field, text[field]
    for block in text.get("blocks", ()):
        yield "kind", block["kind"]


def _places(query: ArticleQuery, field: str, listed: Sequence[Document]) -> int:
    asked = (one["places"] for one in listed if _is_asked(query, field, one["value"]))
    return reduce(or_, (int.from_bytes(places, "little") for places in asked), 0)


def _is_asked(query: ArticleQuery, field: str, value: str) -> bool:
    if field == "location":
        return value == query.location
    if field == "kind":
        return value == "video"
    return value == query.category or value.startswith(f"{query.category}/")
