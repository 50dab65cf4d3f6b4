"""The page of an article."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from netease_crawler.exports.formats import record
from netease_crawler.items import Article, Block, Link, Recommendation
from netease_crawler.json_text import as_json
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import InDatabase
from tests.web.conftest import Explorer

SAME = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"
PATH = f"/articles/{EARLY}"

Crawl = Callable[..., None]


@pytest.fixture
def crawl(in_database: InDatabase[Any]) -> Crawl:
    """Stores articles as a crawl does on the *day*."""

    def run(*articles: Article, day: int = 0, **options: Any) -> None:
        async def scenario(database: Database) -> None:
            entries = [Entry(article=one, page=one.doc_id) for one in articles]
            writer = ArticleWriter(database, f"c{day}", **options)
            await writer.write(entries, SEEN + timedelta(days=day))

        in_database(scenario)

    return run


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_twin_is_the_article_and_what_is_around_it(
    explorer: Explorer, crawl: Crawl, in_database: InDatabase[Any]
) -> None:
    pointing = Recommendation(kind="hot", position=4, url=make_article().url, doc_id=EARLY)
    crawl(make_full_article(EARLY))
    crawl(
        replace(make_full_article(EARLY), title="二号线首日"),
        make_article(MIDDLE, recommendations=(pointing,), title="客流回落"),
        make_article(LATE),
        day=1,
    )
    stored = in_database(lambda database: Archive(database).article(EARLY))
    assert stored.article.title == "二号线首日"
    answer = explorer.get(f"{PATH}.json")
    assert (answer.status, answer.json) == (
        200,
        {
            "article": json.loads(as_json(record(stored))),
            "same_text": [],
            "in_archive": [LATE],
            "recommended_by": [
                {
                    "doc_id": MIDDLE,
                    "title": "客流回落",
                    "source": "江畔观察",
                    "published_at": "2025-03-04T01:02:03+00:00",
                    "kind": "hot",
                    "position": 4,
                    "last_seen_at": "2025-03-05T05:06:07+00:00",
                }
            ],
            "recommended_by_count": 1,
            "revisions": [
                {
                    "replaced_at": "2025-03-05T05:06:07+00:00",
                    "last_seen_at": "2025-03-04T05:06:07+00:00",
                    "title": "江畔新城地铁二号线开通",
                    "text": stored.article.text,
                    "changed": ["title"],
                }
            ],
        },
    )


def test_an_article_is_shown_to_read(explorer: Explorer, crawl: Crawl) -> None:
    crawl(make_full_article(EARLY))
    page = flat(explorer.get(PATH).text)
    for shown in (
        "<h1>江畔新城地铁二号线开通</h1>",
        '<time datetime="2025-03-04T01:02:03+00:00">2025-03-04 09:02:03</time>',
        '<a href="/search?source=%E6%B1%9F%E7%95%94%E8%A7%82%E5%AF%9F">江畔观察</a>',
        '<a href="/account?name=T1512041896301">江畔观察</a>',
        '<a href="/search?location=%E6%B1%9F%E8%8B%8F">江苏</a>',
        "责任编辑 林一_NN1001",
        "跟贴 3",
        "参与 12",
        "原标题 二号线开通首日",
        "<h2>首日客流</h2>",
        "<p>江畔新城地铁二号线今晨开通，首日客流超过三万人次。</p>",
        "<figcaption>站台</figcaption>",
        '<a href="http://flv.bn.netease.com/a.mp4" rel="noopener noreferrer">打开视频',
        '<a href="/search?category=%E7%A4%BE%E4%BC%9A%2F%E6%B0%91%E7%94%9F">社会/民生</a>',
        '<a href="/search?keyword=%E5%9C%B0%E9%93%81">地铁</a>',
        "文下有网易号的特别声明",
        "江畔观察：《江畔新城地铁二号线开通》，2025-03-04 09:02:03。网易号档案，"
        f"存于 2025-03-04 13:06:07，{EARLY}。https://www.163.com/dy/article/{EARLY}.html</p>",
        f'<a class="away" href="https://www.163.com/dy/article/{LATE}.html"',
        f'<a href="/graph?page={EARLY}">',
        "<summary>阅读下一篇 <small>1</small></summary>",
        "<summary>头条要闻 <small>1</small></summary>",
        "没有记录到改动。",
        "档案里没有文章推荐它。",
    ):
        assert shown in page


def test_what_the_page_did_not_show_is_left_out(explorer: Explorer, crawl: Crawl) -> None:
    crawl(make_article(EARLY, published_at=None, source=None, blocks=()))
    page = flat(explorer.get(PATH).text)
    assert "页面上没有正文。" in page
    for label in (
        "来源 <a",
        "网易号 <a",
        "IP 属地 <a",
        "责任编辑",
        "跟贴",
        "参与",
        "原标题",
        "None",
    ):
        assert label not in page


def test_a_count_of_none_is_not_unknown(explorer: Explorer, crawl: Crawl) -> None:
    crawl(make_article(EARLY, comment_count=0))
    page = flat(explorer.get(PATH).text)
    assert "跟贴 0<" in page
    assert "参与" not in page


def test_what_the_archive_has_is_linked_there(explorer: Explorer, crawl: Crawl) -> None:
    crawl(make_full_article(EARLY), make_article(LATE))
    page = flat(explorer.get(PATH).text)
    assert f'<a href="/articles/{LATE}">早高峰加开列车</a>' in page
    assert page.count("不在档案里") == 1  # the video


def test_images_are_not_asked_for(explorer: Explorer, crawl: Crawl) -> None:
    crawl(make_full_article(EARLY))
    page = explorer.get(PATH).text
    assert "<img" not in page
    assert '<a href="http://dingyue.ws.126.net/2025/0304/a.jpg" rel="noopener noreferrer">' in page


def test_images_are_shown_where_they_are_allowed(picture_explorer: Explorer, crawl: Crawl) -> None:
    urls = (
        "http://dingyue.ws.126.net/2025/a.jpg?w=1&h=2",
        "https://126.net/a.jpg",
        "https://a.126.net.evil.example/a.jpg",
        "https://a.126.net:8443/a.jpg",
        "https://evil.example/?//a.126.net/a.jpg",
        "//a.126.net/a.jpg",
        "javascript:alert(1)//a.126.net/a.jpg",
    )
    blocks = [Block(kind="image", url=url, caption="站台") for url in urls]
    crawl(make_article(EARLY, blocks=(*blocks, Block(kind="image", url="HTTPS://P.163.COM/b.png"))))
    page = picture_explorer.get(PATH).text
    attributes = 'loading="lazy" decoding="async" referrerpolicy="no-referrer"'
    assert [part.partition(">")[0] for part in page.split("<img ")[1:]] == [
        f'src="https://dingyue.ws.126.net/2025/a.jpg?w=1&amp;h=2" alt="站台" {attributes}',
        f'src="https://P.163.COM/b.png" alt="图片" {attributes}',
    ]


def test_articles_with_its_text_are_listed(explorer: Explorer, crawl: Crawl) -> None:
    crawl(
        make_article(EARLY, text=SAME, title="首发"),
        make_article(MIDDLE, text=SAME, title="转载", source="山城晚报"),
        drop_copies=True,
    )
    assert [one["doc_id"] for one in explorer.get(f"{PATH}.json").json["same_text"]] == [
        EARLY,
        MIDDLE,
    ]
    copy = flat(explorer.get(f"/articles/{MIDDLE}").text)
    assert f'文字与更早的一篇相同 <a href="/articles/{EARLY}">首发</a>' in copy
    assert "正文未另存，见更早的一篇。" in copy
    assert "<strong>转载</strong>" in copy
    original = flat(explorer.get(PATH).text)
    assert "<strong>首发</strong>" in original
    assert f'<a href="/articles/{MIDDLE}">转载</a>' in original


def test_a_change_is_told_and_the_earlier_text_is_there(explorer: Explorer, crawl: Crawl) -> None:
    crawl(make_article(EARLY, text="二号线今晨开通。\n客流三万。"))
    crawl(make_article(EARLY, text="二号线今晨开通。", title="改过的标题"), day=1)
    page = flat(explorer.get(PATH).text)
    assert "<h1>改过的标题</h1>" in page
    assert "改了 标题, 正文" in page
    assert "14 → 8 字" in page
    assert '<h3 lang="zh-CN">江畔新城地铁二号线开通</h3>' in page
    assert "<p>二号线今晨开通。</p><p>客流三万。</p>" in page


def test_a_withdrawn_article_stays_readable(
    explorer: Explorer, crawl: Crawl, in_database: InDatabase[Any]
) -> None:
    crawl(make_article(EARLY))
    in_database(
        lambda database: database["articles"].update_one(
            {"_id": EARLY}, {"$set": {"deleted_at": SEEN}}
        )
    )
    answer = explorer.get(PATH)
    assert (answer.status, "2025-03-04 13:06 发现" in answer.text) == (200, True)
    assert explorer.get(f"{PATH}.json").json["article"]["deleted_at"] == SEEN.isoformat()


def test_twenty_of_those_that_recommend_it_are_listed(explorer: Explorer, crawl: Crawl) -> None:
    entry = Recommendation(kind="related", position=1, url=make_article().url, doc_id=EARLY)
    others = [
        make_article(f"K0B{number:05}05149ABC", recommendations=(entry,)) for number in range(25)
    ]
    crawl(make_article(EARLY), *others)
    found = explorer.get(f"{PATH}.json").json
    assert found["recommended_by_count"] == 25
    newest = [one.doc_id for one in reversed(others[5:])]
    assert [one["doc_id"] for one in found["recommended_by"]] == newest
    assert "只列最新的 20 处" in explorer.get(PATH).text


def test_hostile_text_is_only_text(explorer: Explorer, crawl: Crawl) -> None:
    evil = "\"'><script>alert(1)</script>{{ 7 * 7 }}"
    script = "javascript:alert(1)"
    link = Link(url=script, title=evil, tag=evil)
    crawl(
        make_article(
            EARLY,
            url=script,
            title=evil,
            source=evil,
            location=evil,
            editor=evil,
            original_title=evil,
            category=evil,
            keywords=(evil,),
            blocks=(
                *(Block(kind=kind, text=evil) for kind in ("paragraph", "heading", "quote")),
                *(Block(kind=kind, url=script, caption=evil) for kind in ("image", "video")),
            ),
            recommendations=(
                Recommendation(kind="hot", position=1, url=f" {script}", title=evil, source=evil),
            ),
            history=(link,),
            originals=(link,),
            next_article=link,
        )
    )
    page = explorer.get(PATH).text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'href=" javascript' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}</h1>" in page
    assert explorer.get(f"{PATH}.json").json["article"]["title"] == evil


@pytest.mark.parametrize("path", [PATH, f"{PATH}.json"])
def test_what_is_not_there_is_one_line(explorer: Explorer, path: str) -> None:
    answer = explorer.get(path)
    assert answer.status == 404
    line = f"{EARLY} is not in the archive; scrapy crawl article -a urls={EARLY} fetches it"
    assert line in answer.text


def test_what_cannot_be_a_doc_id_is_told(explorer: Explorer) -> None:
    answer = explorer.get("/articles/k0a1.json")
    assert (answer.status, answer.json["detail"]) == (400, "doc_id: 'k0a1' cannot be one")
