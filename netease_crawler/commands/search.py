"""``scrapy search``: articles by what they say, account, source and time."""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from netease_crawler.json_text import as_json
from netease_crawler.queries import ArticleQuery
from netease_crawler.snippets import Segment, highlighted, snippet
from netease_crawler.storage.archive import Archive, Hit, Page, UnknownArticleError
from netease_crawler.terminal.cells import fit, printable, shorten, width
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.selection import (
    WORDS,
    add_selection_options,
    only_argument,
    read_selection,
)
from netease_crawler.times import beijing_text

_TIME_CELLS = len("2024-05-13 09:16")
_LONGEST_SOURCE = 20  # cells
_LARGEST_LIMIT = 100_000
_SNIPPET = 80  # characters
_DELETED = "（已删除）"
_ORDERS = {
    True: (
        "标题含词多者在前，其次正文中词多者，再次新者",
        "more of the words in the title first, then more often in the text, then newer",
    ),
    False: ("新者在前", "newest first"),
}
"""By whether it is the order of relevance."""


class Command(ArchiveCommand):
    example = "scrapy search 经济 --since 2024-05-01 --limit 10"

    def syntax(self) -> str:
        return "[options] [words]"

    def short_desc(self) -> str:
        return "Find articles in the archive"

    def long_desc(self) -> str:
        return (
            "Finds the articles whose title or text contains all the words, and lists them, the"
            f" most relevant first; without words, the newest first. {WORDS} After `--` the"
            " first of them may be excluded, too. Times are Beijing time."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        add_selection_options(parser)
        parser.add_argument("--newest", action="store_true", help="list the newest first")
        parser.add_argument(
            "--limit", metavar="N", default="20", help="list at most so many (default: 20)"
        )
        parser.add_argument("--after", metavar="CURSOR", help="go on where the page before ended")
        parser.add_argument("--count", action="store_true", help="print only how many there are")
        parser.add_argument(
            "--explain", action="store_true", help="print what would be asked; nothing is"
        )
        parser.add_argument("--json", action="store_true", help="print one line of JSON for each")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        query = read_selection(opts, only_argument(args, "text"))
        limit = _limit(opts.limit)
        is_ranked = bool(query.phrases) and not opts.newest
        if opts.explain:
            explained = explanation(query, is_ranked=is_ranked)
            print(as_json(explained) if opts.json else "\n".join(_lines(explained)))
            return
        async with await self.open_archive() as storage:
            archive = Archive(storage.database)
            if query.phrases and (missing := await archive.unsearchable()):
                print(
                    f"Not searched: {missing} articles without search data; `scrapy reindex`"
                    " makes it",
                    file=sys.stderr,
                )
            if opts.count:
                count = await archive.count(query)
                print(as_json({"count": count, "query": query.describe()}) if opts.json else count)
                return
            page = await _page(archive, query, limit, opts.after, is_ranked=is_ranked)
            if opts.json:
                for hit in page.hits:
                    print(as_json(row(hit, query)))
                return
            total = await archive.count(query)
            copies = 0
            if not query.with_copies:
                copies = await archive.count(replace(query, with_copies=True)) - total
        # a file or another program gets the whole of it
        cells = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for line in table(page.hits, query, cells):
            print(line)
        print(footer(query, shown=len(page.hits), total=total, copies=copies, is_ranked=is_ranked))
        if page.next is not None:
            print(f"下一页：--after {page.next}")


async def _page(
    archive: Archive, query: ArticleQuery, limit: int, after: str | None, *, is_ranked: bool
) -> Page:
    try:
        if is_ranked:
            return await archive.search(query, limit=limit, after=after)
        return await archive.newest(query, limit=limit, after=after)
    except ValueError as error:
        raise CommandError(f"after: {error}", 2) from None
    except UnknownArticleError as error:
        raise CommandError(f"after: there is no article {error}", 2) from None


def explanation(query: ArticleQuery, *, is_ranked: bool) -> dict[str, Any]:
    """Return what *query* asks for, in words and as the filter of the collection ``search``."""
    orders = _ORDERS[is_ranked]
    return {
        "zh": f"{query.describe()}。{orders[0]}。",
        "en": f"{query.describe('en')}; {orders[1]}",
        "filter": query.to_filter(),
    }


def _lines(explained: dict[str, Any]) -> Iterator[str]:
    yield printable(explained["zh"])
    yield printable(explained["en"])
    yield as_json(explained["filter"])


def row(hit: Hit, query: ArticleQuery) -> dict[str, Any]:
    """Return what a list of articles says of *hit*."""
    shown: dict[str, Any] = {
        "doc_id": hit.doc_id,
        "published_at": hit.published_at,
        "source": hit.source,
        "title": hit.title,
        "url": hit.url,
        "copy_of": hit.copy_of,
        "deleted_at": hit.deleted_at,
    }
    if query.phrases:
        in_title, in_text = _matches(hit, query)
        shown["highlights"] = {
            "title": [segment._asdict() for segment in in_title],
            "text": [segment._asdict() for segment in in_text],
        }
        shown["cursor"] = hit.cursor
    return shown


def _matches(hit: Hit, query: ArticleQuery) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    in_title = highlighted(hit.title, query.wanted("text", "title"))
    return in_title, snippet(hit.text, query.wanted("text", "body"), _SNIPPET)


def table(hits: Sequence[Hit], query: ArticleQuery, cells: int | None) -> Iterator[str]:
    """Give a line for each of *hits*, cut to *cells* if they are given, and what matches.

    That is bold on a terminal, the width of which is given, and in 「」 elsewhere.
    """
    sources = [printable(hit.source or "") for hit in hits]
    source_cells = max(map(width, sources), default=0)
    if cells is not None:
        source_cells = min(source_cells, _LONGEST_SOURCE)
    for hit, source in zip(hits, sources, strict=True):
        time = beijing_text(hit.published_at) if hit.published_at else ""
        in_title, in_text = _matches(hit, query)
        head = f"{time[:_TIME_CELLS]:{_TIME_CELLS}}  {hit.doc_id}  {fit(source, source_cells)}  "
        mark = _DELETED if hit.deleted_at else ""
        room = None if cells is None else cells - width(mark)  # it is not to be cut off
        yield _marked((Segment(head, False), *in_title), room) + mark
        if query.wanted("text", "body") and hit.text:
            indent = Segment(" " * (_TIME_CELLS + 2), False)
            yield _marked((indent, *in_text), cells)


def _marked(segments: Sequence[Segment], cells: int | None) -> str:
    """Return *segments* in at most *cells* cells, matches marked."""
    if cells is None:
        return "".join(
            f"「{printable(text)}」" if is_match else printable(text) for text, is_match in segments
        )
    shown = shorten("".join(printable(text) for text, _ in segments), cells)
    marked, place = "", 0
    for text, is_match in segments:
        part = shown[place : place + len(text)]
        place += len(text)
        marked += f"\x1b[1m{part}\x1b[0m" if is_match and part else part
    return marked


def footer(
    query: ArticleQuery, *, shown: int, total: int, copies: int, is_ranked: bool = False
) -> str:
    """Return the sentence under a list: what was asked, how much of it is shown."""
    order = "最相关" if is_ranked else "最新"
    of_them = f"，列出{order} {shown} 篇" if shown < total else ""
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
