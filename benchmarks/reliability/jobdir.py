"""Stock Scrapy with JOBDIR, the persistence that it brings along."""

from __future__ import annotations

from pathlib import Path

from benchmarks.reliability.stock_crawl import StockCrawl
from netease_crawler.demo.process import DemoSite


class JobdirCrawl(StockCrawl):
    """Goes on by the same command with the same JOBDIR (Scrapy: "Jobs: pausing and resuming")."""

    name = "Scrapy + JOBDIR"

    def __init__(self, directory: Path, demo: DemoSite, seed_url: str, mongo_uri: str) -> None:
        super().__init__(directory, demo, seed_url, mongo_uri, {"JOBDIR": directory / "job"})

    def is_done(self) -> bool:
        return self.has_finished()

    def close(self) -> None:
        """Nothing runs besides the workers."""
