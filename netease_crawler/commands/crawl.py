"""``scrapy crawl``, with arguments and database checked before anything starts."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import datetime, timezone

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from netease_crawler.alerting.channels import read_channels
from netease_crawler.alerting.delivery import deliver
from netease_crawler.alerting.message import Message
from netease_crawler.extensions.ledger import OUTCOME_STAT
from netease_crawler.incident import Incident, Kind
from netease_crawler.ledger.arguments import resolve_arguments
from netease_crawler.ledger.crawls import FINISHED, CrawlConflictError, Crawls
from netease_crawler.mirrors import read_mirrors
from netease_crawler.politeness import crawl_rate
from netease_crawler.spiders.base import LedgerSpider
from netease_crawler.storage.connection import StorageUnavailableError
from netease_crawler.storage.opening import open_storage

_EXAMPLE = (
    "scrapy crawl article -a urls=https://www.163.com/dy/article/J22CN60P0514R9KQ.html -a depth=1"
)


class Command(CrawlCommand):
    """Scrapy's own command; a bad argument is one line, and the exit code tells the outcome.

    0: the crawl is finished. 1: it is not, or found nothing to store. 2: bad arguments.
    """

    # Made here, after the checks: Scrapy's own comes with its lines of the log.
    requires_crawler_process = False

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = f"Example: {_EXAMPLE}"

    def run(self, args: list[str], opts: Namespace) -> None:
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("give the name of one spider; `scrapy list` shows them")
        try:
            spidercls = get_spider_loader(self.settings).load(args[0])
        except KeyError:
            self._fail(f"spider: there is no {args[0]!r}; `scrapy list` shows them", 2)
            return
        if issubclass(spidercls, LedgerSpider) and not self._check(spidercls, opts):
            return
        self.crawler_process = AsyncCrawlerProcess(self.settings)
        crawler = self._create_crawler(spidercls)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed or (
            issubclass(spidercls, LedgerSpider)
            and crawler.stats.get_value(OUTCOME_STAT) != FINISHED
        ):
            self.exitcode = 1

    def _check(self, spidercls: type[LedgerSpider], opts: Namespace) -> bool:
        """Whether the crawl can begin; if not, the reason has been printed."""
        try:
            self._check_settings()
            crawl, arguments = spidercls.read_arguments(opts.spargs)
            asyncio.run(self._check_archive(spidercls.name, crawl, arguments))
        except (ValueError, CrawlConflictError) as error:
            self._fail(str(error), 2)
            return False
        except StorageUnavailableError as error:
            self._fail(str(error), 1)
            asyncio.run(self._tell(spidercls.name, crawl, str(error)))
            return False
        opts.spargs = {**arguments, "crawl": crawl}
        return True

    def _check_settings(self) -> None:
        assert self.settings is not None
        crawl_rate(self.settings)
        read_mirrors(self.settings)
        read_channels(self.settings)
        if self.settings["DUPLICATES"] not in ("mark", "drop"):
            raise ValueError(f"DUPLICATES: mark or drop, not {self.settings['DUPLICATES']!r}")

    async def _check_archive(self, spider: str, crawl: str, arguments: Mapping[str, str]) -> None:
        assert self.settings is not None
        async with await open_storage(
            self.settings["MONGO_URI"],
            self.settings["MONGO_DATABASE"],
            self.settings["MONGOD_BINARY"],
        ) as storage:
            known = await Crawls(storage.database).arguments(crawl, spider)
            resolve_arguments(crawl, arguments, known)

    async def _tell(self, spider: str, crawl: str, reason: str) -> None:
        assert self.settings is not None
        incident = Incident(kind=Kind.NOT_STARTED, what="", reason=reason)
        now = datetime.now(timezone.utc)
        message = Message(crawl=crawl, spider=spider, incident=incident, at=now)
        await deliver(read_channels(self.settings), message)

    def _fail(self, message: str, exitcode: int) -> None:
        print(f"Error: {message}", file=sys.stderr)
        self.exitcode = exitcode
