"""A page on its way from its lease to its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from netease_crawler.drift import Name
from netease_crawler.items import Article
from netease_crawler.ledger.coverages import Shown
from netease_crawler.ledger.page import Bucket, Page


@dataclass(slots=True)
class OpenPage:
    """A leased page that has not ended yet."""

    page: Page
    body: bytes = b""
    answered_at: str | None = None  # address
    encoding: str | None = None  # as the server declared it
    links: list[Page] = field(default_factory=list)
    doc_id: str | None = None  # the article that was read from it
    ending: bool = False


@dataclass(slots=True)
class Ending:
    """An open page with how it is to end, waiting to be written."""

    open: OpenPage
    bucket: Bucket | None = None
    reason: str | None = None
    found_at: datetime | None = None  # when its answer told so, by the database's clock
    article: Article | None = None
    written: asyncio.Future[Bucket] | None = None
    is_unread: bool = False  # an article's page that no layout reads
    shown: Shown | None = None
    lacks: tuple[Name, ...] = ()
    repaired: tuple[Name, ...] = ()
