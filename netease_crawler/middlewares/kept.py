"""Answers that were kept: pages that are read again are not fetched again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from netease_crawler.ledger.page import Page

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from typing_extensions import Self

    from netease_crawler.spiders.base import LedgerSpider


class KeptPages:
    """Answers from the quarantine; it stands before robots.txt, so that nothing is asked."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        page = request.cb_kwargs.get("page")
        if not isinstance(page, Page) or not page.is_kept:
            return None
        spider = cast("LedgerSpider", self._crawler.spider)
        answer = await spider.ledger.kept_answer(page)
        if answer is None:
            raise IgnoreRequest("it is not in the quarantine any more")
        request.meta["fetched_at"] = answer.quarantined_at
        declared = f"text/html; charset={answer.encoding}" if answer.encoding else "text/html"
        return Response(answer.url, headers={"Content-Type": declared}, body=answer.body)
