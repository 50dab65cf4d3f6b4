"""``scrapy report``: the sums of a crawl, and whether it did its job."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from netease_crawler.json_text import as_json
from netease_crawler.ledger.alerts import Alert
from netease_crawler.ledger.conduct_report import read_conduct
from netease_crawler.ledger.reports import Report, Reports, UnknownCrawlError
from netease_crawler.storage.connection import Database
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.conduct import add_conduct_options, conduct_lines, read_windows
from netease_crawler.terminal.selection import only_argument


class Command(ArchiveCommand):
    example = "scrapy report article-20261123-101500-3fa9"

    def syntax(self) -> str:
        return "[options] [crawl]"

    def short_desc(self) -> str:
        return "Show where every page of a crawl ended; exit 1 if it did not do its job"

    def long_desc(self) -> str:
        return (
            "Shows where every discovered page of a crawl ended (of the last one, if none is"
            " named), and which fields its pages ceased to show. The exit code is 1 where the"
            " sums do not match, the crawl is not finished, the site changed its markup, or"
            " there was nothing to store. With --politeness it shows instead how the crawl behaved"
            " towards each host: the most requests in any window, robots.txt, Retry-After, bans;"
            " the exit code is 1 where CRAWL_RATE was exceeded or a Retry-After not waited for."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--coverage",
            action="store_true",
            help="show of how many stored articles each field is known (in JSON always)",
        )
        add_conduct_options(parser)
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    async def run_async(self, args: list[str], opts: Namespace) -> int:
        given = only_argument(args, "crawl")
        windows = read_windows(opts)
        if opts.coverage and opts.politeness:
            raise CommandError("--coverage and --politeness: one at a time", 2)
        async with await self.open_archive() as storage:
            reports = Reports(storage.database)
            name = given or await reports.latest()
            if name is None:
                raise CommandError("the archive has no crawl yet; try `scrapy demo`")
            try:
                if opts.politeness:
                    return await _show_conduct(storage.database, name, windows, opts)
                report = await reports.report(name)
            except UnknownCrawlError:
                raise CommandError(f"no crawl {name!r}; `scrapy crawls` shows them", 2) from None
        if opts.json:
            derived = {"discovered": report.discovered, "problem": report.problem}
            print(as_json(asdict(report) | derived))
        else:
            lines = report_lines(report)
            print("\n".join([*lines, *(coverage_lines(report) if opts.coverage else ())]))
        return 1 if report.problem else 0


async def _show_conduct(
    database: Database, crawl: str, windows: Sequence[float], opts: Namespace
) -> int:
    report = await read_conduct(database, crawl, windows)
    if opts.json:
        print(as_json(asdict(report) | {"problem": report.problem}))
    else:
        print("\n".join(conduct_lines(report)))
    return 1 if report.problem else 0


def report_lines(report: Report) -> list[str]:
    """Return *report* as people read it."""
    arguments = " ".join(f"-a {name}={value}" for name, value in report.arguments.items())
    places = {**report.buckets, "leased": report.leased, "pending": report.pending}
    width = max(len(str(report.discovered)), 6)
    lines = [
        f"Crawl {report.crawl}: {report.outcome or 'not ended'}",
        f"  scrapy crawl {report.spider} {arguments}",
        f"  began {report.started_at:%Y-%m-%d %H:%M:%S} UTC"
        + (f", ended {report.ended_at:%Y-%m-%d %H:%M:%S} UTC" if report.ended_at else "")
        + (f", workers now: {report.workers}" if report.workers else ""),
        "",
        *(f"  {pages:>{width}}  {place}" for place, pages in places.items() if pages),
        f"  {report.discovered:>{width}}  discovered in all",
    ]
    if report.reasons:
        lines += ["", "  Why:"]
        lines += [f"  {pages:>{width}}  {reason}" for reason, pages in report.reasons.items()]
    if report.alerts:
        lines += ["", "  Drift:", *(f"  {alert_line(alert)}" for alert in report.alerts)]
    lines += ["", f"  {'PROBLEM: ' + report.problem if report.problem else 'The sums match.'}"]
    return lines


def alert_line(alert: Alert) -> str:
    """Return *alert* as people read it."""
    return f"{'resolved: ' if alert.resolved_at else ''}{alert.line}"


def coverage_lines(report: Report) -> Iterator[str]:
    """Give a table of the fields that the stored articles of each layout show."""
    for layout, fields in report.coverage.items():
        yield ""
        yield f"  {layout}: of so many articles asked, so many show it"
        for name, (asked, shown) in fields.items():
            yield f"  {asked:>8}  {shown:>8}  {shown / asked:>6.1%}  {name}"
