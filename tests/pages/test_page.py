"""What holds for the page of an article in any layout."""

from __future__ import annotations

import pytest

from netease_crawler.pages import TruncatedPageError, parse_article
from tests.pages.small_page import URL, small_page


def test_article_of_one_image_or_video_is_an_article() -> None:
    image = parse_article(small_page('<p><img src="http://dingyue.ws.126.net/a.jpg"></p>'), URL)
    video = parse_article(small_page('<video src="http://flv.bn.netease.com/a.mp4"></video>'), URL)
    assert [block.kind for block in (*image.blocks, *video.blocks)] == ["image", "video"]


def test_doc_id_comes_from_the_page_and_not_from_the_address() -> None:
    elsewhere = "https://www.163.com/dy/article/H1B5TENV0577DEMO.html"
    article = parse_article(small_page("<p>正文</p>"), elsewhere)
    assert (article.doc_id, article.url) == ("K6TM505G0599TEST", URL)


def test_doc_id_is_found_in_configuration_and_canonical_address() -> None:
    config = (
        '<script>var config = {"docId": "K6TM505G0599TEST", //"data.article.postid"\n}</script>'
    )
    canonical = f'<link rel="canonical" href="{URL}">'
    for page in (
        small_page("<p>正文</p>" + config, contain=""),
        small_page("<p>正文</p>", contain="").replace("<head>", "<head>" + canonical),
    ):
        assert parse_article(page, "").doc_id == "K6TM505G0599TEST"


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "span", "ul><li"])
def test_deep_nesting_is_read(tag: str) -> None:
    assert parse_article(small_page(f"<{tag}>" * 3000 + "正文"), URL).text == "正文"


def test_bad_addresses_on_a_page_are_left_out() -> None:
    bad = ("http://[", "javascript:;", "#", "", "http://#", "mailto:a@b.c", "http://[::1", "//")
    anchors = "".join(
        f'<li class="post_recommend"><h3><a href="{href}">x</a></h3></li>' for href in bad
    )
    images = "".join(f'<p><img src="{src}"></p>' for src in bad)
    canonical = "".join(f'<link rel="canonical" href="{href}">' for href in bad)
    page = small_page(f"<p>正文</p>{images}").replace("<head>", f"<head>{canonical}")
    article = parse_article(page.replace('<div id="content">', f"<ul>{anchors}</ul>"), "http://[")
    assert (article.url, article.text, article.images) == (URL, "正文", ())
    assert article.recommendations == ()


@pytest.mark.parametrize(
    "shown", ["0000-00-00 00:00:00", "0001-01-01 00:00:00", "2024-13-01 10:00"]
)
def test_impossible_time_is_absent(shown: str) -> None:
    page = small_page("<p>正文</p>", contain=f'data-docid="K6TM505G0599TEST" data-ptime="{shown}"')
    assert parse_article(page, URL).published_at is None


@pytest.mark.parametrize("end", ["</body>", "</BODY>", "</body >"])
def test_end_tag_tells_a_whole_page_and_no_script_does(end: str) -> None:
    script = '<script>document.write("<body></body>")</script>'
    page = small_page("<p>一</p><p>二</p>", head=script, after="<p></p>" * 3000)
    assert parse_article(page.replace("</body></html>", f"{end}</html>"), URL).text == "一\n二"
    with pytest.raises(TruncatedPageError):
        parse_article(page.removesuffix("</body></html>"), URL)


def test_report_form_is_no_source() -> None:
    report = '<a href="/special/0077jt/tipoff.html?title=x">举报</a>'
    info = f"2024-03-08 09:30:00\u3000来源: 某日报 {report}"
    article = parse_article(small_page("<p>一</p>", info=f"<!-- 来源 --><span>{info}</span>"), URL)
    assert (article.source, article.source_url) == ("某日报", None)
