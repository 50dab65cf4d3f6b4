"""``scrapy reparse``: the quarantine of a crawl, read again without a download."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from typing import Any, ClassVar

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.spiderloader import get_spider_loader

from netease_crawler.extensions.ledger import KEPT_ONLY_SETTING
from netease_crawler.json_text import as_json
from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.reports import Report, Reports, UnknownCrawlError
from netease_crawler.ledger.suspects import Suspects
from netease_crawler.storage.connection import Database
from netease_crawler.storage.quarantine import kept_ids
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.selection import only_argument


@dataclass(frozen=True, kw_only=True)
class _Work:
    crawl: str
    spider: str
    pages: int
    """Pages to read again."""


class Command(ArchiveCommand):
    example = "scrapy reparse article-20261123-101500-3fa9"
    default_settings: ClassVar[dict[str, Any]] = {"LOGSTATS_INTERVAL": 5}  # seconds

    _work: _Work | None = None

    def syntax(self) -> str:
        return "[options] [crawl]"

    def short_desc(self) -> str:
        return "Read the quarantined pages of a crawl again, without a download"

    def long_desc(self) -> str:
        return (
            "Reads the rejected pages of a crawl (of the last one that has any, if none is named)"
            " again from the quarantine, as the crawl did: for instance after a layout was"
            " mended. Nothing is asked of the site. What is read now leaves the quarantine, what"
            " is not stays, with its new reason. Links that are found are left to `scrapy crawl`."
            " The exit code is 1 where `scrapy report` names a problem."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--accept",
            action="store_true",
            help="store articles as they are, whatever they lack: right when you have looked at"
            " pages of an alert, and they do not show the field to readers either",
        )
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def run(self, args: list[str], opts: Namespace) -> None:
        super().run(args, opts)
        if self._work is not None:
            self._read(self._work)
            super().run(args, opts)

    async def run_async(self, args: list[str], opts: Namespace) -> int | None:
        given = only_argument(args, "crawl")
        async with await self.open_archive() as storage:
            if self._work is None:
                self._work = await _put_back(storage.database, given, accept=opts.accept)
                return None
            report = await Reports(storage.database).report(self._work.crawl)
            stay = len(await kept_ids(storage.database, self._work.crawl))
        result = {
            "crawl": report.crawl,
            "pages": self._work.pages,
            "read": self._work.pages - stay,
            "stay": stay,
            "new": report.pending,
            "outcome": report.outcome,
            "problem": report.problem,
        }
        print(as_json(result) if opts.json else "\n".join(result_lines(report, result)))
        return 1 if report.problem else 0

    def _read(self, work: _Work) -> None:
        assert self.settings is not None
        settings = self.settings.copy()
        settings.setdict({KEPT_ONLY_SETTING: True, "CRAWL_RATE": 0}, priority="cmdline")
        process = AsyncCrawlerProcess(settings)
        process.crawl(get_spider_loader(settings).load(work.spider), crawl=work.crawl)
        process.start()


async def _put_back(database: Database, given: str | None, *, accept: bool) -> _Work:
    crawls = Crawls(database)
    crawl = given or await crawls.latest_in_quarantine()
    if crawl is None:
        raise CommandError("the quarantine is empty: there is nothing to reparse")
    try:
        report = await Reports(database).report(crawl)
    except UnknownCrawlError:
        raise CommandError(f"no crawl {crawl!r}; `scrapy crawls` shows them", 2) from None
    suspects = Suspects(database, crawl)
    await suspects.put_back(accept=accept)
    pages = await suspects.waiting()
    if not pages and not await crawls.is_reparsing(crawl):
        raise CommandError(f"crawl {crawl!r} has no page in the quarantine: nothing to reparse")
    await crawls.begin_reparse(crawl)
    return _Work(crawl=crawl, spider=report.spider, pages=pages)


def result_lines(report: Report, result: dict[str, Any]) -> list[str]:
    """Return what came of reading again, as people read it."""
    lines = [
        f"Crawl {report.crawl}: read {result['read']} of {result['pages']} pages;"
        f" {result['stay']} stay in the quarantine."
    ]
    if report.problem:
        lines.append(f"PROBLEM: {report.problem}")
    if report.pending:
        lines.append(
            f"{report.pending} new pages: go on with"
            f" `scrapy crawl {report.spider} -a crawl={report.crawl}`"
        )
    return lines
