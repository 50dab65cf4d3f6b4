"""What pages of 2013-2020 say without help from their address, and in forms that differ."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from netease_crawler.pages import NotAnArticleError, PageError, parse_article

_FIXTURES = Path(__file__).parents[1] / "fixtures" / "pages"
_RENDERED = _FIXTURES / "post1603" / "ERJJE7GG00018DEM" / "page.html"
_UNRENDERED = _FIXTURES / "post1603" / "FD5HKJ0000258DEM" / "page.html"
_EP = _FIXTURES / "ep" / "ARL1322800253DEM" / "page.html"
_ELSEWHERE = "https://www.163.com/"
_SHORT_BODY = """<body><div class="post_content_main" id="epContentLeft"><h1>某地</h1>
<div class="post_text" id="endText">{}</div></div></body>"""
_URL = "https://news.163.com/19/1016/08/ERJJE7GG00018DEM.html"


@pytest.mark.parametrize(
    ("page", "url"),
    [
        (_RENDERED, _URL),  # the QR code says it
        (_UNRENDERED, "https://www.163.com/news/article/FD5HKJ0000258DEM.html"),
        (_EP, "https://www.163.com/news/article/ARL1322800253DEM.html"),
    ],
)
def test_page_names_its_doc_id_and_its_address_if_it_can(page: Path, url: str) -> None:
    article = parse_article(page.read_bytes(), _ELSEWHERE)
    assert (article.doc_id, article.url) == (page.parent.name, url)


def test_doc_id_is_the_address_s_where_no_script_names_it() -> None:
    page = _SHORT_BODY.format("<p>某事</p>")
    assert parse_article(page, _URL).doc_id == "ERJJE7GG00018DEM"
    with pytest.raises(PageError, match="doc id"):
        parse_article(page, _ELSEWHERE)


def test_doc_id_of_the_page_wins_over_that_of_the_address() -> None:
    article = parse_article(_EP.read_bytes(), _URL)
    assert article.doc_id == "ARL1322800253DEM"


def test_time_is_to_the_second_though_the_line_shows_minutes() -> None:
    page = _UNRENDERED.read_text("utf-8").replace("2020-05-21 14:05:09　", "2020-05-21 14:05　")
    published_at = parse_article(page, _ELSEWHERE).published_at
    assert published_at == datetime(2020, 5, 21, 6, 5, 9, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>一</p><!--biaoqian开始--><p>推荐<img src='http://a.163.com/b.jpg'></p>"
        "<!--biaoqian结束--><p>二</p>",
        "<p>一<!--biaoqian开始-->推荐</p><table><tr><td>推荐</td></tr></table>"
        "<!--biaoqian结束--><p>二</p>",
        "<p>一</p><!--biaoqian开始--><div><p>推荐</p><!--biaoqian结束--><p>二</p></div>",
        "<p>一</p><!--biaoqian结束--><p>二</p>",
        "<p>一</p><!--biaoqian开始--><p>二</p>",
    ],
    ids=["siblings", "begins in a paragraph", "ends inside", "no begin", "no end"],
)
def test_promotion_goes_and_nothing_else(markup: str) -> None:
    article = parse_article(_SHORT_BODY.format(markup), _URL)
    assert (article.text, article.images) == ("一\n二", ())


@pytest.mark.parametrize(
    "markup",
    [
        '<p class="otitle">（原标题：某事(图)）</p><p>一</p>',
        "<p>（原标题：某事(图)）</p><p>一</p>",
        '<p>一</p><pre class="otitle">原标题：某事(图)</pre>',
    ],
    ids=["marked", "first line", "marked at the end"],
)
def test_original_title_is_no_paragraph(markup: str) -> None:
    article = parse_article(_SHORT_BODY.format(markup), _URL)
    assert (article.original_title, article.text) == ("某事(图)", "一")


def test_time_is_that_of_the_root_where_it_has_one() -> None:
    page = '<html data-publishtime="2019-09-07 09:15:33">' + _SHORT_BODY.format("<p>某事</p>")
    page = page.replace("<h1>", '<div class="post_time_source">2019-09-07 09:15</div><h1>')
    expected = datetime(2019, 9, 7, 1, 15, 33, tzinfo=timezone.utc)
    assert parse_article(page, _URL).published_at == expected


def test_source_without_a_link_is_read() -> None:
    line = '<div class="post_time_source">2019-09-07 09:15\u3000来源: 某日报</div>'
    article = parse_article(_SHORT_BODY.format("<p>某事</p>").replace("<h1>", f"{line}<h1>"), _URL)
    assert (article.source, article.source_url) == ("某日报", None)


def test_second_page_of_an_article_is_not_the_article() -> None:
    pages = '<p>某事</p></div><div class="ep-pages"><a>1</a><a class="current">{}</a></div><div>'
    assert parse_article(_SHORT_BODY.format(pages.format("1")), _URL).text == "某事"
    with pytest.raises(NotAnArticleError, match=r"^page 2 of an article$"):
        parse_article(_SHORT_BODY.format(pages.format("2")), _URL)
