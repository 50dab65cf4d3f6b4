from __future__ import annotations

import json
from datetime import timedelta

import pytest

from netease_crawler.commands.article import page
from netease_crawler.storage.archive import StoredArticle
from tests.articles import EARLY, LATE, SEEN, make_article, make_full_article
from tests.conftest import Store
from tests.scrapy_process import ScrapyProject

FULL = f"""\
江畔新城地铁二号线开通
来源：江畔观察　发布：2025-03-04 09:02:03（北京时间）　IP 属地：江苏
https://www.163.com/dy/article/{EARLY}.html

## 首日客流

江畔新城地铁二号线今晨开通，首日客流超过三万人次。

[图片] 站台 http://dingyue.ws.126.net/2025/0304/a.jpg

[视频] http://flv.bn.netease.com/a.mp4

原标题：二号线开通首日
责任编辑：林一_NN1001
网易号：江畔观察（T1512041896301，文章数 120，关注度 4500）
分类：社会/民生
关键词：地铁、开通
参与：12
跟贴：3
推荐：相关推荐 1 条，热点推荐 1 条
首次收录：2025-03-04 13:06:07（北京时间）
最近查看：2025-03-04 13:06:07（北京时间）
"""


@pytest.mark.parametrize(
    "given",
    [
        EARLY,
        f"https://m.163.com/dy/article/{EARLY}.html?f=x",
        f"www.163.com/dy/article/{EARLY}.html",
    ],
)
def test_an_article_is_shown_to_read(project: ScrapyProject, store: Store, given: str) -> None:
    store(make_full_article())
    done = project.run("article", given)
    assert (done.returncode, done.stdout, done.stderr) == (0, FULL, "")


def test_a_dropped_copy_names_where_its_text_is() -> None:
    article = make_article(blocks=(), published_at=None, source=None)
    stored = StoredArticle(article=article, first_seen_at=SEEN, last_seen_at=SEEN, copy_of=LATE)
    assert list(page(stored)) == [
        "江畔新城地铁二号线开通",
        f"https://www.163.com/dy/article/{EARLY}.html",
        "",
        f"（正文同 {LATE}，未另存）",
        "",
        f"同文原篇：{LATE}",
        "首次收录：2025-03-04 13:06:07（北京时间）",
        "最近查看：2025-03-04 13:06:07（北京时间）",
    ]


def test_a_deleted_article_says_since_when_it_is_known() -> None:
    stored = StoredArticle(
        article=make_article(),
        first_seen_at=SEEN,
        last_seen_at=SEEN,
        deleted_at=SEEN + timedelta(days=1),
    )
    assert list(page(stored))[-2:] == [
        "最近查看：2025-03-04 13:06:07（北京时间）",
        "发现已删除：2025-03-05 13:06:07（北京时间）",
    ]


def test_an_article_as_json_is_the_whole_item(project: ScrapyProject, store: Store) -> None:
    store(make_full_article())
    item = json.loads(project.run("article", EARLY, "--json").stdout)
    assert item["account"]["name"] == "江畔观察"
    assert [block["kind"] for block in item["blocks"]] == ["heading", "paragraph", "image", "video"]
    assert item["next_article"]["published_at"] == "2025-03-03T22:30:00+00:00"
    assert item["first_seen_at"] == "2025-03-04T05:06:07+00:00"
    assert item["deleted_at"] is None


@pytest.mark.parametrize(
    ("arguments", "exitcode", "message"),
    [
        (
            [LATE],
            1,
            f"{LATE} is not in the archive; `scrapy crawl article -a urls={LATE}` fetches it",
        ),
        (
            ["K0A1"],
            2,
            "'K0A1' is neither a doc id like J22CN60P0514R9KQ nor the address of a NetEase article",
        ),
        ([], 2, "give the doc id or the address of an article"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    project: ScrapyProject, arguments: list[str], exitcode: int, message: str
) -> None:
    done = project.run("article", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (exitcode, "", f"Error: {message}\n")
