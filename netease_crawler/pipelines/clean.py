"""First step: the text rules that hold in any layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netease_crawler.cleaning import clean_article
from netease_crawler.items import Article

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector
    from typing_extensions import Self


class CleaningPipeline:
    """Cleans texts and addresses, and counts what each rule changed (``cleaning/<rule>``)."""

    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_item(self, item: Article) -> Article:
        cleaned, changes = clean_article(item)
        for rule, count in changes.items():
            if count:
                self._stats.inc_value(f"cleaning/{rule}", count)
        return cleaned
