"""``scrapy graph``: what an article recommends, and what recommends it."""

from __future__ import annotations

import re
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from netease_crawler.json_text import as_json
from netease_crawler.storage.graph import Graph, Neighbour, Node
from netease_crawler.terminal.cells import fit, printable, shorten, width
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.selection import only_argument
from netease_crawler.times import beijing_text
from netease_crawler.urls import is_doc_id, page_id_from_url

_KINDS = {"related": "相关推荐", "hot": "热点推荐"}
_LARGEST_DEPTH, _LARGEST_LIMIT = 4, 1000
_TIME_CELLS = len("2024-05-13 09:16")
_LONGEST_SOURCE = 20  # cells
_VIDEO_ID = re.compile("V[0-9A-Z]{8}")


class Command(ArchiveCommand):
    example = "scrapy graph J22CN60P0514R9KQ --kind related --depth 2"

    def syntax(self) -> str:
        return "[options] <id or address>"

    def short_desc(self) -> str:
        return "Show what an article recommends, and what recommends it"

    def long_desc(self) -> str:
        return (
            "Shows the neighbours of an article or video in the graph of recommendations, as all"
            " crawls saw it: what it recommends (what is on its page now before what was earlier),"
            " then what recommends it (what was seen last first). ● is an article of the archive,"
            " ○ is not. Times are Beijing time, in JSON UTC. The exit code is 1 where nothing is"
            " known of it. `scrapy export graph.graphml` writes the whole graph."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--kind", metavar="|".join(_KINDS), help="only this list: 相关推荐 or 热点推荐"
        )
        parser.add_argument(
            "--depth", metavar="N", default="1", help=f"so many steps, up to {_LARGEST_DEPTH}"
        )
        parser.add_argument(
            "--limit",
            metavar="N",
            default="100",
            help=f"list at most so many in each direction (default: 100, up to {_LARGEST_LIMIT})",
        )
        parser.add_argument("--json", action="store_true", help="print one line of JSON for each")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        page_id = _page_id(only_argument(args, "article"))
        depth = _number("depth", opts.depth, _LARGEST_DEPTH)
        limit = _number("limit", opts.limit, _LARGEST_LIMIT)
        if opts.kind not in (None, *_KINDS):
            raise CommandError(f"kind: {' or '.join(_KINDS)}, not {opts.kind!r}", 2)
        async with await self.open_archive() as storage:
            graph = Graph(storage.database)
            if (node := await graph.node(page_id)) is None:
                raise CommandError(
                    f"{page_id} is not in the archive, and nothing there recommends it"
                )
            found = [
                await graph.neighbours(page_id, way, kind=opts.kind, depth=depth, limit=limit + 1)
                for way in ("out", "in")
            ]
        recommended, recommending = found
        if opts.json:
            for neighbour in (*recommended[:limit], *recommending[:limit]):
                print(as_json(row(neighbour)))
            return
        cells = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for line in page(node, recommended, recommending, limit, cells):
            print(line)


def row(neighbour: Neighbour) -> dict[str, Any]:
    """Return *neighbour* flat: the edge, then what is known of the page at its far end."""
    edge, node = asdict(neighbour.edge), asdict(neighbour.node)
    return {
        "direction": neighbour.direction,
        "distance": neighbour.distance,
        "from": edge.pop("source"),
        "to": edge.pop("target"),
        **edge,
        "doc_id": node.pop("id"),
        **node,
    }


def page(
    node: Node,
    recommended: Sequence[Neighbour],
    recommending: Sequence[Neighbour],
    limit: int,
    cells: int | None,
) -> Iterator[str]:
    """Give the lines about *node* and *limit* neighbours each way, cut to *cells* if given."""
    time = f"{beijing_text(node.published_at)}（北京时间）" if node.published_at else None
    yield printable(node.title or node.id)
    yield printable("　".join(filter(None, (_mark(node), node.id, node.source, time))))
    for label, neighbours in (("推荐", recommended), ("被推荐于", recommending)):
        yield ""
        shown = neighbours[:limit]
        more = "，还有更多（--limit）" if len(neighbours) > limit else ""
        yield f"{label} {len(shown)} 条{more}"
        yield from table(shown, cells)


def table(neighbours: Sequence[Neighbour], cells: int | None) -> Iterator[str]:
    """Give a line for each of *neighbours*, cut to *cells* if they are given.

    Where one is farther than a step, each names the page at the near end of its edge.
    """
    sources = [printable(one.node.source or "") for one in neighbours]
    source_cells = min(max(map(width, sources), default=0), _LONGEST_SOURCE)
    id_cells = max((width(one.node.id) for one in neighbours), default=0)
    has_steps = any(one.distance > 1 for one in neighbours)
    for one, source in zip(neighbours, sources, strict=True):
        time = beijing_text(one.node.published_at) if one.node.published_at else ""
        columns = (
            *((f"{one.distance}", fit(_near_end(one), id_cells)) if has_steps else ()),
            f"{_KINDS[one.edge.kind]}{one.edge.position:>4}",
            f"{one.edge.times_seen:>3}×",
            _mark(one.node),
            fit(printable(one.node.id), id_cells),
            f"{time[:_TIME_CELLS]:{_TIME_CELLS}}",
            fit(source, source_cells),
            printable(one.node.title or ""),
        )
        line = "  " + "  ".join(columns).rstrip()
        yield line if cells is None else shorten(line, cells)


def _near_end(neighbour: Neighbour) -> str:
    edge = neighbour.edge
    return edge.source if neighbour.direction == "out" else edge.target


def _mark(node: Node) -> str:
    return "●" if node.is_known else "○"


def _page_id(given: str | None) -> str:
    if given is None:
        raise CommandError("give the doc id or the address of an article", 2)
    given = given.strip()
    if is_doc_id(given) or _VIDEO_ID.fullmatch(given):
        return given
    page_id = page_id_from_url(given if "://" in given else f"https://{given}")
    if page_id is None:
        raise CommandError(
            f"{given!r} is neither a doc id like J22CN60P0514R9KQ nor the address of a NetEase"
            " article or video",
            2,
        )
    return page_id


def _number(name: str, value: str, largest: int) -> int:
    if not (value.isascii() and value.isdecimal()) or not 1 <= int(value) <= largest:
        raise CommandError(f"{name}: a whole number from 1 to {largest}, not {value!r}", 2)
    return int(value)
