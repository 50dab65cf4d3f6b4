"""What is read off the source of 为您推荐 is what its elements say."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

import pytest

from netease_crawler.items import Recommendation
from netease_crawler.pages import parse_article
from netease_crawler.pages.folding import Folded
from netease_crawler.pages.post1603_source import fold
from tests.real_pages import REAL_PAGES, needs_real_pages

_URL = "https://news.163.com/19/1016/08/ERJJE7GG00018DEM.html"
_REAL = [gzip.decompress(path.read_bytes()) for path in sorted(REAL_PAGES.glob("post2016_*.gz"))]
_ENTRY = """<div class="post_recommend_new">
  <a href="{url}"
     class="post_recommend_img pvOnMod3" data-mod3index="0"><img
       src="{image}" width="140" height="88"></a>
  <h3>
    <a href="{url}" class="pvOnMod3" data-mod3index="0">{title}</a>
  </h3>

  <div class="post_recommend_channel">
    <a href="http://news.163.com" class="channel">新闻</a>
    <a href="/keywords/9/c/9ec44e4b950b/1.html">河湾</a><a href="/keywords/1/2/3/1.html">渡口</a>
  </div>
  <span class="post_recommend_split">|</span>
  <div class="post_recommend_source">{source}</div>
  <div class="post_recommend_time">4小时前</div>
  <a class="post_recommend_tie" href="http://comment.tie.163.com/ERIU45B000018DEM.html">
    <div class="post_recommend_tie_wrap">
      <span class="post_recommend_tie_icon">{ties}</span>
      <span class="post_recommend_tie_text" title="{ties}">
      <i>跟贴</i>{ties}</span>
    </div>
  </a>
  <div class="post_recommend_share">
    <div class="post_recommend_shareicon"></div>
    <div class="post_recommend_shareli">
      <ul>
        <li class="share_yixin" onclick="shareto('yixin','{url}',
        '{title}')" data-title="{title}" data-url="{url}" data-pic="{image}">
          <a href="javascript:;" target="_self">
            <i title="分享到易信"></i><span></span>易信
          </a>
        </li>
        <li class="share_qzone last" data-title="{title}" data-url="{url}" data-pic="">
          <a href="javascript:;" target="_self">
            <i title="分享到QQ空间"></i><span></span>QQ空间
          </a>
        </li>
      </ul>
    </div>
    <div class="post_recommend_shareqrcode hidden">
      <div class="js_qrcode_arr"></div>
      <a href="javascript:;" target="_self" class="js_qrcode_close" data-type="btm"
         title="关闭"></a>
      <div class="js_qrcode_img"></div>
      <p>用微信扫码二维码</p>
      <p>分享至好友和朋友圈</p>
    </div>
  </div>
