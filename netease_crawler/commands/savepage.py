"""``scrapy savepage``: a page becomes a fixture of the tests."""

from __future__ import annotations

import codecs
import gzip
import json
import re
import sys
import zlib
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from w3lib.encoding import http_content_type_encoding

from netease_crawler.cleaning import clean_article
from netease_crawler.items import Article
from netease_crawler.mirrors import read_mirrors
from netease_crawler.pages import PageError, UnknownLayoutError, parse_article
from netease_crawler.pages.encoding import utf8
from netease_crawler.politeness import apply_politeness
from netease_crawler.terminal.command import CommandError
from netease_crawler.urls import (
    article_url,
    doc_id_from_url,
    is_article_url,
    is_doc_id,
    is_netease_host,
)

if TYPE_CHECKING:
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

_DIRECTORY = Path("tests", "fixtures", "pages")
_READ_IT = "Read every value of expected.json against the page before you commit."
_NOT_YOURS = (
    "The words and pictures of others do not belong in a public repository: write your own in"
    " their place, or keep the page to yourself."
)


class Command(ScrapyCommand):
    """Saves one page with the article that is read from it now. Needs no database."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] FILE|URL"

    def short_desc(self) -> str:
        return "Save a page as a fixture of the tests, with a draft of its values"

    def long_desc(self) -> str:
        return (
            "Saves a page from a file (.html, .htm, also .gz) or an address of NetEase, as it was"
            " received, and what is read from it now, as LAYOUT/DOC_ID/page.html and"
            " expected.json. Where no layout matches, the page is saved under unknown/: see"
            " docs/adding-a-layout.md."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = "Example: scrapy savepage saved/J22CN60P0514R9KQ.html.gz"
        parser.add_argument(
            "--encoding", help="what the server declared, where the page itself does not say"
        )
        parser.add_argument(
            "--directory",
            type=Path,
            default=_DIRECTORY,
            metavar="DIR",
            help=f"where the fixtures are (default: {_DIRECTORY})",
        )
        parser.add_argument("--force", action="store_true", help="replace what is there")

    def run(self, args: list[str], opts: Namespace) -> None:
        try:
            if len(args) != 1:
                raise CommandError("give one file or one address", 2)
            _check_encoding(opts.encoding)
            page = self._fetched(args[0]) if "://" in args[0] else _read_file(Path(args[0]))
            _save(page, opts.encoding or page.encoding, opts.directory, replace=opts.force)
        except CommandError as error:
            print(f"Error: {error}", file=sys.stderr)
            self.exitcode = error.exitcode

    def _fetched(self, url: str) -> _Page:
        """Return the page at *url*, asked for as every crawl asks; raises CommandError."""
        assert self.settings is not None
        if not is_netease_host(_host(url)):
            raise CommandError(f"{url} is not an address of NetEase", 2)
        # What went wrong is the one line of the error; -s LOG_LEVEL=… still shows all of it.
        self.settings.set("LOG_LEVEL", "CRITICAL", "spider")
        try:
            read_mirrors(self.settings)
            process = AsyncCrawlerProcess(self.settings)
            crawler = process.create_crawler(_OnePage)
        except ValueError as error:  # a setting that cannot be used
            raise CommandError(str(error), 2) from None
        process.crawl(crawler, url=url)
        process.start()
        spider = crawler.spider
        assert isinstance(spider, _OnePage)
        if spider.page is None:
            raise CommandError(f"{url}: {spider.failure}")
        return spider.page


@dataclass(frozen=True, kw_only=True)
class _Page:
    """A page as it was received, unpacked."""

    body: bytes
    url: str
    name: str
    """What it is saved under if no layout says its doc id."""
    encoding: str | None = None
    """What the server declared."""


class _OnePage(scrapy.Spider):
    """Fetches the page at *url*."""

    name = "savepage"
    page: _Page | None = None
    failure = "interrupted"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        apply_politeness(settings)

    async def start(self) -> AsyncIterator[Any]:
        yield Request(self._url, callback=self.received, errback=self.failed)

    def received(self, response: Response) -> None:
        content_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        self.page = _Page(
            body=response.body,
            url=response.url,
            name=_name_of(response.url),
            encoding=http_content_type_encoding(content_type),
        )

    def failed(self, failure: Failure) -> None:
        error = failure.value
        if isinstance(error, HttpError):
            self.failure = f"HTTP {error.response.status}"
        elif isinstance(error, IgnoreRequest):  # robots.txt, or a redirect off the site
            self.failure = str(error)
        else:
            self.failure = f"{type(error).__name__}: {error}".split("\n", 1)[0]


def _check_encoding(name: str | None) -> None:
    try:
        codecs.lookup(name or "utf-8")
    except (LookupError, ValueError):
        raise CommandError(f"--encoding: there is no {name!r}", 2) from None


def _read_file(file: Path) -> _Page:
    try:
        body = file.read_bytes()
        if body.startswith(b"\x1f\x8b"):
            body = gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"{file}: {reason}") from None
    # What we saved ourselves is named by its directory.
    named = file.absolute().parent if file.name == "page.html" else file
    name = Path(named.name.removesuffix(".gz")).stem
    return _Page(body=body, url=article_url(name) if is_doc_id(name) else "", name=name)


def _save(page: _Page, encoding: str | None, directory: Path, *, replace: bool) -> None:
    files = {"page.html": page.body}
    try:
        article, _ = clean_article(parse_article(page.body, page.url, encoding))
    except UnknownLayoutError as error:
        saved = directory / "unknown" / page.name
        advice = f"{error}; docs/adding-a-layout.md says what to do."
    except PageError as error:
        raise CommandError(f"{type(error).__name__}: {error}; nothing is saved") from None
    else:
        saved = directory / article.layout / article.doc_id
        files["expected.json"] = _draft(article)
        advice = _READ_IT
    if encoding and not _can_be_read_alone(page.body, encoding):
        files["encoding"] = f"{encoding}\n".encode()
    _write(saved, files, replace=replace)
    print(advice, _NOT_YOURS, sep="\n")


def _draft(article: Article) -> bytes:
    text = json.dumps(asdict(article), ensure_ascii=False, indent=1, default=datetime.isoformat)
    return f"{text}\n".encode()


def _can_be_read_alone(body: bytes, encoding: str) -> bool:
    try:
        return utf8(body) == utf8(body, encoding)
    except PageError:
        return False


def _write(directory: Path, files: dict[str, bytes], *, replace: bool) -> None:
    """Write *files* and print their paths; raises CommandError before it changes another's work."""
    try:
        for name, content in files.items():
            file = directory / name
            if not replace and file.exists() and file.read_bytes() != content:
                raise CommandError(f"{file} is there already; --force replaces it")
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (directory / name).write_bytes(content)
            print(directory / name)
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _name_of(url: str) -> str:
    if is_article_url(url):
        return doc_id_from_url(url)
    return re.sub(r"\W+", "-", urlsplit(url).path).strip("-") or "page"
