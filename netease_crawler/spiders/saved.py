"""Pages that were saved earlier, by whatever tool: no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from scrapy.http import Response
from scrapy.utils.gz import gunzip, gzip_magic_number

from netease_crawler.ledger.page import Bucket, Page
from netease_crawler.spiders.arguments import saved_files
from netease_crawler.spiders.base import LedgerSpider

_LARGEST_PAGE = 100_000_000  # bytes, unpacked
_SUFFIXES = (".html", ".htm", ".shtml")


class SavedSpider(LedgerSpider):
    """Reads saved pages into the archive.

    Arguments: ``path`` (a file, or a directory whose .html, .htm and .shtml files, also
    with .gz, are read), ``crawl`` (name).
    """

    name = "saved"
    ARGUMENTS = frozenset({"path"})
    PATHS = frozenset({"path"})
    TRUNCATED = Bucket.REJECTED  # a saved page stays as it is
    # No site is asked, so there is none to be polite to.
    custom_settings = {"CRAWL_RATE": 0}  # noqa: RUF012 - declared by Scrapy

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        saved_files(arguments, _is_page)

    def begin(self, arguments: Mapping[str, str]) -> None:
        self._arguments = arguments

    def seeds(self) -> Iterator[Page]:
        # The address as key: file names need not be text that MongoDB can keep.
        files = saved_files(self._arguments, _is_page)
        return (Page(key=file.as_uri(), url=file.as_uri()) for file in files)

    def page_body(self, response: Response) -> bytes:
        if gzip_magic_number(response):
            return gunzip(response.body, max_size=_LARGEST_PAGE)
        return response.body

    def fetched_at(self, response: Response) -> None:
        return None  # when the page was saved is not known


def _is_page(file: Path) -> bool:
    return file.name.removesuffix(".gz").endswith(_SUFFIXES)
