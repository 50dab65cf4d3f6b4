"""What is no readable article raises a PageError that says why, and never anything else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from netease_crawler.pages import (
    BlockedPageError,
    DeletedArticleError,
    NotAnArticleError,
    PageError,
    TruncatedPageError,
    UnknownLayoutError,
    UnreadableEncodingError,
    parse_article,
)

_URL = "https://www.163.com/dy/article/K6TM505G0599TEST.html"
_SAVED = Path(__file__).parents[1] / "fixtures/pages/post2020_dy/K6TM505G0599TEST/page.html"


def _page(body: str, title: str = "标题", contain: str = 'data-docid="K6TM505G0599TEST"') -> str:
    return (
        f'<html><head></head><body><div id="contain" {contain}><h1 class="post_title">{title}</h1>'
        f'<div id="content"><div class="post_body">{body}</div></div></div></body></html>'
    )


@pytest.mark.parametrize(
    "notice", ["文章已被删除", "该文章已不存在", "内容已删除", "抱歉，该内容已被作者删除"]
)
def test_notice_of_deletion_is_a_deleted_article(notice: str) -> None:
    alone = f"<html><head><title>网易</title></head><body><p>{notice}</p></body></html>"
    for page in (alone, _page(f"<p>{notice}</p>")):
        with pytest.raises(DeletedArticleError, match=notice):
            parse_article(page, _URL)


def test_article_about_deleted_texts_is_an_article() -> None:
    article = parse_article(_page("<p>他说，文章已被删除。</p><p>没人知道为什么。</p>"), _URL)
    assert article.text == "他说，文章已被删除。\n没人知道为什么。"


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>安全验证</title><body>请完成验证后继续访问</body></html>",
        "<html><body>您的访问过于频繁，请稍后再试</body></html>",
        "<html><body><script src='/static/captcha.js'></script></body></html>",
        "<html><head><title>403 Forbidden</title></head><body>403 Forbidden</body></html>",
        "<html><head><title>一篇文章_网易订阅</title></head><body></body></html>",
        _page(""),
        _page("<p>&#8203;</p><p>　</p><script>var a;</script>"),
        _page("<p>x</p>").replace("post_body", "post_other"),
    ],
    ids=[
        "verification",
        "too often",
        "captcha",
        "forbidden",
        "only head",
        "no body",
        "invisible",
        "lost body",
    ],
)
def test_page_without_its_article_is_blocked(page: str) -> None:
    with pytest.raises(BlockedPageError):
        parse_article(page, _URL)


def test_article_of_one_image_or_video_is_an_article() -> None:
    image = parse_article(_page('<p><img src="http://dingyue.ws.126.net/a.jpg"></p>'), _URL)
    video = parse_article(_page('<video src="http://flv.bn.netease.com/a.mp4"></video>'), _URL)
    assert [block.kind for block in (*image.blocks, *video.blocks)] == ["image", "video"]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (_page("<p>正文</p>", title=" "), "no title"),
        (_page("<p>正文</p>", contain='data-docid="K6TM505G"'), "no doc id"),
    ],
)
def test_article_must_have_title_and_doc_id(page: str, reason: str) -> None:
    with pytest.raises(NotAnArticleError, match=f"^{reason}$"):
        parse_article(page, _URL)


def test_unknown_markup_at_the_address_of_an_article_is_an_unknown_layout() -> None:
    page = f"<html><body><article>{'正文。' * 200}</article></body></html>"
    with pytest.raises(UnknownLayoutError, match=_URL):
        parse_article(page, _URL)
    with pytest.raises(NotAnArticleError):
        parse_article(page, "https://www.163.com/")


@pytest.mark.parametrize(
    "body",
    [
        '<h1 id="h1title">某报道</h1><div id="endText">{}</div>',
        '<div id="contain" data-docid="K6TM505G0599TEST"><h2>某报道</h2>{}</div>',
        '<section class="article-body js-article-body">{}</section>',
    ],
)
def test_article_in_another_layout_is_an_unknown_layout_wherever_it_was_saved(body: str) -> None:
    page = f"<html><body>{body.format('正文。' * 200)}</body></html>"
    with pytest.raises(UnknownLayoutError):
        parse_article(page, "file:///pages/a.html")


def test_doc_id_comes_from_the_page_and_not_from_the_address() -> None:
    elsewhere = "https://www.163.com/dy/article/H1B5TENV0577DEMO.html"
    article = parse_article(_page("<p>正文</p>"), elsewhere)
    assert (article.doc_id, article.url) == ("K6TM505G0599TEST", _URL)


def test_doc_id_is_found_in_configuration_and_canonical_address() -> None:
    config = (
        '<script>var config = {"docId": "K6TM505G0599TEST", //"data.article.postid"\n}</script>'
    )
    canonical = f'<link rel="canonical" href="{_URL}">'
    for page in (
        _page("<p>正文</p>" + config, contain=""),
        _page("<p>正文</p>", contain="").replace("<head>", "<head>" + canonical),
    ):
        assert parse_article(page, "").doc_id == "K6TM505G0599TEST"


@pytest.mark.parametrize("kept", [0.55, 0.7, 0.99])
def test_page_cut_off_is_not_half_an_article(kept: float) -> None:
    body = _SAVED.read_text("utf-8")
    with pytest.raises(TruncatedPageError):
        parse_article(body[: int(len(body) * kept)], _URL)


@pytest.mark.parametrize("encoding", [None, "gb2312", "gbk", "gb18030", "iso-8859-1", "no-such"])
def test_gbk_is_read_declared_or_not(encoding: str | None) -> None:
    # 镕 and the euro sign are outside gb2312
    article = parse_article(_page("<p>镕基€　正文文字</p>").encode("gb18030"), _URL, encoding)
    assert article.text == "镕基€　正文文字"


@pytest.mark.parametrize(
    "body",
    [
        _page("<p>正文</p>").encode(),
        b"\xef\xbb\xbf" + _page("<p>正文</p>").encode(),
        b"\xff\xfe" + _page("<p>正文</p>").encode("utf-16-le"),
        _page("<p>正文</p>").replace("<head>", '<head><meta charset="gb2312">').encode(),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16 bom", "utf-8 declared gb2312"],
)
def test_utf_8_is_believed_before_any_declaration(body: bytes) -> None:
    for encoding in (None, "gbk", "cp1252"):
        assert parse_article(body, _URL, encoding).text == "正文"


def test_meta_declaration_is_followed() -> None:
    page = _page("<p>繁體字的正文</p>").replace("<head>", '<head><meta charset="big5">')
    body = page.replace("标题", "標題").encode("big5")
    assert parse_article(body, _URL).text == "繁體字的正文"


def test_text_that_no_encoding_reads_whole_is_never_stored() -> None:
    body = _page("<p>几个字符坏了，别的都好。</p>").encode()
    with pytest.raises(UnreadableEncodingError, match="utf-8 with 1 broken sequences"):
        parse_article(body.replace("坏".encode(), b"\xe5\x9d"), _URL)
    with pytest.raises(UnreadableEncodingError, match="not gb18030"):
        parse_article(_page("<p>字</p>").encode("gb18030") + b"\xff\xff", _URL)


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
        for url in (_URL, "", "http://[", "not an address"):
            with pytest.raises(PageError):
                parse_article(garbage, url)


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "span", "ul><li"])
def test_deep_nesting_is_read(tag: str) -> None:
    assert parse_article(_page(f"<{tag}>" * 3000 + "正文"), _URL).text == "正文"


def test_bad_addresses_on_a_page_are_left_out() -> None:
    bad = ("http://[", "javascript:;", "#", "", "http://#", "mailto:a@b.c", "http://[::1", "//")
    anchors = "".join(
        f'<li class="post_recommend"><h3><a href="{href}">x</a></h3></li>' for href in bad
    )
    images = "".join(f'<p><img src="{src}"></p>' for src in bad)
    canonical = "".join(f'<link rel="canonical" href="{href}">' for href in bad)
    page = _page(f"<p>正文</p>{images}").replace("<head>", f"<head>{canonical}")
    article = parse_article(page.replace('<div id="content">', f"<ul>{anchors}</ul>"), "http://[")
    assert (article.url, article.text, article.images) == (_URL, "正文", ())
    assert article.recommendations == ()


@pytest.mark.parametrize(
    "shown", ["0000-00-00 00:00:00", "0001-01-01 00:00:00", "2024-13-01 10:00"]
)
def test_impossible_time_is_absent(shown: str) -> None:
    page = _page("<p>正文</p>", contain=f'data-docid="K6TM505G0599TEST" data-ptime="{shown}"')
    assert parse_article(page, _URL).published_at is None
