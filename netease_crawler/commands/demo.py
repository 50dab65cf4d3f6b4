"""``scrapy demo``: a crawl, its report and some answers, on a site that is bundled."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime, timezone

from scrapy.cmdline import execute
from scrapy.commands import ScrapyCommand

from netease_crawler.demo.process import DemoSite
from netease_crawler.ledger.crawls import new_crawl_name

_DATABASE = "netease_demo"
_WORD = "无人机"  # one of those that the site writes about
_DEPTH = 10  # far enough for every article of the site


class Command(ScrapyCommand):
    """Runs the project's own commands; only SITE_MIRRORS and CRAWL_RATE are the demo's."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Crawl a bundled NetEase Hao site into the archive, and ask it three questions"

    def long_desc(self) -> str:
        return (
            "Starts a made-up NetEase Hao site on this machine, crawls it with the article"
            " spider into the database netease_demo, prints the crawl's report and answers"
            " three example queries. Needs no network; the embedded MongoDB serves where"
            " MONGO_URI is empty."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = "Example: scrapy demo --articles 1000"
        parser.add_argument(
            "--articles",
            type=int,
            default=300,
            metavar="N",
            help="articles of the site (default: 300)",
        )

    def run(self, args: list[str], opts: Namespace) -> None:
        # Here, as Scrapy imports all commands whichever is run
        from netease_crawler.demo.site import Site

        assert self.settings is not None
        if args or opts.articles < 1:
            print("Error: articles: a whole number from 1 up", file=sys.stderr)
            self.exitcode = 2
            return
        _show_only_our_log()
        site = Site(opts.articles)
        with DemoSite(articles=opts.articles) as server:
            self.settings.setdict(
                {
                    "SITE_MIRRORS": server.mirrors,
                    "CRAWL_RATE": 0,
                    "MONGO_DATABASE": _DATABASE,
                    "LOGSTATS_INTERVAL": 2,
                    "LOG_LEVEL": "WARNING",
                },
                priority="cmdline",
            )
            print(f"A made-up NetEase Hao site of {opts.articles} articles is at {server.origin}.")
            crawl = new_crawl_name("demo", datetime.now(timezone.utc))
            self.exitcode = self._type(
                *("crawl", "article", "-a", f"urls={site.seeds()[0]}"),
                *("-a", f"depth={_DEPTH}", "-a", f"crawl={crawl}"),
            )
        if self.exitcode:
            return
        self.exitcode = self._type("report", crawl)
        truth = site.truth(0)
        self._type("search", _WORD, "--limit", "5")
        self._type("search", "--source", truth["source"], "--with-copies", "--limit", "5")
        self._type("article", truth["doc_id"])
        print(_NEXT_STEPS)

    def _type(self, *command: str) -> int:
        """Run *command* as if it had been typed; return its exit code."""
        assert self.settings is not None
        print(f"\n$ scrapy {' '.join(command)} -s MONGO_DATABASE={_DATABASE}\n", flush=True)
        try:
            execute(["scrapy", *command], self.settings.copy())
        except SystemExit as end:
            return int(end.code or 0)
        return 0


_NEXT_STEPS = f"""
What to type next:

  scrapy stats -s MONGO_DATABASE={_DATABASE}
  scrapy export demo.csv -s MONGO_DATABASE={_DATABASE}
  scrapy crawl article -a urls=ADDRESS -a depth=1 -s CONTACT=you@example.org

ADDRESS is any article of www.163.com; what is crawled for real goes to the database netease."""


def _show_only_our_log() -> None:
    """Let our progress be seen, and Scrapy's own lines only from WARNING up."""
    handler = logging.StreamHandler()
    handler.addFilter(lambda record: record.levelno < logging.WARNING)  # else shown twice
    logger = logging.getLogger("netease_crawler")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