</div>"""
_VALUES = {
    "url": "https://news.163.com/19/1016/02/ERIU45B000018DEM.html#f=post1603_tab_news",
    "image": "http://nimg.ws.126.net/?url=http://dingyue.ws.126.net/b.jpg&amp;thumbnail=140x88",
    "title": "渡口搬走以后",
    "source": "河湾晚报",
    "ties": "714",
}
_SHOWN = Recommendation(
    kind="hot",
    position=1,
    url="https://news.163.com/19/1016/02/ERIU45B000018DEM.html",
    doc_id="ERIU45B000018DEM",
    title="渡口搬走以后",
    source="河湾晚报",
    comment_count=714,
    image_url="http://dingyue.ws.126.net/b.jpg",
)


def _page(*entries: str) -> bytes:
    listed = "\n\n".join(entries)
    return (
        '<html><body><div class="post_content_main" id="epContentLeft"><h1>题</h1>'
        '<div id="endText"><p>正文</p></div>'
        f'<div class="post_recommend_news">{listed}</div></div></body></html>'
    ).encode()


def _unfolded(page: bytes) -> bytes:
    """Return *page* with a space more in each entry, which is read by its elements then."""
    other = page.replace(b'<div class="post_recommend_new"', b'<div  class="post_recommend_new"')
    assert fold(other) == Folded(other)
    return other


def test_entry_is_read_off_the_source() -> None:
    page = _page(_ENTRY.format(**_VALUES))
    assert len(fold(page).entries) == 1
    assert parse_article(page, _URL).recommendations == (_SHOWN,)


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "https://www.163.com/v/video/VK6TM505G.html"},
        {"url": "/19/1016/02/ERIU45B000018DEM.html"},
        {"url": "javascript:;"},
        {"image": "https://static.ws.126.net/dy/images/default180x120.jpg"},
        {"image": "//nimg.ws.126.net/?url=http://a.ws.126.net/b.jpg"},
        {"title": "<b>粗</b>体"},
        {"title": "A&T &lt;b&gt;"},
        {"title": " 　全角\t空白 "},
        {"title": ""},
        {"source": '<a class="post_recommend_source">河湾号</a>'},
        {"source": ""},
        {"ties": "3.9万"},
        {"ties": ""},
    ],
)
def test_every_form_of_an_entry_says_the_same_in_source_and_elements(
    changed: dict[str, str],
) -> None:
    usual = _ENTRY.format(**_VALUES)
    page = _page(_ENTRY.format(**(_VALUES | changed)), usual, usual)
    assert len(fold(page).entries) >= 2
    found = parse_article(page, _URL).recommendations
    assert found == parse_article(_unfolded(page), _URL).recommendations
    assert found[-1].title == _SHOWN.title


@pytest.mark.parametrize("lost", ["</div>", "<h3>"])
def test_entry_that_lost_a_tag_takes_no_value_of_the_next(lost: str) -> None:
    usual = _ENTRY.format(**_VALUES)
    picture = usual[usual.index("<a ") : usual.index("<h3>")]
    broken = _ENTRY.format(**(_VALUES | {"ties": "1"})).replace(picture, "")
    before, _, after = broken.rpartition(lost)
    page = _page(before + after, usual)
    found = parse_article(page, _URL).recommendations
    assert found == parse_article(_unfolded(page), _URL).recommendations
    assert found[-1].comment_count == 714
    assert all(entry.image_url is None for entry in found[:-1])


def test_vertical_tab_is_no_white_space_of_a_tag() -> None:
    usual = _ENTRY.format(**_VALUES)
    changed = re.sub(r"<img\s+src", "<img\vsrc", usual)
    page = _page(changed, usual)
    assert (changed != usual, len(fold(page).entries)) == (True, 1)
    found = parse_article(page, _URL).recommendations
    assert found == (replace(_SHOWN, image_url=None), replace(_SHOWN, position=2))


def test_entry_in_the_body_is_part_of_it() -> None:
    usual = _ENTRY.format(**_VALUES)
    page = _page(usual).replace("<p>正文</p>".encode(), f"<p>正文</p>{usual}<p>又文</p>".encode())
    assert len(fold(page).entries) == 2
    article = parse_article(page, _URL)
    assert article == parse_article(_unfolded(page), _URL)
    assert "渡口搬走以后" in article.text
    assert article.recommendations == (_SHOWN,)


def test_attribute_that_was_left_open_swallows_one_entry() -> None:
    page = _page('<div title="河湾>', *[_ENTRY.format(**_VALUES)] * 4)
    assert len(fold(page).entries) == 4
    found = parse_article(page, _URL).recommendations
    assert found == parse_article(_unfolded(page), _URL).recommendations
    assert len(found) == 3


@needs_real_pages
def test_folding_changes_nothing_that_is_read_and_most_is_folded() -> None:
    assert len(_REAL) >= 5
    for page in _REAL:
        assert len(fold(page).entries) >= 30
        assert parse_article(page, _URL) == parse_article(_unfolded(page), _URL)
