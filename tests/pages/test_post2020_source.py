"""What is read off the source of a page is what its elements say."""

from __future__ import annotations

import gzip
import random
import re
from pathlib import Path

import pytest

from netease_crawler.demo.site import Site
from netease_crawler.items import Article
from netease_crawler.pages import PageError, parse_article
from netease_crawler.pages.folding import Folded
from netease_crawler.pages.post2020_source import fold
from tests.pages.small_page import small_page
from tests.real_pages import REAL_PAGES

_SITE = Site(40, 163)
_DEMO = [_SITE.page(index).encode() for index in range(40)]
_OWN = [
    path.read_bytes()
    for path in sorted(Path(__file__).parents[1].glob("fixtures/pages/post2020_dy/*/page.html"))
]
_REAL = [gzip.decompress(path.read_bytes()) for path in sorted(REAL_PAGES.glob("dy20*.html.gz"))]
_PAGES = [page for page in (*_DEMO, *_OWN, *_REAL) if b'class="post_title"' in page]
_URL = "https://www.163.com/dy/article/K6TM505G0599TEST.html"
_ENTRY = (
    '<li class="post_recommend"> <a class="post_recommend_img" href="{url}">'
    ' <img src="{image}" onerror="this.src=\'\'"> </a> <div class="post_recommend_info">'
    ' <h3 class="post_recommend_title"><a href="{url}">{title}</a></h3>'
    ' <p class="post_recommend_time">{time}</p> <a href="{url}" class="post_recommend_tie">'
    ' <span class="post_recommend_tie_inner"> <span class="post_recommend_tie_icon"> <i></i> {ties}'
    ' </span> <span class="post_recommend_tie_text"> <em>跟贴</em> {ties} </span> </span> </a>'
    " </div> </li>"
)
_USUAL = {
    "url": "https://www.163.com/dy/article/K8BPD4FF05990000.html?f=post2020_dy_recommends",
    "image": "https://nimg.ws.126.net/?url=http://a.ws.126.net/b.jpg&amp;thumbnail=140y88",
    "title": "某地某事",
    "time": "江边老周 2025-08-13 20:00:00",
    "ties": "12",
}
_LIST = f"<ul>{_ENTRY.format(**_USUAL) * 20}</ul>"

_MENU = """<ul class="ntes-nav-select-list clearfix" style="width:210px;">
  <li><a href="https://news.163.com/#f=topnav">
    <span><em class="ntes-nav-app-news">网易新闻</em></span>
  </a></li>
  <li class="last JS_NTES_LOG_FE"><h3><a href="https://mobile.163.com">手机</a> <span>/</span>
    <a href="https://digi.163.com/?a=1&amp;b=2">数码</a></h3></li>
</ul>"""
_ONE_LINE = " ".join(_MENU.split())


def test_folding_changes_nothing_that_is_read() -> None:
    assert len(_PAGES) >= 40
    for page in _PAGES:
        assert parse_article(page, _URL) == parse_article(_unfolded(page), _URL)


def test_nearly_all_that_the_server_sends_is_read_off_the_source() -> None:
    entry = re.compile(rb'<li class="post_recommend">|<div class="post_recommend_new">')
    listed = sum(len(entry.findall(page)) for page in _DEMO)
    boxes = sum(page.count(b'<h2 class="post_side_mod_title">') for page in _DEMO)
    assert (listed > 1000, boxes > 300) == (True, True)
    folded = [fold(page) for page in _DEMO]
    assert sum(len(page.entries) for page in folded) >= 0.9 * listed
    assert sum(len(page.boxes) for page in folded) >= 0.7 * boxes


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "/dy/article/K6TM505G0599TEST.html"},
        {"url": "https://www.163.com/v/video/VK6TM505G.html?f=x#y"},
        {"url": "javascript:;"},
        {"url": "https://www.163.com/a&copy=1"},
        {"image": "https://nimg.ws.126.net/?url=http%3A%2F%2Fa.ws.126.net%2Fb.jpg&thumbnail=1y2&type=jpg"},
        {"image": "https://static.ws.126.net/dy/images/default180x120.jpg"},
        {"image": "//nimg.ws.126.net/?url=http://a.ws.126.net/b.jpg"},
        {"title": "两位“老周”的 \"江边\" &amp; 桥"},
        {"title": "A&T &lt;b&gt; &#0; &copy"},
        {"title": "<b>粗</b>体"},
        {"title": " 　全角\t空白\u200b "},
        {"title": "\0零\r回车"},
        {"title": ""},
        {"time": "江边 老周"},
        {"time": "2024-13-41 99:00:00"},
        {"ties": "3.9万"},
        {"ties": ""},
        {"ties": "-1"},
    ],
)  # fmt: skip
def test_every_form_of_an_entry_says_the_same_in_source_and_elements(
    changed: dict[str, str],
) -> None:
    entry = _ENTRY.format(**(_USUAL | changed))
    page = (
        f'<div id="contain" data-docid="K6TM505G0599TEST"><h1 class="post_title">题</h1>'
        f'<div class="post_body"><p>正文</p></div><ul>{entry}{_ENTRY.format(**_USUAL)}</ul></div>'
    ).encode()
    assert len(fold(page).entries) >= 1
    found = parse_article(page, _URL).recommendations
    assert found == parse_article(_unfolded(page), _URL).recommendations
    assert found[-1].title == "某地某事"


