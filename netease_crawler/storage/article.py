"""What the archive knows around an article: its copies, its earlier states, who recommends it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, DESCENDING

from netease_crawler.items import Article
from netease_crawler.storage.connection import Database, read
from netease_crawler.storage.documents import article_item

_LONGEST = 20_000  # milliseconds
_MOST_COPIES = 50
_MOST_REVISIONS = 50
_COMPARED = ("title", "original_title", "published_at", "source", "location", "editor", "text")
"""Fields of an article that its author or an editor writes; see fingerprints.content_hash."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SameText:
    """An article of a group that shares a text."""

    doc_id: str
    title: str
    source: str | None
    published_at: datetime | None
    copy_of: str | None
    """Doc id of the earliest of the group; null for that one itself."""
    deleted_at: datetime | None
    """When a crawl found that the site has withdrawn it, in UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """An earlier state of an article."""

    replaced_at: datetime
    """When a crawl stored the state that followed, in UTC."""
    last_seen_at: datetime
    """When a crawl last found this state on the site, in UTC."""
    title: str
    text: str
    changed: tuple[str, ...]
    """Names of the fields that the state after it has otherwise: of title, original_title,
    published_at, source, location, editor, text; ``blocks`` where images, videos or headings
    differ."""


async def same_texts(database: Database, doc_id: str) -> list[SameText]:
    """Return the articles with the text of *doc_id*, itself among them; the earliest first.

    At most 50; none where no other has its text.
    """
    articles = database["articles"]
    article = await articles.find_one(
        {"_id": doc_id, "fingerprint": {"$exists": True}}, {"fingerprint": 1}, max_time_ms=_LONGEST
    )
    if article is None:
        return []
    shown = dict.fromkeys(("title", "source", "published_at", "copy_of", "deleted_at"), 1)
    found = articles.find({"fingerprint": article["fingerprint"]}, shown, limit=_MOST_COPIES)
    group = await read(found.sort("_id", ASCENDING))  # begins with the time of creation
    if len(group) == 1:
        return []
    return [
        SameText(
            doc_id=one["_id"],
            title=one["title"],
            source=one.get("source"),
            published_at=one.get("published_at"),
            copy_of=one.get("copy_of"),
            deleted_at=one.get("deleted_at"),
        )
        for one in group
    ]


async def revisions(database: Database, article: Article) -> list[Revision]:
    """Return the earlier states of *article*, the latest first; at most 50."""
    shown = dict.fromkeys((*_COMPARED, "doc_id", "url", "layout", "blocks"), 1)
    shown |= {"replaced_at": 1, "last_seen_at": 1}
    found = database["revisions"].find({"doc_id": article.doc_id}, shown, limit=_MOST_REVISIONS)
    states: list[Revision] = []
    following = article
    for document in await read(found.sort("replaced_at", DESCENDING)):
        state = article_item(document | {"_id": article.doc_id})
        states.append(
            Revision(
                replaced_at=document["replaced_at"],
                last_seen_at=document["last_seen_at"],
                title=state.title,
                text=state.text,
                changed=_changed(state, following),
            )
        )
        following = state
    return states


async def recommending(database: Database, doc_id: str) -> int:
    """Return in how many lists of articles *doc_id* stands; an article has two of them."""
    edges = database["recommendations"]
    return await edges.count_documents({"to": doc_id}, maxTimeMS=_LONGEST)


async def stored_among(database: Database, doc_ids: Collection[str]) -> list[str]:
    """Return those of *doc_ids* that the archive has, in order."""
    found = database["articles"].find({"_id": {"$in": list(doc_ids)}}, {"_id": 1})
    return sorted([document["_id"] for document in await read(found)])


def _changed(state: Article, following: Article) -> tuple[str, ...]:
    names = tuple(name for name in _COMPARED if getattr(state, name) != getattr(following, name))
    if "text" not in names and state.blocks != following.blocks:
        return (*names, "blocks")
    return names
