from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from netease_crawler.commands.search import footer, table
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Hit
from netease_crawler.storage.connection import Database
from netease_crawler.storage.deletions import mark_deleted
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import InDatabase, Store
from tests.scrapy_process import ScrapyProject

COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"


def hit(doc_id: str, **values: Any) -> Hit:
    shown = {
        "url": f"https://www.163.com/dy/article/{doc_id}.html",
        "source": None,
        "published_at": datetime(2025, 3, 4, 1, 2, 3, tzinfo=timezone.utc),
        "text": "",
        "copy_of": None,
        "cursor": doc_id,
    }
    return Hit(doc_id=doc_id, **shown | values)


FOUND = [
    hit(EARLY, title="地铁开通\x1b[2J\n首日", source="江畔观察", text="江畔的地铁\x1b今晨开通。"),
    hit(MIDDLE, title="Metro opens", source="A很长的来源名字一共超过二十格", published_at=None),
]
EVERYTHING, WORDS = ArticleQuery(), ArticleQuery(text="地铁")


def test_columns_are_aligned_and_cut_to_the_terminal() -> None:
    assert list(table(FOUND, EVERYTHING, 66)) == [
        f"2025-03-04 09:02  {EARLY}  江畔观察              地铁开…",
        f"                  {MIDDLE}  A很长的来源名字一共…  Metro o…",
    ]


def test_what_is_piped_is_whole() -> None:
    assert list(table(FOUND, EVERYTHING, None)) == [
        f"2025-03-04 09:02  {EARLY}  江畔观察                       地铁开通 [2J 首日",
        f"                  {MIDDLE}  A很长的来源名字一共超过二十格  Metro opens",
    ]


def test_what_was_looked_for_is_bold_on_a_terminal() -> None:
    assert list(table(FOUND, WORDS, 66)) == [
        f"2025-03-04 09:02  {EARLY}  江畔观察              \x1b[1m地铁\x1b[0m开…",
        "                  江畔的\x1b[1m地铁\x1b[0m 今晨开通。",
        f"                  {MIDDLE}  A很长的来源名字一共…  Metro o…",
    ]


def test_what_was_looked_for_is_marked_where_nothing_is_bold() -> None:
    assert list(table(FOUND[:1], WORDS, None)) == [
        f"2025-03-04 09:02  {EARLY}  江畔观察  「地铁」开通 [2J 首日",
        "                  江畔的「地铁」 今晨开通。",
    ]


