"""What is no readable article raises a PageError that says why, and never anything else."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from netease_crawler.pages import (
    BlockedPageError,
    DeletedArticleError,
    NotAnArticleError,
    PageError,
    TruncatedPageError,
    UnknownLayoutError,
    parse_article,
)
from tests.pages.small_page import URL, small_page

_SAVED = Path(__file__).parents[1] / "fixtures/pages/post2020_dy/K6TM505G0599TEST/page.html"
# The site's menu, hundreds of characters, all in links
_MENU = "".join(
    f'<li><a href="https://www.163.com/">网易频道{index}</a></li>' for index in range(99)
)
_OTHER_PAGES = {
    "https://www.163.com/dy/media/T1500000000001.html": "an account",
    "https://m.163.com/news/sub/T1500000000001.html": "an account",
    "https://www.163.com/v/video/VK6TM505G.html": "a video",
    "https://c.m.163.com/news/v/VK6TM505G.html?spss=newsapp": "a video",
    "https://www.163.com/dy/paidCollect/COIK6TM505G.html": "a paid column",
    "https://news.163.com/photoview/00AP0001/2291430.html": "a photo gallery",
    "https://m.163.com/news/photoview/00AP0001/2291430.html": "a photo gallery",
    "https://comment.tie.163.com/K6TM505G0599TEST.html": "comments",
    "https://m.163.com/touch/comment.html?docid=K6TM505G0599TEST": "comments",
    "https://news.163.com/special/0001386F/rank_whole.html": "a special",
    "https://www.163.com/": "a front page",
    "http://news.163.com?f=x": "a front page",
}


@pytest.mark.parametrize(
    "notice", ["文章已被删除", "该文章已不存在", "内容已删除", "抱歉，该内容已被作者删除"]
)
def test_notice_of_deletion_is_a_deleted_article(notice: str) -> None:
    alone = f"<html><head><title>网易</title></head><body><p>{notice}</p></body></html>"
    in_the_site = alone.replace("<p>", f"{_MENU}<p>").replace("</p>", "</p><p>© 网易公司</p>")
    untitled = small_page(f"<p>{notice}</p>").replace("post_title", "post_other")
    in_pieces = f"<html><body><p>{notice[:-2]}<b>{notice[-2:]}</b></p></body></html>"
    for page in (alone, in_the_site, in_pieces, untitled, small_page(f"<p>{notice}</p>")):
        with pytest.raises(DeletedArticleError, match=f"^{notice}$"):
            parse_article(page, URL)


def test_article_about_deleted_texts_is_an_article() -> None:
    article = parse_article(small_page("<p>他说，文章已被删除。</p><p>没人知道为什么。</p>"), URL)
    assert article.text == "他说，文章已被删除。\n没人知道为什么。"


@pytest.mark.parametrize("text", ["某平台回应：违规内容已删除", "网传视频内容不存在剪辑。"])
def test_article_of_one_sentence_about_deleted_texts_is_an_article(text: str) -> None:
    assert parse_article(small_page(f"<p>{text}</p>"), URL).text == text


def test_notice_of_deletion_may_have_a_way_back_or_a_picture() -> None:
    for more in (
        '<p><a href="/">返回首页</a></p>',
        '<p><img src="http://a.ws.126.net/404.png"></p>',
    ):
        with pytest.raises(DeletedArticleError, match=r"^该内容已被作者删除$"):
            parse_article(small_page(f"<p>该内容已被作者删除</p>{more}"), URL)


def test_title_about_deleted_texts_is_no_notice() -> None:
    page = "<html><head><title>平台：违规内容已删除_网易订阅</title></head><body></body></html>"
    with pytest.raises(BlockedPageError, match="only a title: 平台：违规内容已删除_网易订阅"):
        parse_article(page, URL)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (
            "<html><title>安全验证</title><body>请完成验证后继续访问</body></html>",
            "请完成验证后继续访问",
        ),
        ("<html><title>安全验证</title><body><div></div></body></html>", "安全验证"),
        (
            f"<html><body>{_MENU}<p>您的访问过于频繁，请稍后再试</p></body></html>",
            "您的访问过于频繁，请稍后再试",
        ),
        (
            "<html><body><script src='/static/captcha.js'></script></body></html>",
            "a script that verifies the visitor",
        ),
        (
            "<html><head><title>403 Forbidden</title></head><body>403 Forbidden</body></html>",
            "403 Forbidden",
        ),
        (
            "<html><head><title>一篇文章_网易订阅</title></head><body></body></html>",
            "only a title: 一篇文章_网易订阅",
        ),
        (
            f"<html><head><title>一篇文章_网易订阅</title></head><body>{_MENU}<h1>一篇文章</h1></body></html>",
            "only a title: 一篇文章_网易订阅",
        ),
        (small_page(""), "a title without a body"),
        (small_page("<p>&#8203;</p><p>　</p><script>var a;</script>"), "a title without a body"),
        (small_page("<p>x</p>").replace("post_body", "post_other"), "a title without a body"),
        (small_page("").replace("<body>", f"<body>{_MENU}"), "a title without a body"),
        (
            small_page("", after=f"<noscript>{'请打开脚本。' * 99}</noscript>"),
            "a title without a body",
        ),
    ],
    ids=[
        "verification",
        "verification in the title",
        "too often",
        "captcha",
        "forbidden",
        "only head",
        "title and menu",
        "no body",
        "invisible",
        "lost body",
        "no body under a menu",
        "no body but without scripts",
    ],
)
def test_page_with_hardly_more_than_a_title_or_a_notice_is_blocked(page: str, reason: str) -> None:
    with pytest.raises(BlockedPageError, match=f"^{reason}$"):
        parse_article(page, URL)


def test_menus_that_let_readers_log_in_do_not_block() -> None:
    page = f"<html><title>某频道</title><body>{_MENU}<script>captcha()</script></body></html>"
    with pytest.raises(NotAnArticleError, match="not an article: 某频道"):
        parse_article(page, "https://news.163.com/domestic/")


@pytest.mark.parametrize(
    ("lost", "reason"),
    [
        ('class="post_title"', "no layout matches 清河镇老桥修好了，赶集的人多了一倍|清河镇|"),
        (">清河镇老桥修好了，赶集的人多了一倍</h1>", "post2020_dy without a title$"),
        ('class="post_body"', "post2020_dy without a body$"),
        ("K6TM505G0599TEST", "post2020_dy without a doc id$"),
    ],
)
def test_article_that_lost_a_part_is_an_unknown_layout(lost: str, reason: str) -> None:
    page = _SAVED.read_text("utf-8")
    assert lost in page
    changed = page.replace(lost, "></h1>" if lost.startswith(">") else "")
    for url in (URL, "file:///pages/a.html"):
        with pytest.raises(UnknownLayoutError, match=f"^{re.escape(reason.rstrip('$'))}"):
            parse_article(changed, url)


def test_unknown_markup_at_the_address_of_an_article_is_an_unknown_layout() -> None:
    page = f"<html><body><article>{'正文。' * 200}</article></body></html>"
    with pytest.raises(UnknownLayoutError, match=f"^no layout matches {URL}$"):
        parse_article(page, URL)
    saved = page.replace("<body>", f'<head><link rel="canonical" href="{URL}"></head><body>')
    with pytest.raises(UnknownLayoutError, match="no layout matches file:///pages/a"):
        parse_article(saved, "file:///pages/a.html")
    with pytest.raises(NotAnArticleError, match=r"^a front page: https://www\.163\.com/$"):
        parse_article(page, "https://www.163.com/")


@pytest.mark.parametrize(
    "body",
    [
        '<h1 id="title">某报道</h1><div id="endText">{}</div>',
        '<div id="contain" data-docid="K6TM505G0599TEST"><h2>某报道</h2>{}</div>',
        '<section class="article-body js-article-body">{}</section>',
        '<div class="article_box"><div id="content">{}</div></div>',
        '<h1>某报道</h1><div class="post_body">{}</div>',
    ],
)
@pytest.mark.parametrize("text", ["正文。", "正文。" * 200])
def test_markup_of_an_article_goes_before_any_address(body: str, text: str) -> None:
    page = f"<html><body>{body.format(text)}</body></html>"
    for url in ("file:///pages/a.html", *_OTHER_PAGES):
        with pytest.raises(UnknownLayoutError, match=f"^no layout matches {re.escape(url)}$"):
            parse_article(page, url)


@pytest.mark.parametrize(("url", "what"), _OTHER_PAGES.items())
def test_address_says_what_a_page_without_known_markup_is(url: str, what: str) -> None:
    page = f"<html><head><title>某页</title></head><body>{'某字。' * 200}</body></html>"
    with pytest.raises(NotAnArticleError, match=f"^{what}: 某页$"):
        parse_article(page, url)
    saved = page.replace("<title>", f'<link rel="canonical" href="{url}"><title>')
    with pytest.raises(NotAnArticleError, match=f"^{what}: 某页$"):
        parse_article(saved, "file:///pages/a.html")


@pytest.mark.parametrize("url", ["https://www.163.com/v/video/VK6TM505G.html", "http://["])
def test_empty_page_is_not_an_article(url: str) -> None:
    with pytest.raises(NotAnArticleError, match="an empty page"):
        parse_article("<html><body> </body></html>", url)


@pytest.mark.parametrize(
    ("head", "body", "what"),
    [
        (
            '<meta charset="gbk">',
            '<h2 class="con1_ltle">榔头与钉子</h2><div id="endText"><p>正文。</p></div>',
            "a column of 2015",
        ),
        (
            '<meta name="model_url" content="http://news.163.com/special/worldnew_n/">',
            '<h3><a href="/20/0709/09/FH2B0C0E0001899O.html">某事</a></h3>',
            "a list of articles",
        ),
        (
            '<meta name="model_url" content="http://www.163.com/special/0077rt/index.html" />',
            '<div id="js_index2017_wrap"><a href="https://news.163.com/">新闻</a></div>',
            "a front page",
        ),
        (
            "",
            '<div class="tab_wrap js-list-tab-box"><h4><a class="title">某事</a></h4></div>',
            "an account",
        ),
        ("", '<div id="dplayer" data-url="https://flv.bn.netease.com/a.mp4"></div>', "a video"),
    ],
)
def test_markup_says_what_a_page_is_wherever_it_was_saved(head: str, body: str, what: str) -> None:
    page = f"<html><head>{head}<title>某页</title></head><body>{body}</body></html>"
    for url in (URL, "file:///pages/a.html"):
        with pytest.raises(NotAnArticleError, match=f"^{what}: 某页$"):
            parse_article(page, url)


def test_article_at_the_address_of_another_page_is_an_article() -> None:
    for url in _OTHER_PAGES:
        assert parse_article(_SAVED.read_bytes(), url).url == URL


@pytest.mark.parametrize("kept", [0.55, 0.7, 0.99])
def test_page_cut_off_is_not_half_an_article(kept: float) -> None:
    body = _SAVED.read_text("utf-8")
    with pytest.raises(TruncatedPageError):
        parse_article(body[: int(len(body) * kept)], URL)


def _garbage() -> list[bytes | str]:
    random.seed(163)
    saved = _SAVED.read_bytes()
    noise = [bytes(random.choices(range(256), k=size)) for size in (1, 10, 1000, 20000)]
    cut = [saved[: random.randrange(len(saved))] for _ in range(60)]
    ascii_noise = ["".join(random.choices("<>/=\"' abp!-\x00&;#", k=2000)) for _ in range(20)]
    tags = ("div", "p", "b", "a", "table", "span", "blockquote", "svg", "template")
    deep = ["<div id=contain><h1 class=post_title>x</h1>" + f"<{tag}>" * 3000 for tag in tags]
    return [b"", "", " ", b"\x00" * 5000, "\ud800", "<frameset>", *noise, *cut, *ascii_noise, *deep]


def test_garbage_raises_page_errors_only() -> None:
    for garbage in _garbage():
        for url in (URL, "", "http://[", "not an address"):
            with pytest.raises(PageError):
                parse_article(garbage, url)
