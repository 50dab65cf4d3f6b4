"""What a crawl writes about the articles it read: idempotent, in bulk, journalled.

Writing the same articles again for the same pages of the same crawl changes nothing and
answers the same, which is what makes a crash between two writes harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import ReplaceOne, UpdateOne

from netease_crawler.items import Article
from netease_crawler.storage.bulk import insert_missing
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.copies import mark_copies
from netease_crawler.storage.deletions import is_back
from netease_crawler.storage.documents import article_document
from netease_crawler.storage.forgetting import remove, select
from netease_crawler.storage.forgotten import forgotten_among, ids_of, is_forgotten, without
from netease_crawler.storage.shelves import fill_shelf
from netease_crawler.storage.surroundings import SurroundingsWriter
from netease_crawler.storage.texts import mend_texts, write_texts

# What a look at an unchanged article brings up to date. The rest of its document, the
# recommendations among it, stays as it was seen with this content.
_REFRESHED = ("join_count", "comment_count")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article to write, and the key of the page it was read from."""

    article: Article
    page: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What became of a batch."""

    results: dict[str, str]
    """``stored``, ``updated``, ``unchanged`` or ``duplicate`` for each doc id; ``filtered`` for
    one that is to stay forgotten, and was not written."""
    copies: tuple[str, ...]
    """Pages of this crawl, of earlier batches too, whose article is a copy: what counted as
    stored until its original came is a duplicate now."""


class ArticleWriter:
    """Writes articles, their revisions and copy marks, and what stands around them."""

    def __init__(self, database: Database, crawl: str, *, drop_copies: bool = False) -> None:
        self._database = database
        self._crawl = crawl
        self._drop_copies = drop_copies
        self._surroundings = SurroundingsWriter(database, crawl)

    async def write(self, entries: Sequence[Entry], now: datetime) -> Written:
        """Write *entries*, each doc id at most once among them; *now* is the time to record.

        What was forgotten is not written, nor named by what is.
        """
        given = entries
        forgotten = await forgotten_among(self._database, _ids(given))
        refused = {
            entry.article.doc_id: "filtered"
            for entry in entries
            if is_forgotten(entry.article, forgotten)
        }
        if forgotten:
            entries = [
                Entry(article=without(entry.article, forgotten), page=entry.page)
                for entry in entries
                if entry.article.doc_id not in refused
            ]
        written = await self._write(entries, now)
        late = await forgotten_among(self._database, _ids(given)) - forgotten
        if late:
            # Forgotten between our look and our write, which may have come after the removal.
            async for _ in remove(self._database, await select(self._database, late)):
                pass
            again = await self.write(entries, now)
            return Written(results=again.results | refused, copies=again.copies)
        return Written(results=written.results | refused, copies=written.copies)

    async def _write(self, entries: Sequence[Entry], now: datetime) -> Written:
        if not entries:
            return Written(results={}, copies=())
        documents = [article_document(entry.article) for entry in entries]
        digests = await self._digests(documents)
        replaced = await self._replaced(documents, digests)
        results: dict[str, str] = {}
        writes: list[ReplaceOne[Document] | UpdateOne] = []
        for entry, document in zip(entries, documents, strict=True):
            known = digests.get(document["_id"])
            results[document["_id"]] = result = self._result(document, known, entry.page)
            deleted_at = known.get("deleted_at") if known else None
            is_found_again = is_back(entry.article, deleted_at)
            if known and document["_id"] not in replaced and not known["lacks_text"]:
                writes.append(_refresh(document, now, is_found_again=is_found_again))
                continue
            if deleted_at is not None and not is_found_again:
                document["deleted_at"] = deleted_at
            document["first_seen_at"] = known["first_seen_at"] if known else now
            document["last_seen_at"] = max(now, known["last_seen_at"]) if known else now
            document["written"] = {"crawl": self._crawl, "page": entry.page, "as": result}
            writes.append(ReplaceOne({"_id": document["_id"]}, document, upsert=True))
        await insert_missing(
            self._database["revisions"],
            [_revision(document, now) for document in replaced.values()],
        )
        await self._database["articles"].bulk_write(writes, ordered=False)
        await self._write_texts(documents)
        await self._surroundings.write([entry.article for entry in entries], now)
        marks = await mark_copies(
            self._database,
            {
                document["fingerprint"]
                for document in (*documents, *replaced.values())
                if "fingerprint" in document
            },
            drop=self._drop_copies,
        )
        await fill_shelf(self._database)
        for doc_id in marks.copies.keys() & results.keys():
            if results[doc_id] == "stored":
                results[doc_id] = "duplicate"
        return Written(
            results=results,
            copies=tuple(
                written["page"]
                for written in marks.written
                if written["crawl"] == self._crawl and written["as"] == "stored"
            ),
        )

    async def _digests(self, documents: Sequence[Document]) -> dict[str, Document]:
        found = self._database["articles"].find(
            {"_id": {"$in": [document["_id"] for document in documents]}},
            {
                "content_hash": 1,
                "first_seen_at": 1,
                "last_seen_at": 1,
                "written": 1,
                "deleted_at": 1,
                # a copy that lost its text, and its original since
                "lacks_text": {"$and": [{"$not": ["$copy_of"]}, {"$lte": ["$text", None]}]},
            },
        )
        return {document["_id"]: document async for document in found}

    async def _replaced(
        self, documents: Sequence[Document], digests: dict[str, Document]
    ) -> dict[str, Document]:
        changed = [
            document["_id"]
            for document in documents
            if document["_id"] in digests
            and digests[document["_id"]]["content_hash"] != document["content_hash"]
        ]
        if not changed:
            return {}
        found = self._database["articles"].find({"_id": {"$in": changed}})
        return {document["_id"]: document async for document in found}

    async def _write_texts(self, documents: Sequence[Document]) -> None:
        written = [document for document in documents if "written" in document]
        await write_texts(self._database, written)
        others = [document["_id"] for document in documents if "written" not in document]
        if others:
            await mend_texts(self._database, others)

    def _result(self, document: Document, known: Document | None, page: str) -> str:
        if known is None:
            return "stored"
        if known["content_hash"] != document["content_hash"]:
            return "updated"
        written: Document = known["written"]
        if written["crawl"] == self._crawl and written["page"] == page:
            return str(written["as"])  # fetched again after a crash
        return "unchanged"


def _ids(entries: Sequence[Entry]) -> Iterator[str]:
    return (id_ for entry in entries for id_ in ids_of(entry.article))


def _refresh(document: Document, now: datetime, *, is_found_again: bool) -> UpdateOne:
    counts = {name: document[name] for name in _REFRESHED if name in document}
    changes: Document = {"$max": {"last_seen_at": now}}
    if counts:
        changes["$set"] = counts
    if is_found_again:
        changes["$unset"] = {"deleted_at": ""}
    return UpdateOne({"_id": document["_id"]}, changes)


def _revision(replaced: Document, now: datetime) -> Document:
    # Named by what it was and by the page of the crawl that wrote it: repeated, it is the same.
    written = replaced["written"]
    return replaced | {
        "_id": f"{written['crawl']}/{written['page']}/{replaced['content_hash']}",
        "doc_id": replaced["_id"],
        "replaced_at": now,
    }
