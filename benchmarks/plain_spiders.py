"""Two spiders to compare with: Scrapy's own speed, and what is commonly done with a page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from netease_crawler.politeness import apply_politeness


class BareSpider(scrapy.Spider):
    """Fetches the addresses of ``-a urls_file=`` and looks at none of the pages."""

    name = "bare"
    handle_httpstatus_list = (404,)  # of deleted articles

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        apply_politeness(settings)

    def __init__(self, urls_file: str) -> None:
        super().__init__()
        self._urls = Path(urls_file).read_text().splitlines()

    async def start(self) -> AsyncIterator[Any]:
        for url in self._urls:
            yield Request(url)

    def parse(self, response: Response) -> None:
        pass


class CssSpider(BareSpider):
    """Reads a few values of each page with ``response.css``, and stores nothing."""

    name = "css"

    def parse(self, response: Response) -> None:
        response.css(".post_title::text").get()
        response.css(".post_info::text").re_first(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
        response.css(".post_info a::text").get()
        [" ".join(p.css("::text").getall()) for p in response.css(".post_body p")]
        for entry in response.css(".post_recommend, .post_recommend_new"):
            entry.css("h3 a::text").get()
            entry.css("h3 a::attr(href)").get()
