"""The text of an article is right to the character, or there is no article."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from netease_crawler.pages import UnreadableEncodingError, parse_article
from netease_crawler.pages.encoding import utf8
from tests.pages.small_page import URL, small_page

_SAVED = Path(__file__).parents[1] / "fixtures/pages/post2020_dy/K6TM505G0599TEST/page.html"
_TEXT = "镕基€　正文文字"  # 镕 and the euro sign are outside gb2312
_HUNDREDS = "几百个字，哪种编码读错了都藏不住。" * 30


def _page(text: str = _TEXT, *, head: str = "", info: str = "", after: str = "") -> str:
    return small_page(f"<p>{text}</p>", head=head, info=info, after=after)


def _text(body: bytes | str, encoding: str | None = None) -> str:
    return parse_article(body, URL, encoding).text


def test_valid_utf_8_is_passed_on_as_it_is() -> None:
    body = _SAVED.read_bytes()
    assert utf8(body, "gbk") is body
    assert utf8(codecs.BOM_UTF8 + body) == body


@pytest.mark.parametrize(
    "body",
    [
        _page().encode(),
        codecs.BOM_UTF8 + _page().encode(),
        codecs.BOM_UTF16_LE + _page().encode("utf-16-le"),
        codecs.BOM_UTF16_BE + _page().encode("utf-16-be"),
        _page(head='<meta charset="gb2312">').encode(),
        _page(),
        "\ufeff" + _page(),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16-le", "utf-16-be", "declared gb2312", "str", "str bom"],
)
@pytest.mark.parametrize("encoding", [None, "utf-8", "gbk", "big5", "cp1252"])
def test_utf_8_and_marks_are_believed_before_any_declaration(
    body: bytes | str, encoding: str | None
) -> None:
    assert _text(body, encoding) == _TEXT


@pytest.mark.parametrize(
    "meta", ["", "gb2312", "gbk", "gb18030", "utf-8", "big5", "iso-8859-1", "rot13", "?"]
)
@pytest.mark.parametrize(
    "encoding",
    [
        None,
        "gb2312",
        "gbk",
        "GB18030",
        "utf-8",
        "utf-16",
        "big5",
        "koi8-r",
        "iso-8859-1",
        "no-such",
    ],
)
def test_gbk_is_read_whatever_is_declared(meta: str, encoding: str | None) -> None:
    page = _page(_TEXT + _HUNDREDS, head=f'<meta charset="{meta}">' if meta else "")
    assert _text(page.encode("gb18030"), encoding) == _TEXT + _HUNDREDS


def test_declaration_behind_scripts_is_found() -> None:
    meta = "<meta http-equiv=Content-Type content='text/html; charset=big5'>"
    page = _page("繁體字的正文", head=f"<script>{'var a;' * 500}</script>{meta}")
    assert _text(page.replace("标题", "標題").encode("big5"), "gbk") == "繁體字的正文"


@pytest.mark.parametrize(
    ("encoding", "broken"),
    [("gb18030", b"\xff"), ("gb18030", b"\xd7"), ("utf-8", b"\xff"), ("utf-8", "坏".encode()[:2])],
    ids=["gbk byte", "gbk half", "utf-8 byte", "utf-8 cut"],
)
@pytest.mark.parametrize(
    "around",
    [
        "<script>var ad = '\0';</script>",
        "<!-- 广告\0 -->",
        '<div class="post_area">广告\0</div>',
        '<a title="广告\0" href="/">广告</a>',
        "</div></body></html>\0",
    ],
    ids=["script", "comment", "advertisement", "attribute", "after the end"],
)
def test_broken_bytes_away_from_the_article_do_not_touch_it(
    encoding: str, broken: bytes, around: str
) -> None:
    body = _page(_HUNDREDS, after=around).encode(encoding).replace(b"\0", broken)
    article = parse_article(body, URL)
    assert article == parse_article(_page(_HUNDREDS), URL)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("whole", ["坏了", "标题", "责任编辑：赵二", "河湾日报"])
def test_broken_bytes_in_what_the_article_shows_refuse_it(encoding: str, whole: str) -> None:
    editor = '<div class="creative_statement">责任编辑：赵二</div>'
    page = _page(f"{_HUNDREDS}坏了", after=editor, info="2025-08-14 09:05 来源: 河湾日报")
    body, shown = page.encode(encoding), whole.encode(encoding)
    assert body.count(shown) == 1
    for broken in (shown[:-1], shown + b"\xff"):
        with pytest.raises(UnreadableEncodingError, match="characters of the article are lost"):
            parse_article(body.replace(shown, broken), URL)


def test_characters_of_no_meaning_in_gbk_are_lost_ones() -> None:
    body = _page(f"{_TEXT}\0", after="<p>\0</p>").encode("gb18030")
    assert _text(body.replace(b"\0", b"", 1).replace(b"\0", b"\xaa\xa1")) == _TEXT
    with pytest.raises(UnreadableEncodingError, match="characters of the article are lost"):
        parse_article(body.replace(b"\0", b"\xaa\xa1", 1), URL)


def test_space_that_only_browsers_know_is_a_space() -> None:
    body = _page("正文\0文字").encode("gb18030")
    assert _text(body.replace(b"\0", b"\xa3\xa0")) == "正文　文字"


@pytest.mark.parametrize(
    "lost", ["\ufffd", "&#65533;", "&#xD83D;"], ids=["as it is", "named", "half a pair"]
)
def test_lost_character_that_the_page_itself_shows_refuses_the_article(lost: str) -> None:
    with pytest.raises(UnreadableEncodingError, match="characters of the article are lost"):
        parse_article(_page(f"正文{lost}"), URL)


def test_halves_of_a_character_are_the_character_where_they_meet() -> None:
    assert _text(_page("正文\ud83d\ude00")) == "正文😀"
    with pytest.raises(UnreadableEncodingError, match="characters of the article are lost"):
        parse_article(_page("正文\ud83d"), URL)


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (_page(_HUNDREDS).encode("utf-16-le"), "utf-16", "not gb18030: "),
        (_page().encode("gb18030") + b"\xff" * 21, None, "not gb18030: 21 broken sequences"),
        (_page(_HUNDREDS).encode("shift_jis", "replace"), "big5", "not big5hkscs: "),
    ],
    ids=["utf-16 without a mark", "much broken", "neither Big5 nor simplified"],
)
def test_page_that_is_mostly_unreadable_is_refused(
    body: bytes, encoding: str | None, reason: str
) -> None:
    with pytest.raises(UnreadableEncodingError, match=f"^{reason}"):
        parse_article(body, URL, encoding)


def test_lost_characters_of_other_articles_are_absent_and_nothing_else_is() -> None:
    page = _SAVED.read_text("utf-8")
    whole = parse_article(page, URL)
    recommended, history = whole.recommendations[0], whole.history[0]
    headline, original = whole.headlines[0].links[0], whole.originals[0]
    assert recommended.title is not None
    assert recommended.source is not None
    assert whole.next_article is not None
    named = (
        recommended.title,
        recommended.source,
        history.title,
        headline.title,
        original.title,
        whole.next_article.title,
    )
    for name in named:
        page = page.replace(name, f"{name}\ufffd")
    found = parse_article(page, URL)
    assert "\ufffd" not in repr([found, found.recommendations, found.headlines])
    assert (found.text, found.account) == (whole.text, whole.account)
    assert len(found.recommendations) == len(whole.recommendations)
    assert (found.recommendations[0].title, found.recommendations[0].source) == (None, None)
    assert found.recommendations[0].url == recommended.url
    assert history not in found.history
    assert headline not in found.headlines[0].links
    assert original not in found.originals
    assert found.next_article is None
