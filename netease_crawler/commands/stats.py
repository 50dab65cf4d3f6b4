"""``scrapy stats``: how much of what the archive holds."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from netease_crawler.json_text import as_json
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.statistics import Statistics
from netease_crawler.terminal.cells import printable
from netease_crawler.terminal.command import ArchiveCommand
from netease_crawler.terminal.selection import no_argument
from netease_crawler.times import beijing_text


class Command(ArchiveCommand):
    example = "scrapy stats"

    def short_desc(self) -> str:
        return "Show how much the archive holds"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        no_argument(args)
        async with await self.open_archive() as storage:
            statistics = await Archive(storage.database).stats()
        print(as_json(statistics) if opts.json else "\n".join(stats_lines(statistics)))


def stats_lines(statistics: Statistics) -> list[str]:
    """Return *statistics* as people read them."""
    s = statistics
    lines = [
        *_counts(
            {
                "articles": s.articles,
                "of them copies": s.copies,
                "accounts": s.accounts,
                "recommendations": s.edges,
                "earlier states of edited articles": s.revisions,
                "pages in quarantine": s.quarantine,
            }
        ),
        f"  {s.bytes / 1e6:,.1f} MB on disk",
    ]
    if not s.articles:
        return [*lines, "", "No article yet; try `scrapy demo`."]
    lines += ["", "Published (Beijing time)"]
    if s.earliest is not None and s.latest is not None:
        lines.append(f"  {beijing_text(s.earliest)} to {beijing_text(s.latest)}")
    lines += _counts(s.by_month | ({"without a time": s.undated} if s.undated else {}))
    if s.top_sources:
        lines += ["", "Sources with the most articles", *_counts(s.top_sources)]
    return [*lines, "", "Read by layout", *_counts(s.by_layout)]


def _counts(counts: Mapping[str, int]) -> list[str]:
    cells = max((len(f"{count:,}") for count in counts.values()), default=0)
    return [f"  {count:>{cells},}  {printable(name)}" for name, count in counts.items()]
