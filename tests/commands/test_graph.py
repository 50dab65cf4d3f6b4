from __future__ import annotations

import asyncio
import json
from argparse import Namespace
from datetime import datetime, timezone

import pytest

from netease_crawler.commands.graph import Command, page
from netease_crawler.storage.graph import Edge, Neighbour, Node
from netease_crawler.terminal.command import CommandError
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import Store
from tests.scrapy_process import ScrapyProject

LONG = "来源的名字也很长很…"  # 19 cells
PAGE = f"""\
江畔新城地铁二号线开通
●　{EARLY}　江畔观察　2025-03-04 09:02:03（北京时间）

推荐 2 条
  相关推荐   1    1×  ●  {LATE}  2025-03-04 09:02  山城晚报  江畔新城地铁二号线开通
  热点推荐   1    1×  ○  VABCDEFGH                                     航拍二号线

被推荐于 0 条
"""


def test_the_neighbours_of_an_article(project: ScrapyProject, store: Store) -> None:
    store(make_full_article(EARLY), make_article(LATE, source="山城晚报"))
    done = project.run("graph", EARLY)
    assert (done.returncode, done.stdout, done.stderr) == (0, PAGE, "")


def test_neighbours_as_json(project: ScrapyProject, store: Store) -> None:
    store(make_full_article(EARLY))
    done = project.run("graph", "https://www.163.com/v/video/VABCDEFGH.html", "--json")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {
            "direction": "in",
            "distance": 1,
            "from": EARLY,
            "to": "VABCDEFGH",
            "kind": "hot",
            "position": 1,
            "first_seen_at": "2025-03-04T05:06:07+00:00",
            "last_seen_at": "2025-03-04T05:06:07+00:00",
            "times_seen": 1,
            "doc_id": EARLY,
            "title": "江畔新城地铁二号线开通",
            "source": "江畔观察",
            "account": "江畔观察",
            "published_at": "2025-03-04T01:02:03+00:00",
            "is_known": True,
        }
    ]


def neighbour(distance: int, source: str, target: Node) -> Neighbour:
    edge = Edge(
        source=source,
        target=target.id,
        kind="related",
        position=12,
        first_seen_at=SEEN,
        last_seen_at=SEEN,
        times_seen=3,
    )
    return Neighbour(direction="out", distance=distance, edge=edge, node=target)


def test_lines_fit_a_terminal_and_name_the_way() -> None:
    start = Node(id=EARLY, title="起点\x1b[31m", is_known=True)
    middle = Node(
        id=MIDDLE,
        title="题目很长，比终端还要长得多，所以在末尾截断",
        source="来源的名字也很长很长很长很长",
        published_at=datetime(2025, 3, 3, 22, 30, tzinfo=timezone.utc),
        is_known=True,
    )
    late = Node(id=LATE, title="题\n目", source="短", is_known=False)
    recommended = [
        neighbour(1, EARLY, middle),
        neighbour(2, MIDDLE, late),
        neighbour(2, MIDDLE, start),
    ]
    assert list(page(start, recommended, [], 2, 112)) == [
        "起点 [31m",
        f"●　{EARLY}",
        "",
        "推荐 2 条，还有更多（--limit）",
        f"  1  {EARLY}  相关推荐  12    3×  ●  {MIDDLE}  2025-03-04 06:30  {LONG}   题目很…",
        f"  2  {MIDDLE}  相关推荐  12    3×  ○  {LATE}  {' ' * 16}  短{' ' * 18}  题 目",
        "",
        "被推荐于 0 条",
    ]


def test_an_article_that_nothing_is_known_of_is_one_line(project: ScrapyProject) -> None:
    done = project.run("graph", EARLY)
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"Error: {EARLY} is not in the archive, and nothing there recommends it\n",
    )


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ([], {}, "give the doc id or the address of an article"),
        (
            ["K0A1"],
            {},
            "'K0A1' is neither a doc id like J22CN60P0514R9KQ nor the address of a NetEase article"
            " or video",
        ),
        ([EARLY], {"kind": "x"}, "kind: related or hot, not 'x'"),
        ([EARLY], {"depth": "5"}, "depth: a whole number from 1 to 4, not '5'"),
        ([EARLY], {"limit": "0"}, "limit: a whole number from 1 to 1000, not '0'"),
        ([EARLY], {"limit": "２"}, "limit: a whole number from 1 to 1000, not '２'"),
    ],
)
def test_what_cannot_be_asked(arguments: list[str], options: dict[str, str], message: str) -> None:
    opts = Namespace(**{"kind": None, "depth": "1", "limit": "100", "json": False} | options)
    with pytest.raises(CommandError) as raised:
        asyncio.run(Command().run_async(arguments, opts))
    assert (str(raised.value), raised.value.exitcode) == (message, 2)