def test_what_was_deleted_is_marked_also_where_its_title_is_cut() -> None:
    gone = [hit(EARLY, title="江畔新城地铁开通", source="江畔观察", deleted_at=SEEN)]
    assert list(table(gone, EVERYTHING, 63)) == [
        f"2025-03-04 09:02  {EARLY}  江畔观察  江畔新…（已删除）"
    ]
    assert list(table(gone, WORDS, None)) == [
        f"2025-03-04 09:02  {EARLY}  江畔观察  江畔新城「地铁」开通（已删除）"
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


def test_footer_says_the_order() -> None:
    assert footer(WORDS, shown=1, total=2, copies=0, is_ranked=True) == (
        "标题或正文含“地铁”；不含转载副本。共 2 篇，列出最相关 1 篇。"
    )


def test_search_lists_the_most_relevant_first(project: ScrapyProject, store: Store) -> None:
    store(
        make_article(EARLY, title="二號線开通", text="今晨的事。"),
        make_article(MIDDLE, title="早高峰", text="二号线加开列车。", published_at=SEEN),
    )
    first = project.run("search", "二号线", "--limit", "1")
    *lines, following = first.stdout.splitlines()
    assert (first.returncode, first.stderr, lines) == (
        0,
        "",
        [
            f"2025-03-04 09:02  {EARLY}  江畔观察  「二號線」开通",
            "                  今晨的事。",
            "标题或正文含“二号线”；不含转载副本。共 2 篇，列出最相关 1 篇。",
        ],
    )
    assert following.startswith("下一页：--after ")
    second = project.run("search", "二号线", "--after", following.split()[-1])
    assert second.stdout == (
        f"2025-03-04 13:06  {MIDDLE}  江畔观察  早高峰\n"
        "                  「二号线」加开列车。\n"
        "标题或正文含“二号线”；不含转载副本。共 2 篇，列出最相关 1 篇。\n"
    )


def test_search_explains_itself(project: ScrapyProject) -> None:
    done = project.run("search", "地铁", "--source", "山城晚报", "--explain")
    found = [
        {"$gte": [{"$indexOfBytes": [f"$folded.{name}", {"$literal": "地铁"}]}, 0]}
        for name in ("title", "text")
    ]
    criteria = {"$expr": {"$and": [{"$or": found}]}, "source": "山城晚报", "copy_of": None}
    zh, en, filter_ = done.stdout.splitlines()
    assert (zh, en, json.loads(filter_)) == (
        "标题或正文含“地铁”，来源为“山城晚报”；不含转载副本。"
        "标题含词多者在前，其次正文中词多者，再次新者。",
        "title or text contains “地铁”; source is “山城晚报”; without copies; more of the words in"
        " the title first, then more often in the text, then newer",
        criteria,
    )
    as_json = json.loads(project.run("search", "--explain", "--json").stdout)
    assert as_json == {
        "zh": "全部文章；不含转载副本。新者在前。",
        "en": "all articles; without copies; newest first",
        "filter": {"copy_of": None},
    }


def test_what_follows_two_hyphens_is_no_option(project: ScrapyProject) -> None:
    done = project.run("search", "--explain", "--json", "--", "-香港 记者")
    assert (done.returncode, done.stderr) == (0, "")
    sentence = "标题或正文含“记者”、不含“香港”；不含转载副本。"
    assert json.loads(done.stdout)["zh"].startswith(sentence)


def test_search_as_json_says_what_matches(project: ScrapyProject, store: Store) -> None:
    store(make_article(EARLY, title="二號線开通", text="今晨的事。"))
    line = json.loads(project.run("search", "二号线", "--json").stdout)
    assert line["highlights"] == {
        "title": [{"text": "二號線", "is_match": True}, {"text": "开通", "is_match": False}],
        "text": [{"text": "今晨的事。", "is_match": False}],
    }
    done = project.run("search", "二号线", "--after", line["cursor"], "--json")
    assert (done.returncode, done.stdout) == (0, "")


def test_search_says_what_it_does_not_search(
    project: ScrapyProject, store: Store, in_database: InDatabase[Any]
) -> None:
    store(make_article(EARLY), make_article(MIDDLE))

    async def before_there_was_search(database: Database) -> None:
        await database["search"].delete_many({})
        await database["articles"].update_many({}, {"$unset": {"search_version": ""}})

    in_database(before_there_was_search)
    done = project.run("search", "二号线", "--count")
    assert (done.stdout, done.stderr) == (
        "0\n",
        "Not searched: 2 articles without search data; `scrapy reindex` makes it\n",
    )
    assert project.run("export", "-", "--text", "二号线").stderr == (
        "Error: 2 articles have no search data, and would be missing; `scrapy reindex` makes it\n"
    )
    assert project.run("reindex").stdout == "2 articles made searchable\n"
    done = project.run("search", "二号线", "--count")
    assert (done.stdout, done.stderr) == ("2\n", "")
    assert json.loads(project.run("reindex", "--json").stdout) == {"reindexed": 0}


def test_search_lists_the_newest_first(project: ScrapyProject, store: Store) -> None:
    store(
        make_full_article(EARLY),
        make_article(MIDDLE, text=COPIED, title="早高峰加开列车", published_at=SEEN),
        make_article(LATE, text=COPIED),
    )
    done = project.run("search", "二号线", "--limit", "1", "--newest")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        f"2025-03-04 13:06  {MIDDLE}  江畔观察  早高峰加开列车\n"
        "                  同一篇文字：江畔新城地铁「二号线」今晨开通，首日客流超过三万人次，"
        "市民排队乘车。\n"
        "标题或正文含“二号线”；不含转载副本。共 2 篇，列出最新 1 篇。"
        "另有转载副本 1 篇（--with-copies）。\n"
        f"下一页：--after {MIDDLE}\n",
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
            "deleted_at": None,
        },
        {
            "doc_id": LATE,
            "published_at": None,
            "source": "江畔观察",
            "title": "江畔新城地铁二号线开通",
            "url": f"https://www.163.com/dy/article/{LATE}.html",
            "copy_of": MIDDLE,
            "deleted_at": None,
        },
    ]


def test_search_selects_what_was_deleted(
    project: ScrapyProject, store: Store, in_database: InDatabase[Any]
) -> None:
    store(make_article(EARLY), make_article(MIDDLE))
    gone_at = SEEN + timedelta(days=1)
    in_database(lambda database: mark_deleted(database, {MIDDLE: gone_at}))
    listed = project.run("search", "--deleted", "--json")
    [row] = map(json.loads, listed.stdout.splitlines())
    assert (row["doc_id"], row["deleted_at"]) == (MIDDLE, "2025-03-05T05:06:07+00:00")
    done = project.run("search", "二号线", "--not-deleted")
    assert done.stdout.splitlines()[-1] == (
        "标题或正文含“二号线”，未被删除；不含转载副本。共 1 篇。"
    )


def test_what_is_deleted_and_not_deleted_cannot_be_meant(project: ScrapyProject) -> None:
    done = project.run("search", "--deleted", "--not-deleted")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(
        "error: argument --not-deleted: not allowed with argument --deleted"
    )


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
        (["--acount", "--", "地铁"], "no such option: --acount"),
        (["地铁", "开通"], "give one text, in quotes if it has spaces, not 2"),
        ([""], "text: is empty"),
        (["地" * 10_000], "text: has 10000 characters, at most 200 are allowed"),
        (["地铁", "--after", "x"], "after: 'x' is not where a page of a search ends"),
        (["--after", LATE], f"after: there is no article {LATE}"),
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
