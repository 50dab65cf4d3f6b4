"""A page of a crawl, and where it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from netease_crawler.drift import Name
from netease_crawler.storage.connection import Document


class Bucket(str, Enum):
    """Where a discovered page ended."""

    STORED = "stored"
    """An article the archive did not have."""
    UPDATED = "updated"
    """An article whose content differs from what the archive had."""
    UNCHANGED = "unchanged"
    """An article the archive already had as it is."""
    DUPLICATE = "duplicate"
    """An article whose text an earlier one has under another id."""
    DELETED = "deleted"
    """The site says that the article is gone."""
    BANNED = "banned"
    """The site refused to show it: a ban, a verification page, a title without a text."""
    FAILED = "failed"
    """No answer, or an error of the site or of ours."""
    REJECTED = "rejected"
    """Not an article we can read; the page is in the quarantine."""
    FILTERED = "filtered"
    """Not fetched: robots.txt, out of the crawl's scope, or over one of its limits."""


PENDING, LEASED = "pending", "leased"
ARTICLE_BUCKETS = (Bucket.STORED, Bucket.UPDATED, Bucket.UNCHANGED, Bucket.DUPLICATE)
RETRIED_BUCKETS = (Bucket.BANNED, Bucket.FAILED)
"""What running the crawl's command again fetches again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A discovered page."""

    key: str
    """What makes it one page: the doc id of an article, the path of a saved file."""
    url: str
    depth: int = 0
    """Steps from the seeds."""
    found_on: str | None = None
    """Key of the page that linked to it first."""
    filtered: str | None = None
    """Why it is not to be fetched; such a page ends in ``filtered`` at once."""
    is_kept: bool = False
    """Whether its answer is in the quarantine: it is read again, not fetched."""
    is_accepted: bool = False
    """Whether its article is stored whatever it lacks."""
    lacked: tuple[Name, ...] = ()
    """What it lacked when it was read before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """How a page ended."""

    page: Page
    bucket: Bucket
    reason: str | None = None
    doc_id: str | None = None
    """The article that was read from it."""
    lacks: tuple[Name, ...] = ()
    """What made it a suspect; such a page is ``rejected``."""
    repaired: tuple[Name, ...] = ()
    """What it lacked before, and shows now."""
    read_at: datetime | None = None
    """When it was read, by the worker's clock: tells the order of a worker's pages."""


def name_text(name: Name) -> str:
    """Return *name* as documents have it: ``post2020_dy/source``."""
    return "/".join(name)


def name_of(text: str) -> Name:
    """Return the name that *text* stands for."""
    layout, _, field = text.partition("/")
    return layout, field


def page_id(crawl: str, key: str) -> str:
    """Return the ``_id`` that the page *key* of *crawl* has, in the quarantine too."""
    return f"{crawl}/{key}"


def page_document(page: Page, crawl: str) -> Document:
    """Return *page* as it is discovered by *crawl*."""
    document: Document = {
        "_id": page_id(crawl, page.key),
        "crawl": crawl,
        "key": page.key,
        "url": page.url,
        "depth": page.depth,
        "found_on": page.found_on,
        "state": PENDING,
    }
    if page.filtered is not None:
        document |= {"state": Bucket.FILTERED.value, "reason": page.filtered}
    return document


def page_of(document: Document) -> Page:
    """Return the page that *document* of the frontier is."""
    return Page(
        key=document["key"],
        url=document["url"],
        depth=document["depth"],
        found_on=document["found_on"],
        is_kept=document.get("is_kept", False),
        is_accepted=document.get("is_accepted", False),
        lacked=tuple(map(name_of, document.get("lacks", ()))),
    )


def drift_values(end: End) -> Document:
    """Return what *end* says of drift, as the document of its page gets it."""
    values: Document = {}
    if end.lacks or end.page.lacked:
        values["lacks"] = list(map(name_text, end.lacks))
    if end.lacks and end.read_at is not None:
        values["read_at"] = end.read_at
    if end.repaired:
        values["repaired"] = list(map(name_text, end.repaired))
    return values
