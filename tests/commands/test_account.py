from __future__ import annotations

import asyncio
import json
from argparse import Namespace

import pytest

from netease_crawler.commands.account import Command, account_lines
from netease_crawler.items import Account
from netease_crawler.storage.account import AccountArticle, AccountFacts
from netease_crawler.terminal.command import CommandError
from tests.articles import EARLY, LATE, MIDDLE, make_article, make_full_article
from tests.conftest import Store
from tests.scrapy_process import ScrapyProject

PAGE = f"""\
江畔观察（T1512041896301）
江畔新城的事
https://www.163.com/dy/media/T1512041896301.html
文章数：120　关注度：4500

已收录：2 篇（其中转载副本 1 篇）
首次见到：2025-03-04 13:06:07（北京时间）
最近见到：2025-03-04 13:06:07（北京时间）

按月（北京时间）
  2  2025-03

最新文章
  2025-03-04 09:02  {MIDDLE}  江畔新城地铁二号线开通（同 {EARLY}）
  2025-03-04 09:02  {EARLY}  江畔新城地铁二号线开通

其文章推荐最多的文章
  2 篇  {LATE}  早高峰加开列车（江畔观察）
  2 篇  VABCDEFGH  航拍二号线

其文章推荐最多的来源
  2  江畔观察
"""


def test_an_account_is_shown_to_read(project: ScrapyProject, store: Store) -> None:
    store(make_full_article(EARLY), make_full_article(MIDDLE))
    done = project.run("account", "https://www.163.com/dy/media/T1512041896301.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, PAGE, "")


def test_an_account_as_json(project: ScrapyProject, store: Store) -> None:
    store(make_full_article(EARLY))
    facts = json.loads(project.run("account", "江畔观察", "--json").stdout)
    assert facts.pop("account")["media_id"] == "T1512041896301"
    assert facts == {
        "first_seen_at": "2025-03-04T05:06:07+00:00",
        "last_seen_at": "2025-03-04T05:06:07+00:00",
        "articles": 1,
        "copies": 0,
        "undated": 0,
        "by_month": {"2025-03": 1},
        # a Tuesday, 09:02 in Beijing
        "by_hour": [[int((day, hour) == (1, 9)) for hour in range(24)] for day in range(7)],
        "followers": [{"at": "2025-03-04T05:06:07+00:00", "count": 4500}],
        "newest": [
            {
                "doc_id": EARLY,
                "title": "江畔新城地铁二号线开通",
                "published_at": "2025-03-04T01:02:03+00:00",
                "copy_of": None,
            }
        ],
        "recommended": [
            {"articles": 1, "doc_id": LATE, "title": "早高峰加开列车", "source": "江畔观察"},
            {"articles": 1, "doc_id": "VABCDEFGH", "title": "航拍二号线", "source": None},
        ],
        "recommended_sources": {"江畔观察": 1},
    }


def test_what_is_not_known_is_left_out() -> None:
    facts = AccountFacts(
        account=Account(name="老栏目\x1b"),
        first_seen_at=None,
        last_seen_at=None,
        articles=1,
        copies=0,
        undated=1,
        by_month={},
        by_hour=[[0] * 24] * 7,
        followers=[],
        newest=[AccountArticle(doc_id=EARLY, title="一", published_at=None, copy_of=None)],
        recommended=[],
        recommended_sources={},
    )
    assert account_lines(facts) == [
        "老栏目 （页面无 T 号）",
        "",
        "已收录：1 篇（无发布时间 1 篇）",
        "",
        "最新文章",
        f"                    {EARLY}  一",
    ]


def test_a_name_of_two_accounts_asks_which(project: ScrapyProject, store: Store) -> None:
    store(
        make_article(EARLY, account=Account(media_id="T1512041896301", name="江畔观察")),
        make_article(MIDDLE, account=Account(media_id="T1512041896302", name="江畔观察")),
    )
    done = project.run("account", "江畔观察")
    assert (done.returncode, done.stderr) == (
        2,
        "Error: several accounts are called 江畔观察: T1512041896301, T1512041896302\n",
    )


def test_an_account_that_is_not_there_is_one_line(project: ScrapyProject) -> None:
    done = project.run("account", "没有的号")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "Error: 没有的号 is no account of the archive\n",
    )


@pytest.mark.parametrize("arguments", [[], [" "]])
def test_no_account_cannot_be_shown(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as raised:
        asyncio.run(Command().run_async(arguments, Namespace(json=False)))
    assert (str(raised.value), raised.value.exitcode) == (
        "give the media id (T…), the name or the address of an account",
        2,
    )