@pytest.mark.parametrize("tag", ["xmp", "noembed", "noframes", "title", "plaintext"])
def test_element_that_takes_all_for_text_takes_the_source_of_the_page(tag: str) -> None:
    page = small_page(f"<p>河湾镇的渡口<{tag}>停用。</p>", after=_LIST.replace("&amp;", "&"))
    assert len(fold(page.encode()).entries) == 20
    shown = page.replace(f"<{tag}>", "")
    text = "".join(block.text or "" for block in parse_article(page, _URL).blocks)
    assert text == shown[shown.index("河湾镇") :]


@pytest.mark.parametrize("tag", ["xmp", "iframe", "script"])
def test_title_that_takes_all_for_text_takes_the_source_of_the_page(tag: str) -> None:
    titled = f'<div class="post_next"><a id="js_next" href="{_URL}">渡口<{tag}>'
    page = small_page("<p>正文</p>", after=titled + _LIST.replace("&amp;", "&"))
    following = parse_article(page, _URL).next_article
    assert following is not None
    assert following.title == f"渡口{page[page.index('<ul>') :]}"


def test_attribute_in_single_quotes_that_was_left_open_ends_at_the_next() -> None:
    page = small_page("<p>正文</p>", after=f"<div title='河湾>{_LIST}").encode()
    assert len(fold(page).entries) == 20
    found = parse_article(page, _URL)
    assert found == parse_article(_unfolded(page), _URL)
    assert len(found.recommendations) == 19


@pytest.mark.parametrize(
    "page",
    [
        small_page(f"<p>正文</p>{_LIST}<p>又文</p>"),
        small_page(f'<p>正文</p><div class="post_recommends">{_LIST}</div>', after=_LIST),
        small_page("<p>正文</p>", title=f"题{_LIST}"),
        small_page("<p>正文</p>", after=f'<div class="post_author">责任编辑：甲{_LIST}</div>'),
        small_page(_LIST),
        small_page(f"<p>该文章已被删除</p>{_LIST}"),
    ],
    ids=["body", "list in the body", "title", "editor", "whole body", "after a notice"],
)
def test_entry_in_an_article_is_part_of_it(page: str) -> None:
    assert len(fold(page.encode()).entries) >= 20
    article = parse_article(page, _URL)
    assert article == parse_article(_unfolded(page.encode()), _URL)
    assert "某地某事" in f"{article.title} {article.text} {article.editor}"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_encoding_of_a_page_is_that_of_its_entries(encoding: str) -> None:
    page = small_page("<p>河湾镇的渡口停用，镇上的人改走大桥。</p>" * 9, after=_LIST)
    assert parse_article(page.encode(encoding), _URL) == parse_article(page, _URL)
    assert len(parse_article(page, _URL).recommendations) == 20


@pytest.mark.parametrize("damaged", [b"\xe6\x9f", b"\xff", "某地".encode("gbk"), b"\xed\xa0\x80"])
def test_entry_with_a_lost_character_has_no_title(damaged: bytes) -> None:
    page = small_page("<p>河湾镇的渡口停用，镇上的人改走大桥。</p>" * 9, after=_LIST).encode()
    other = page.replace("某地某事".encode(), damaged, 1)
    assert len(fold(other).entries) == 19
    titles = [entry.title for entry in parse_article(other, _URL).recommendations]
    assert titles == [None, *["某地某事"] * 19]


