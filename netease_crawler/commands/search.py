"""``scrapy search``: articles by text, account, source and time, the newest first."""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive, StoredArticle
from netease_crawler.terminal.cells import fit, printable, shorten, width
from netease_crawler.terminal.command import ArchiveCommand, CommandError, as_json
from netease_crawler.terminal.selection import add_selection_options, only_argument, read_selection
from netease_crawler.times import beijing_text

_TIME_CELLS = len("2024-05-13 09:16")
_LONGEST_SOURCE = 20  # cells
_LARGEST_LIMIT = 100_000


class Command(ArchiveCommand):
    example = "scrapy search 经济 --since 2024-05-01 --limit 10"

    def syntax(self) -> str:
        return "[options] [text]"

    def short_desc(self) -> str:
        return "Find articles in the archive, the newest first"

    def long_desc(self) -> str:
        return (
            "Finds the articles whose title or text contains the given text as it stands, and"
            " lists them, the newest first. Times are Beijing time."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        add_selection_options(parser)
        parser.add_argument(
            "--limit", metavar="N", default="20", help="list at most so many (default: 20)"
        )
        parser.add_argument("--count", action="store_true", help="print only how many there are")
        parser.add_argument("--json", action="store_true", help="print one line of JSON for each")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        query = read_selection(opts, only_argument(args, "text"))
        limit = _limit(opts.limit)
        async with await self.open_archive() as storage:
            archive = Archive(storage.database)
            if opts.count:
                count = await archive.count(query)
                print(as_json({"count": count, "query": query.describe()}) if opts.json else count)
                return
            found = [stored async for stored in archive.find(query, limit=limit)]
            if opts.json:
                for stored in found:
                    print(as_json(row(stored)))
                return
            total = await archive.count(query)
            copies = 0
            if not query.with_copies:
                copies = await archive.count(replace(query, with_copies=True)) - total
        # a file or another program gets the whole of it
        cells = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for line in table(found, cells):
            print(line)
        print(footer(query, shown=len(found), total=total, copies=copies))


def row(stored: StoredArticle) -> dict[str, Any]:
    """Return what a list of articles says of *stored*."""
    article = stored.article
    return {
        "doc_id": article.doc_id,
        "published_at": article.published_at,
        "source": article.source,
        "title": article.title,
        "url": article.url,
        "copy_of": stored.copy_of,
    }


def table(found: Sequence[StoredArticle], cells: int | None) -> Iterator[str]:
    """Give a line for each of *found*, cut to *cells* if they are given."""
    sources = [printable(stored.article.source or "") for stored in found]
    source_cells = max(map(width, sources), default=0)
    if cells is not None:
        source_cells = min(source_cells, _LONGEST_SOURCE)
    for stored, source in zip(found, sources, strict=True):
        article = stored.article
        time = beijing_text(article.published_at) if article.published_at else ""
        line = "  ".join(
            (
                f"{time[:_TIME_CELLS]:{_TIME_CELLS}}",
                article.doc_id,
                fit(source, source_cells),
                printable(article.title),
            )
        )
        yield line if cells is None else shorten(line, cells)


def footer(query: ArticleQuery, *, shown: int, total: int, copies: int) -> str:
    """Return the sentence under a list: what was asked, how much of it is shown."""
    of_them = f"，列出最新 {shown} 篇" if shown < total else ""
    left_out = f"另有转载副本 {copies} 篇（--with-copies）。" if copies > 0 else ""
    return f"{printable(query.describe())}。共 {total} 篇{of_them}。{left_out}"


def _limit(value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or not 1 <= int(value) <= _LARGEST_LIMIT:
        raise CommandError(
            f"limit: a whole number from 1 to {_LARGEST_LIMIT} (`scrapy export` has no limit),"
            f" not {value!r}",
            2,
        )
    return int(value)
