"""What every spider has: pages leased from the crawl ledger, each brought to its end."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

import scrapy
from scrapy import Request, signals
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from netease_crawler.items import Article
from netease_crawler.ledger.crawls import new_crawl_name
from netease_crawler.ledger.page import Bucket, Page
from netease_crawler.mirrors import OffSiteError
from netease_crawler.pages import (
    BlockedPageError,
    DeletedArticleError,
    PageError,
    TruncatedPageError,
    UnknownLayoutError,
    parse_article,
)
from netease_crawler.politeness import apply_politeness
from netease_crawler.signals import page_judged
from netease_crawler.spiders.arguments import check_names, crawl_name
from netease_crawler.storage.connection import StorageUnavailableError
from netease_crawler.urls import is_doc_id

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from typing_extensions import Self

    from netease_crawler.ledger.session import CrawlSession

_SEEDED_AT_ONCE = 1000
_GONE = (404, 410)
_FORBIDDEN = "Forbidden by robots.txt"  # Scrapy's words; it has no class for it
_REFUSED = (401, 403, 429)


class LedgerSpider(scrapy.Spider):
    """A spider whose pages come from the crawl ledger and end in it.

    A subclass says which addresses a crawl begins with and which ones a page leads to.
    """

    ARGUMENTS: ClassVar[frozenset[str]]
    """Names of the spider's own arguments, ``crawl`` besides."""

    PATHS: ClassVar[frozenset[str]] = frozenset()
    """Those of them that are paths; a crawl keeps them absolute, to go on from anywhere."""

    TRUNCATED: ClassVar[Bucket] = Bucket.FAILED
    """Where a page ends that was cut off; fetched again, it may be whole."""

    ledger: CrawlSession
    """This worker's part in the crawl; set before :meth:`start` runs."""

    max_articles: int | None = None
    """At most so many pages of the crawl end as articles."""

    def __init__(self, crawl: str, arguments: Mapping[str, str]) -> None:
        super().__init__()
        self.crawl = crawl
        self.arguments = dict(arguments)
        """The arguments given, or those the crawl began with where none are given."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        apply_politeness(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return a spider for the arguments of ``-a``.

        Raises SpiderArgumentError.
        """
        spider = cls(*cls.read_arguments(kwargs))
        spider._set_crawler(crawler)
        return spider

    @classmethod
    def read_arguments(cls, given: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return the crawl's name and the other arguments of *given*, checked.

        The crawl is ``crawl``, else scrapyd's job id (``_job``), else a new one. No
        arguments besides are right where the crawl exists: it goes on with its own.

        Raises SpiderArgumentError.
        """
        arguments = dict(given)
        job = arguments.pop("_job", None)
        name = arguments.pop("crawl", job)
        check_names(arguments, cls.ARGUMENTS | {"crawl"})
        if arguments or name is None:
            cls.check_arguments(arguments)
            for path in cls.PATHS & arguments.keys():
                arguments[path] = str(Path(arguments[path]).expanduser().absolute())
        if name is None:
            name = new_crawl_name(cls.name, datetime.now(timezone.utc))
        return crawl_name(name), arguments

    @classmethod
    @abstractmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        """Raise SpiderArgumentError where no crawl can begin with *arguments*."""

    @abstractmethod
    def begin(self, arguments: Mapping[str, str]) -> None:
        """Take over the *arguments* that the crawl began with."""

    @abstractmethod
    def seeds(self) -> Iterable[Page]:
        """Return the pages that the crawl begins with."""

    def links(self, article: Article, page: Page) -> Iterable[Page]:
        """Return the pages that *article*, read from *page*, leads to."""
        return ()

    def out_of_scope(self, article: Article, page: Page) -> str | None:
        """Return why *article* is not to be stored after all; None where it is."""
        return None

    def page_body(self, response: Response) -> bytes:
        """Return the page in *response*."""
        return response.body

    def fetched_at(self, response: Response) -> datetime | None:
        """Return when *response* was fetched, by the database's clock, in UTC."""
        if (kept := response.meta.get("fetched_at")) is not None:  # read again, not fetched
            return cast("datetime", kept)
        return self.ledger.now()

    async def start(self) -> AsyncIterator[Any]:
        """Lease pages in small batches, so that memory does not grow with the frontier."""
        try:
            if not await self.ledger.is_seeded():
                seeds = iter(self.seeds())
                while batch := list(islice(seeds, _SEEDED_AT_ONCE)):
                    await self.ledger.seed(batch)
                await self.ledger.end_seeding()
            while pages := await self.ledger.lease():
                for page in pages:
                    yield Request(
                        page.url,
                        callback=self.parse_page,
                        errback=self.fetch_failed,
                        cb_kwargs={"page": page},
                    )
                await self.crawler.signals.wait_for(signals.scheduler_empty)
        except StorageUnavailableError as error:
            raise CloseSpider("mongo_unavailable") from error

    async def parse_page(self, response: Response, page: Page) -> AsyncIterator[Article]:
        """Yield the article in *response*, or end *page* with the reason there is none."""
        body = self.page_body(response)
        content_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        encoding = http_content_type_encoding(content_type)
        self.ledger.fetched(page, body, response.url, encoding)
        try:
            article = self._read(response, body, encoding)
        except DeletedArticleError as error:
            self.ledger.end(page, Bucket.DELETED, _line(error))
        except BlockedPageError as error:
            self.ledger.end(page, Bucket.BANNED, _line(error))
        except TruncatedPageError as error:
            self.ledger.end(page, self.TRUNCATED, _line(error))
        except PageError as error:
            is_unread = isinstance(error, UnknownLayoutError)
            self.ledger.end(page, Bucket.REJECTED, _line(error), is_unread=is_unread)
        else:
            if is_doc_id(page.key) and article.doc_id != page.key:
                self.ledger.end(page, Bucket.REJECTED, f"answered with {article.doc_id}")
                return
            if (reason := self.out_of_scope(article, page)) is not None:
                self.ledger.end(page, Bucket.FILTERED, reason)
                return
            self.ledger.discovered(page, self.links(article, page))
            await self.ledger.storing(page, article)
            yield replace(article, fetched_at=self.fetched_at(response))

    def _read(self, response: Response, body: bytes, encoding: str | None) -> Article:
        is_refusal = False
        try:
            return parse_article(body, response.url, encoding)
        except BlockedPageError:
            is_refusal = True
            raise
        finally:
            self._judge(response.request, is_refusal)

    def _judge(self, request: Request | None, is_refusal: bool) -> None:
        """Tell the circuit breaker what the status of an answer does not."""
        self.crawler.signals.send_catch_log(page_judged, request=request, is_refusal=is_refusal)

    def fetch_failed(self, failure: Failure) -> None:
        """End a page that was not fetched, or was answered with another status than 200."""
        page: Page = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        if isinstance(error, HttpError):
            status = error.response.status
            bucket = (
                Bucket.DELETED
                if status in _GONE
                else Bucket.BANNED
                if status in _REFUSED
                else Bucket.FAILED
            )
            self.ledger.end(page, bucket, f"HTTP {status}")
        elif isinstance(error, IgnoreRequest) and str(error) == _FORBIDDEN:
            self.ledger.end(page, Bucket.FILTERED, str(error))
        else:
            if isinstance(error, IgnoreRequest):  # redirected off the site, or for ever
                self._judge(failure.request, is_refusal=True)  # type: ignore[attr-defined]
            is_banned = isinstance(error, OffSiteError)  # where the site sent us instead
            reason = str(error) if is_banned else _line(error)
            self.ledger.end(page, Bucket.BANNED if is_banned else Bucket.FAILED, reason)


def _line(error: BaseException) -> str:
    message = str(error).split("\n", 1)[0]
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
