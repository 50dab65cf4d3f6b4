"""What is on a shelf of :mod:`.shelves`, by place: which texts, and when they were published."""

from __future__ import annotations

import struct
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bson import Binary

from netease_crawler.storage.connection import Database, Document, read

SHELVES = "search_shelves"
UNDATED = -(2**63)
"""The time of a text that has none: before all others."""

_ALL = 10_000  # as many as fit into one answer
_MOST_REMEMBERED = 1024  # rolls, of 25 KB each


@dataclass(frozen=True, slots=True)
class Roll:
    """What is on a shelf, by place: the newest first."""

    ids: str
    """Doc ids, all *width* characters long by spaces: a list of them takes four times as much."""
    width: int
    times: array[int]

    def __getitem__(self, place: int) -> tuple[int, str]:
        """Return the time and the doc id of what is in *place*."""
        begin = place * self.width
        return self.times[place], self.ids[begin : begin + self.width].rstrip()


_remembered: OrderedDict[str, Roll] = OrderedDict()  # by shelf, which never changes


def milliseconds(published_at: datetime | None) -> int:
    """Return *published_at* as shelves have it: unix time in milliseconds."""
    return UNDATED if published_at is None else round(published_at.timestamp() * 1000)


def time_and_id(text: Document) -> tuple[int, str]:
    """Return what orders *text*, or an article, and its doc id."""
    return milliseconds(text.get("published_at")), text["_id"]


def roll_values(texts: Sequence[Document]) -> Document:
    """Return what a shelf keeps of its *texts*, the newest first, to give their roll."""
    times = [time for time, _ in map(time_and_id, texts)]
    return {
        "doc_ids": " ".join(text["_id"] for text in texts),
        "times": Binary(struct.pack(f"<{len(times)}q", *times)),
    }


async def rolls(database: Database, chosen: Sequence[str]) -> dict[str, Roll]:
    """Return what is on the *chosen* shelves that there are, in this order."""
    found = {shelf: _remembered[shelf] for shelf in chosen if shelf in _remembered}
    if missing := [shelf for shelf in chosen if shelf not in found]:
        cursor = database[SHELVES].find(
            {"_id": {"$in": missing}}, {"doc_ids": 1, "times": 1}, batch_size=_ALL
        )
        for document in await read(cursor):
            doc_ids = document["doc_ids"].split(" ")
            width = max(map(len, doc_ids))
            found[document["_id"]] = Roll(
                ids="".join(doc_id.ljust(width) for doc_id in doc_ids),
                width=width,
                times=array("q", struct.unpack(f"<{len(doc_ids)}q", document["times"])),
            )
    _remembered.update(found)
    for shelf in found:
        _remembered.move_to_end(shelf)
    while len(_remembered) > _MOST_REMEMBERED:
        _remembered.popitem(last=False)
    return {shelf: found[shelf] for shelf in chosen if shelf in found}
