"""Garbage collection fit for a crawl."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from typing_extensions import Self

_THRESHOLDS = (50_000, 20, 20)
"""A page is thousands of objects, nearly all freed by counting references: Python's 700 new
objects until the next search for cycles are used up several times a page."""


class RarerGarbageCollection:
    """Searches less often for cycles, and never among what was there at the start."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.engine_started, signals.engine_started)
        return extension

    def engine_started(self) -> None:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