def test_entry_that_begins_like_another_is_read_anew() -> None:
    page = small_page("<p>正文</p>", after=_LIST)
    assert [entry.comment_count for entry in parse_article(page, _URL).recommendations] == [12] * 20
    changed = page.replace(" 12\n", " 13\n").replace("<i></i> 12 ", "<i></i> 13 ")
    assert [entry.comment_count for entry in parse_article(changed, _URL).recommendations] == (
        [13] * 20
    )


def test_list_without_an_article_is_as_much_text_as_it_shows() -> None:
    page = small_page("", after=_LIST).encode()
    assert len(fold(page).entries) == 20
    assert _outcome(page) == "UnknownLayoutError('post2020_dy without a body')"


def test_pages_with_lost_repeated_and_added_tags_are_read_alike() -> None:
    random.seed(163)
    for _ in range(300):
        tags = re.split(rb"(?=<)", random.choice(_PAGES))
        start = random.randrange(len(tags))
        end = start + random.randrange(30)
        added = random.choice(
            [b"", b"<!--", b"-->", b"</div>", b"</li>", b"<li>", b"<p>", b"</ul>", b"<a>"]
        )
        tags[start:end] = random.choice(
            [[], tags[start:end] * 2, [added], [added, *tags[start:end]]]
        )
        damaged = b"".join(tags)
        assert _outcome(damaged) == _outcome(_unfolded(damaged))


def test_menus_of_the_site_are_emptied() -> None:
    page = _page_with_menu(_MENU)
    assert b"ntes-nav-app-news" not in fold(page).html
    assert parse_article(page, _URL) == parse_article(_unfolded(page), _URL)


@pytest.mark.parametrize(
    "menu",
    [
        _MENU.replace("<li>", '<li id="contain" data-docid="K6TM505G0599TEST">'),
        _MENU.replace("<li>", '<li ID="contain" data-docid="K6TM505G0599TEST">'),
        _MENU.replace("<li>", '<li class="last js-article">'),
        _MENU.replace("新闻", "新<b>闻</b>"),
        _MENU.replace("</a>", ""),
        _MENU.replace("</em>", ""),
    ],
    ids=[
        "id of the article",
        "in capitals",
        "class of another layout",
        "other element",
        "open link",
        "open em",
    ],
)
def test_menu_of_another_form_stays(menu: str) -> None:
    page = _page_with_menu(menu)
    assert fold(page) == Folded(page)
    assert _outcome(page) == _outcome(_unfolded(page))


@pytest.mark.parametrize(
    "page",
    [
        small_page(f"<p>正文</p>{_MENU}"),
        small_page(f'<p>正文</p><div class="ntes_nav_wrap">{_MENU}</div>'),
        small_page("<p>正文</p>", title=f'题<div class="ntes_nav_wrap">{_MENU}</div>'),
        small_page("<p>正文</p>", after=f'<div class="post_author">责任编辑：甲{_ONE_LINE}</div>'),
    ],
    ids=["body", "bar in the body", "title", "editor"],
)
@pytest.mark.parametrize("around", ["{}", '<body class="ntes_nav_wrap">{}</body>'])
@pytest.mark.parametrize("below", ["{}", '<div class="ntes_nav_wrap">{}</div>'])
def test_menu_in_an_article_is_part_of_it(page: str, around: str, below: str) -> None:
    source = around.format(below.format(page)).encode()
    assert b"ntes-nav-app-news" not in fold(source).html
    article = parse_article(source, _URL)
    assert article == parse_article(_unfolded(source), _URL)
    assert "网易新闻" in f"{article.title} {article.text} {article.editor}"


def _page_with_menu(menu: str) -> bytes:
    bar = f'<div class="ntes_nav_wrap" id="js_N_NTES_wrap">{menu}</div>'
    return f"<body>{bar}{small_page('<p>正文</p>')}</body>".encode()


def _unfolded(page: bytes) -> bytes:
    """Return *page* with a space more in each entry, box and menu, which are left in it then."""
    other = re.sub(
        rb'<(li|div|ul) class="(post_recommend|post_side_mod|ntes-)', rb'<\1  class="\2', page
    )
    assert fold(other) == Folded(other)
    return other


def _outcome(page: bytes) -> Article | str:
    try:
        return parse_article(page, _URL)
    except PageError as error:
        return repr(error)
