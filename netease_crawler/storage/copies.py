"""Articles with the same text: the earliest is the original, the others are its copies.

Copies are marked after they are written. A look before the write would race: two workers
that fetch an article and its copy at the same moment would both find nothing. Of two that
write first and look afterwards, the later one finds both. The original is the one with the
smallest doc id, which begins with the time of its creation, so the marks do not depend on
the order of fetching.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pymongo import ASCENDING, UpdateOne

from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.texts import mark_texts

_TEXT = ("blocks", "text", "images", "recommendations", "history", "headlines", "originals")
"""What a dropped copy is stored without."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What marking found and changed."""

    copies: Mapping[str, str]
    """Doc ids of the copies in the groups looked at, each with that of its original."""
    originals: tuple[str, ...]
    written: tuple[Document, ...]
    """The ``written`` of these copies: by which page of which crawl."""


async def mark_copies(database: Database, fingerprints: Iterable[str], *, drop: bool) -> Marks:
    """Set ``copy_of`` in every group of articles that share one of *fingerprints*.

    With *drop* the copies lose their text: what is left of them is a reference.
    """
    wanted = list(fingerprints)
    while wanted:
        marks, changes = await _look(database, wanted, drop=drop)
        if changes:
            result = await database["articles"].bulk_write(changes, ordered=False)
            if result.matched_count < len(changes):
                # Another worker has marked some of them since: what it knew decides as well.
                continue
        await mark_texts(database, marks.copies, marks.originals, drop=drop)
        return marks
    return Marks({}, (), ())


async def _look(
    database: Database, fingerprints: list[str], *, drop: bool
) -> tuple[Marks, list[UpdateOne]]:
    found = (
        database["articles"]
        .find(
            {"fingerprint": {"$in": fingerprints}},
            {"fingerprint": 1, "copy_of": 1, "written": 1, "has_text": {"$gt": ["$text", None]}},
        )
        .sort("_id", ASCENDING)
    )
    groups: defaultdict[str, list[Document]] = defaultdict(list)
    async for document in found:
        groups[document["fingerprint"]].append(document)
    copies: dict[str, str] = {}
    written: list[Document] = []
    changes: list[UpdateOne] = []
    for original, *others in groups.values():
        if "copy_of" in original:  # its own original has changed its text since
            changes.append(UpdateOne(_as_seen(original), {"$unset": {"copy_of": ""}}))
        for copy in others:
            copies[copy["_id"]] = original["_id"]
            written.append(copy["written"])
            to_drop = drop and copy["has_text"]
            if to_drop or copy.get("copy_of") != original["_id"]:
                change: Document = {"$set": {"copy_of": original["_id"]}}
                if to_drop:
                    change["$unset"] = dict.fromkeys(_TEXT, "")
                changes.append(UpdateOne(_as_seen(copy), change))
    originals = tuple(group[0]["_id"] for group in groups.values())
    return Marks(copies, originals, tuple(written)), changes


def _as_seen(article: Document) -> Document:
    return {"_id": article["_id"], "copy_of": article.get("copy_of")}
