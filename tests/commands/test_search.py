from __future__ import annotations

import json

import pytest

from netease_crawler.commands.search import footer, table
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import StoredArticle
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.commands.conftest import Store
from tests.scrapy_process import ScrapyProject

COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"


def stored(doc_id: str, **values: object) -> StoredArticle:
    article = make_article(doc_id, **values)
    return StoredArticle(article=article, first_seen_at=SEEN, last_seen_at=SEEN)


FOUND = [
    stored(EARLY, title="地铁开通\x1b[2J\n首日", source="江畔观察"),
    stored(MIDDLE, title="Metro opens", source="A很长的来源名字一共超过二十格", published_at=None),
]


def test_columns_are_aligned_and_cut_to_the_terminal() -> None:
    assert list(table(FOUND, 66)) == [
        f"2025-03-04 09:02  {EARLY}  江畔观察              地铁开…",
        f"                  {MIDDLE}  A很长的来源名字一共…  Metro o…",
    ]


def test_what_is_piped_is_whole() -> None:
    assert list(table(FOUND, None)) == [
        f"2025-03-04 09:02  {EARLY}  江畔观察                       地铁开通 [2J 首日",
        f"                  {MIDDLE}  A很长的来源名字一共超过二十格  Metro opens",
    ]


@pytest.mark.parametrize(
    ("shown", "total", "copies", "sentence"),
    [
        (2, 2, 0, "标题或正文含“地铁”；不含转载副本。共 2 篇。"),
        (20, 42, 0, "标题或正文含“地铁”；不含转载副本。共 42 篇，列出最新 20 篇。"),
        (
            2,
            2,
            3,
            "标题或正文含“地铁”；不含转载副本。共 2 篇。另有转载副本 3 篇（--with-copies）。",
        ),
    ],
)
def test_footer_says_what_was_asked_and_what_is_not_shown(
    shown: int, total: int, copies: int, sentence: str
) -> None:
    query = ArticleQuery(text="地铁")
    assert footer(query, shown=shown, total=total, copies=copies) == sentence


def test_search_lists_the_newest_first(project: ScrapyProject, store: Store) -> None:
    store(
        make_full_article(EARLY),
        make_article(MIDDLE, text=COPIED, title="早高峰加开列车", published_at=SEEN),
        make_article(LATE, text=COPIED),
    )
    done = project.run("search", "二号线", "--limit", "1")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        f"2025-03-04 13:06  {MIDDLE}  江畔观察  早高峰加开列车\n"
        "标题或正文含“二号线”；不含转载副本。共 2 篇，列出最新 1 篇。"
        "另有转载副本 1 篇（--with-copies）。\n",
        "",
    )


def test_search_as_json(project: ScrapyProject, store: Store) -> None:
    store(make_article(MIDDLE, text=COPIED), make_article(LATE, text=COPIED, published_at=None))
    listed = project.run("search", "--with-copies", "--json")
    assert [json.loads(line) for line in listed.stdout.splitlines()] == [
        {
            "doc_id": MIDDLE,
            "published_at": "2025-03-04T01:02:03+00:00",
            "source": "江畔观察",
            "title": "江畔新城地铁二号线开通",
            "url": f"https://www.163.com/dy/article/{MIDDLE}.html",
            "copy_of": None,
        },
        {
            "doc_id": LATE,
            "published_at": None,
            "source": "江畔观察",
            "title": "江畔新城地铁二号线开通",
            "url": f"https://www.163.com/dy/article/{LATE}.html",
            "copy_of": MIDDLE,
        },
    ]


def test_search_counts(project: ScrapyProject, store: Store) -> None:
    store(make_article(EARLY), make_article(MIDDLE, source="山城晚报"))
    assert project.run("search", "--source", "山城晚报", "--count").stdout == "1\n"
    assert json.loads(project.run("search", "--count", "--json").stdout) == {
        "count": 2,
        "query": "全部文章；不含转载副本",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--limit", "0"],
            "limit: a whole number from 1 to 100000 (`scrapy export` has no limit), not '0'",
        ),
        (
            ["--since", "昨天"],
            "since: a date like 2024-05-31 or a time like 2024-05-31T08:00 (Beijing), not '昨天'",
        ),
        (["--since", "2024-05-02", "--until", "2024-05-02"], "since: is not before until"),
        (["--acount", "江畔观察"], "no such option: --acount"),
        (["地铁", "开通"], "give one text, in quotes if it has spaces, not 2"),
        ([""], "text: is empty"),
    ],
)
def test_bad_arguments_are_one_line(
    project: ScrapyProject, arguments: list[str], message: str
) -> None:
    done = project.run("search", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Error: {message}\n")


def test_help_has_an_example(project: ScrapyProject) -> None:
    done = project.run("search", "--help")
    assert "Example: scrapy search 经济 --since 2024-05-01 --limit 10" in done.stdout
