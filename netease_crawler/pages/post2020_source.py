"""The lists, boxes and menus of :mod:`.post2020_dy`, whose source has the form of the server's.

Any other is left to :mod:`.post2020_recommendations` and :mod:`.post2020_side`.
"""

from __future__ import annotations

import re

from netease_crawler.items import HeadlineBox, Link
from netease_crawler.urls import page_id_from_url

from . import folding
from .folding import IMAGE_URL, TEXT, URL, Folded, Kind, pattern, shown, shown_image
from .recommended import Entry

MARK = b'<h1 class="post_title"'
"""What is in the source of every page that the site made in this layout."""
_IMAGE = (
    rf'<img src="(?P<image>{IMAGE_URL})"'
    r'(?: (?:onerror|width|height|alt|class)="[^"<>]*")*>'
)
_RELATED = pattern(
    r'<li class="post_recommend">\s*'
    rf'(?:<a class="post_recommend_img" href="{URL}">\s*{_IMAGE}\s*</a>\s*)?'
    r'<div class="post_recommend_info">\s*'
    rf'<h3 class="post_recommend_title"><a href="(?P<url>{URL})">'
    rf'(?P<video><i class="post_recommend_video"></i>)?(?P<title>{TEXT})</a></h3>\s*'
    rf'<p class="post_recommend_time">(?P<time>{TEXT})</p>\s*'
    rf'<a href="{URL}" class="post_recommend_tie">\s*<span class="post_recommend_tie_inner">\s*'
    rf'<span class="post_recommend_tie_icon">\s*<i></i>(?P<ties>{TEXT})</span>\s*'
    rf'<span class="post_recommend_tie_text">\s*<em>{TEXT}</em>{TEXT}</span>\s*'
    r"</span>\s*</a>\s*</div>\s*</li>"
)
_HOT = pattern(
    r'<div class="post_recommend_new">\s*'
    rf'(?:<a href="{URL}" title="[^"<>]*" class="post_recommend_img">\s*{_IMAGE}\s*</a>\s*)?'
    rf'<h3>\s*<a href="(?P<url>{URL})" title="[^"<>]*">(?P<title>{TEXT})</a>\s*</h3>\s*'
    rf'<span class="post_recommend_source">(?P<source>{TEXT})</span>\s*'
    rf'<div class="post_recommend_time">(?P<time>{TEXT})</div>\s*</div>'
)
_COMMENT = r"(?:<!--[^<>-]*-->\s*)?"  # the source of a headline
_ICON = r'(?:<i class="\w+"></i>)?'
_PICTURE = pattern(
    rf'<div class="post_side_mod_imgnews">\s*<a href="(?P<url>{URL})">\s*{_IMAGE}\s*'
    rf"<h3>(?P<title>{TEXT}){_ICON}</h3>\s*{_COMMENT}</a>\s*</div>\s*"
)
_HEADLINE = pattern(
    rf'<li class="post_side_mod_item">\s*<h3><a href="(?P<url>{URL})">'
    rf"(?P<title>{TEXT}){_ICON}</a></h3>\s*{_COMMENT}</li>\s*"
)
_UNNAMED = re.compile(r"\?P<\w+>")
_BOX = pattern(
    r'<div class="post_side_mod(?: js-(?:cn|bj)show)?"[^<>]*>\s*'
    rf'<h2 class="post_side_mod_title"><a href="{URL}">(?P<section>{TEXT})</a></h2>\s*'
    rf"(?P<picture>{_UNNAMED.sub('?:', _PICTURE.pattern)})?"
    r'<ul class="post_side_mod_list">\s*'
    rf"(?P<headlines>(?:{_UNNAMED.sub('?:', _HEADLINE.pattern)})*)</ul>\s*</div>"
)
# <ul class="ntes-nav-select-list clearfix"><li><a href="…"><span><em class="…">…</em></span></a>
# <ul class="ntes-quicknav-column ntes-quicknav-column-1"><li><h3><a href="…">新闻</a></h3></li>
# None by which anything else is found
_NAME = r"(?:last|JS_NTES_LOG_FE|ntes-[\w-]+)"
_ATTRIBUTES = rf'(?: (?:(?!id=|class=)[a-z_-]+="[^"<>]*"|class="(?:{_NAME}(?: {_NAME})*)?"))*'
_LINK = (
    rf"<a{_ATTRIBUTES}>[^<]*"
    rf"(?:<span{_ATTRIBUTES}>[^<]*(?:<em{_ATTRIBUTES}>[^<]*</em>\s*)?</span>\s*)?</a>"
)
_MENU = pattern(
    rf'<ul class="ntes-[\w -]*"{_ATTRIBUTES}>\s*(?:<li{_ATTRIBUTES}>\s*'
    rf"(?:{_LINK}|<h3{_ATTRIBUTES}>\s*{_LINK}\s*(?:<span{_ATTRIBUTES}>/</span>\s*{_LINK}\s*)?</h3>)"
    r"\s*</li>\s*)*</ul>"
)


def _read_related(source: str) -> Entry | None:
    """Return what an entry of 相关推荐 says; None where its form is another."""
    match = _RELATED.fullmatch(source)
    if match is None:
        return None
    return Entry(
        match["url"],
        title=shown(match["title"]),
        time=shown(match["time"]),
        ties=match["ties"],
        is_video=match["video"] is not None,
        image=shown_image(match["image"]),
    )


def _read_hot(source: str) -> Entry | None:
    """Return what an entry of 热点推荐 says; None where its form is another."""
    match = _HOT.fullmatch(source)
    if match is None:
        return None
    return Entry(
        match["url"],
        title=shown(match["title"]),
        source=shown(match["source"]),
        time=shown(match["time"]),
        image=shown_image(match["image"]),
    )


def _read_box(source: str) -> HeadlineBox | None:
    """Return the box of headlines; None where its form is another."""
    box = _BOX.fullmatch(source)
    if box is None:
        return None
    picture = _PICTURE.match(box["picture"] or "")
    pictures = [(picture, shown_image(picture["image"]))] if picture else []
    listed = [(item, None) for item in _HEADLINE.finditer(box["headlines"])]
    links = tuple(
        Link(url=url, title=title, doc_id=page_id_from_url(url), image_url=image)
        for item, image in [*pictures, *listed]
        if (url := item["url"]) and (title := item["title"].strip())
    )
    return HeadlineBox(section=box["section"].strip(), links=links)


def _read_menu(source: str) -> bool | None:
    """Return whether it is a menu of the site, of which nothing is read; None where it is not."""
    return _MENU.fullmatch(source) is not None or None


_KINDS = (
    Kind(
        "menu",
        b'<ul class="ntes-',
        (b"nav-select-list ", b"quicknav-column "),
        (b"</ul>",),
        _read_menu,
        256,
    ),
    Kind("entry", b'<li class="post_recommend', (b'">',), (b"</li>",), _read_related, 4096),
    Kind("entry", b'<div class="post_recommend_new', (b'">',), (b"</div>",) * 2, _read_hot, 4096),
    Kind(
        "box",
        b'<div class="post_side_mod',
        (b'">', b'" ', b" js-cnshow", b" js-bjshow"),  # no post_side_mod_tab
        (b"</ul>", b"</div>"),
        _read_box,
        1024,
    ),
)


def fold(html: bytes) -> Folded:
    """Return *html* with every entry, box and menu that can be read off the source emptied."""
    return folding.fold(html, _KINDS)
