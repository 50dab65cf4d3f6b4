"""What an archive of the demo site must hold, and what it does hold."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from netease_crawler.demo.site import Site
from netease_crawler.ledger.reports import Report, Reports
from netease_crawler.storage.connection import open_client

Archived = dict[str, dict[str, Any]]

_OF_RECOMMENDATIONS = ("position", "doc_id", "title", "source", "published_at", "comment_count")
_SAME_NAMES = ("title", "source", "location", "editor", "category", "rec_category")


def expected_articles(site: Site, doc_ids: Iterable[str]) -> Archived:
    """Return what is to be stored of those *doc_ids* that are not deleted."""
    truths = (site.truth(index) for doc_id in doc_ids if (index := site.index(doc_id)) is not None)
    return {
        truth["doc_id"]: {
            **{name: truth[name] for name in _SAME_NAMES},
            "url": truth["url"],
            "published_at": truth["published_at"],
            "text": "\n".join(truth["paragraphs"]),
            "images": truth["images"],
            "keywords": truth["keywords"],
            "media_id": truth["media_id"],
            "wemedia_id": truth["wemedia_id"],
            "copy_of": truth["copy_of"],
            "recommendations": [
                (kind, *(entry[name] for name in _OF_RECOMMENDATIONS))
                for kind in ("related", "hot")
                for entry in truth[kind]
            ],
        }
        for truth in truths
        if truth["kind"] != "deleted"
    }


def stored_articles(uri: str, database_name: str) -> Archived:
    """Return what is stored, in the same form."""

    async def read() -> Archived:
        async with open_client(uri) as client:
            found = client[database_name]["articles"].find({})
            return {document["_id"]: _stored(document) async for document in found}

    return asyncio.run(read())


def _stored(document: dict[str, Any]) -> dict[str, Any]:
    account = document.get("account", {})
    return {
        **{name: document.get(name) for name in (*_SAME_NAMES, "url", "copy_of")},
        "published_at": document["published_at"].isoformat(),
        "text": document["text"],
        "images": document["images"],
        "keywords": document["keywords"],
        "media_id": account.get("media_id"),
        "wemedia_id": account.get("wemedia_id"),
        "recommendations": [
            (
                entry["kind"],
                *(_plain(entry.get(name)) for name in _OF_RECOMMENDATIONS),
            )
            for entry in document["recommendations"]
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def expected_buckets(site: Site, doc_ids: Iterable[str]) -> Counter[str]:
    """Return how many of *doc_ids* are to end in each bucket of a first crawl."""
    buckets = {
        "article": "stored",
        "near_copy": "stored",
        "copy": "duplicate",
        "deleted": "deleted",
    }
    indexes = [site.index(doc_id) for doc_id in doc_ids]
    return Counter(buckets[site.truth(index)["kind"]] for index in indexes if index is not None)


def report(uri: str, database_name: str, crawl: str) -> Report:
    """Return the report of *crawl*."""

    async def read() -> Report:
        async with open_client(uri) as client:
            return await Reports(client[database_name]).report(crawl)

    return asyncio.run(read())


@dataclass(frozen=True)
class Fetches:
    """The requests for articles in a site's access log."""

    by_path: Counter[str]

    @property
    def repeated(self) -> int:
        """Requests for what had been fetched before."""
        return self.by_path.total() - len(self.by_path)


def fetches(access_log: Path) -> Fetches:
    """Return what *access_log* counts; a site that nobody asked has none."""
    if not access_log.exists():
        return Fetches(Counter())
    written = access_log.read_text()
    lines = written[: written.rfind("\n") + 1].splitlines()  # the last may be half written
    paths = [json.loads(line)["path"] for line in lines]
    return Fetches(Counter(path for path in paths if "/article/" in path))
