"""Taking back what a crawl stored and should not have: the archive is as it was before."""

from __future__ import annotations

from collections.abc import Mapping

from pymongo import DESCENDING

from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.copies import mark_copies
from netease_crawler.storage.texts import mend_texts


async def withdraw(database: Database, crawl: str, pages: Mapping[str, str]) -> None:
    """Take back the articles of *pages* (doc id → key of its page) that *crawl* stored.

    One that replaced an earlier state gives way to that again. What *crawl* found unchanged
    stays. Done again, it changes nothing.
    """
    found = database["articles"].find({"_id": {"$in": list(pages)}, "written.crawl": crawl})
    fingerprints: set[str] = set()
    async for document in found:
        written: Document = document["written"]
        if written["page"] != pages[document["_id"]]:
            continue
        if written["as"] == "updated":
            await _put_back(database, document)
        else:
            await database["articles"].delete_one(_as_seen(document))
        if "fingerprint" in document:
            fingerprints.add(document["fingerprint"])
    await mend_texts(database, list(pages))
    await mark_copies(database, fingerprints, drop=False)


async def _put_back(database: Database, document: Document) -> None:
    revision = await database["revisions"].find_one(
        {"doc_id": document["_id"]}, sort=[("replaced_at", DESCENDING)]
    )
    if revision is None:
        return
    earlier = {name: value for name, value in revision.items() if name != "replaced_at"}
    earlier["_id"] = earlier.pop("doc_id")
    await database["articles"].replace_one(_as_seen(document), earlier)
    await database["revisions"].delete_one({"_id": revision["_id"]})


def _as_seen(document: Document) -> Document:
    return {"_id": document["_id"], "written": document["written"]}
