"""``scrapy crawls``: the crawls of the archive."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from netease_crawler.json_text import as_json
from netease_crawler.ledger.reports import Reports, Summary
from netease_crawler.terminal.command import ArchiveCommand
from netease_crawler.terminal.selection import no_argument


class Command(ArchiveCommand):
    example = "scrapy crawls"

    def short_desc(self) -> str:
        return "List the crawls, the latest first"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one line of JSON for each")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        no_argument(args)
        async with await self.open_archive() as storage:
            summaries = await Reports(storage.database).summaries()
        for summary in summaries:
            print(as_json(summary) if opts.json else summary_line(summary))
        if not summaries and not opts.json:
            print("No crawl yet; try `scrapy demo`.")


def summary_line(summary: Summary) -> str:
    """Return *summary* as people read it."""
    states = ", ".join(f"{pages} {state}" for state, pages in sorted(summary.states.items()))
    return (
        f"{summary.started_at:%Y-%m-%d %H:%M} UTC  {summary.crawl}  [{summary.spider}]"
        f"  {summary.outcome or 'not ended'}: {states or 'no pages'}"
    )
