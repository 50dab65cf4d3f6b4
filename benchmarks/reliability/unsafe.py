"""A Scrapy add-on that takes from our crawl what makes it outlive a crash.

Everything else stays: the same spider, pages, pipelines and session, articles written in the
same batches. ``UNSAFE=writes``: MongoDB acknowledges a write before its journal has it.
``UNSAFE=all``: besides, the frontier is a dictionary, so that there are no leases, and no page
that is discovered or ends is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pymongo import AsyncMongoClient

from benchmarks.reliability.memory_frontier import MemoryFrontier
from netease_crawler.ledger import batches, crawls, leasing, session
from netease_crawler.storage import opening
from netease_crawler.storage.connection import Document

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class Unsafe:
    """The add-on: ``ADDONS={"benchmarks.reliability.unsafe.Unsafe": 0}``."""

    def update_settings(self, settings: BaseSettings) -> None:
        # setattr, as mypy lets no name of a module be assigned
        setattr(opening, "open_client", _open_unsafe_client)  # noqa: B010
        if settings["UNSAFE"] == "all":
            for module in (batches, crawls, leasing, session):
                setattr(module, "Frontier", MemoryFrontier)  # noqa: B010


def _open_unsafe_client(uri: str) -> AsyncMongoClient[Document]:
    return AsyncMongoClient(uri, tz_aware=True, w=1, journal=False)
