"""The lists and boxes of a page, read off its source before it is parsed.

They are most of a page's elements, and the site makes them all alike. An entry of 相关推荐 or
热点推荐, or a box of headlines, that has exactly the form of the server's is read here, at a
fraction of the cost; in its place stays an element with an empty link, which closes what it
would have closed. Any other is left to :mod:`.post2020_recommendations` and
:mod:`.post2020_side`, which read the same values off its elements.
"""

from __future__ import annotations

import re
from functools import lru_cache
from secrets import token_hex
from typing import Any, NamedTuple

from netease_crawler.items import HeadlineBox, Link
from netease_crawler.urls import page_id_from_url

from .markup import original_image
from .recommended import Values, entry_values

FOLDED = f"data-{token_hex(8)}"
"""Attribute of an element that was emptied: the index of what it said. No page can know it."""
_FOLDED = FOLDED.encode()
_REACH = 16384  # bytes of an entry or box, or between two; 7,000 is the most seen
_URL = r"https?://[A-Za-z0-9.-]+/[!#-%'-;=?-\[\]-~]*"  # printable ASCII without " & < > \
_TEXT = r"[^<>&\r\0]*"  # nothing to decode
_IMAGE = (
    rf'<img src="(?P<image>{_URL}(?:&(?:amp;)?(?:thumbnail|quality|type)=\w+)*)"'
    r'(?: (?:onerror|width|height|alt|class)="[^"<>]*")*>'
)
_RELATED = re.compile(
    r'<li class="post_recommend">\s*'
    rf'(?:<a class="post_recommend_img" href="{_URL}">\s*{_IMAGE}\s*</a>\s*)?'
    r'<div class="post_recommend_info">\s*'
    rf'<h3 class="post_recommend_title"><a href="(?P<url>{_URL})">'
    rf'(?P<video><i class="post_recommend_video"></i>)?(?P<title>{_TEXT})</a></h3>\s*'
    rf'<p class="post_recommend_time">(?P<time>{_TEXT})</p>\s*'
    rf'<a href="{_URL}" class="post_recommend_tie">\s*<span class="post_recommend_tie_inner">\s*'
    rf'<span class="post_recommend_tie_icon">\s*<i></i>(?P<ties>{_TEXT})</span>\s*'
    rf'<span class="post_recommend_tie_text">\s*<em>{_TEXT}</em>{_TEXT}</span>\s*'
    r"</span>\s*</a>\s*</div>\s*</li>",
    re.ASCII,
)
_HOT = re.compile(
    r'<div class="post_recommend_new">\s*'
    rf'(?:<a href="{_URL}" title="[^"<>]*" class="post_recommend_img">\s*{_IMAGE}\s*</a>\s*)?'
    rf'<h3>\s*<a href="(?P<url>{_URL})" title="[^"<>]*">(?P<title>{_TEXT})</a>\s*</h3>\s*'
    rf'<span class="post_recommend_source">(?P<source>{_TEXT})</span>\s*'
    rf'<div class="post_recommend_time">(?P<time>{_TEXT})</div>\s*</div>',
    re.ASCII,
)
_COMMENT = r"(?:<!--[^<>-]*-->\s*)?"  # the source of a headline
_ICON = r'(?:<i class="\w+"></i>)?'
_PICTURE = re.compile(
    rf'<div class="post_side_mod_imgnews">\s*<a href="(?P<url>{_URL})">\s*{_IMAGE}\s*'
    rf"<h3>(?P<title>{_TEXT}){_ICON}</h3>\s*{_COMMENT}</a>\s*</div>\s*",
    re.ASCII,
)
_HEADLINE = re.compile(
    rf'<li class="post_side_mod_item">\s*<h3><a href="(?P<url>{_URL})">'
    rf"(?P<title>{_TEXT}){_ICON}</a></h3>\s*{_COMMENT}</li>\s*",
    re.ASCII,
)
_GOES_ON = (b'">', b'" ', b" js-cnshow", b" js-bjshow")  # no post_side_mod_tab
_UNNAMED = re.compile(r"\?P<\w+>")
_BOX = re.compile(
    r'<div class="post_side_mod(?: js-(?:cn|bj)show)?"[^<>]*>\s*'
    rf'<h2 class="post_side_mod_title"><a href="{_URL}">(?P<section>{_TEXT})</a></h2>\s*'
    rf"(?P<picture>{_UNNAMED.sub('?:', _PICTURE.pattern)})?"
    r'<ul class="post_side_mod_list">\s*'
    rf"(?P<headlines>(?:{_UNNAMED.sub('?:', _HEADLINE.pattern)})*)</ul>\s*</div>",
    re.ASCII,
)


class Folded(NamedTuple):
    """The source of a page without the lists and boxes that were read off it."""

    html: bytes
    entries: list[Values]
    boxes: list[HeadlineBox]


def fold(html: bytes) -> Folded:
    """Return *html* with every entry and box that can be read off the source emptied."""
    folded = Folded(html, [], [])
    kept: list[bytes] = []
    end = 0  # of the last one
    # How one of each kind begins, the end tags at its end, who reads it, where that goes
    for beginning, ends, read, found in (
        (b'<li class="post_recommend', (b"</li>",), _read_related, folded.entries),
        (b'<div class="post_recommend_new', (b"</div>",) * 2, _read_hot, folded.entries),
        (b'<div class="post_side_mod', (b"</ul>", b"</div>"), _read_box, folded.boxes),
    ):
        start = html.find(beginning, end)
        while start >= 0:
            after = start + len(beginning)
            value: Any = None
            if html.startswith(_GOES_ON, after):
                for last in ends:
                    after = html.find(last, after, start + _REACH) + len(last)
                value = read(html[start:after])
            if value is None:
                after = start + len(beginning)
            else:
                tag = html[start : html.index(b">", start)]
                empty = b'%s %s="%d"><a></a>%s' % (tag, _FOLDED, len(found), last)
                kept += html[end:start], empty
                found.append(value)
                end = after
            start = html.find(beginning, after, after + _REACH)
    kept.append(html[end:])
    return folded._replace(html=b"".join(kept))


@lru_cache(maxsize=4096)  # the same entries and boxes stand on many pages
def _read_related(source: bytes) -> Values | None:
    """Return what an entry of 相关推荐 says; None where its form is another."""
    match = _RELATED.fullmatch(source.decode())
    if match is None:
        return None
    return entry_values(
        match["url"],
        title=_shown(match["title"]),
        time=_shown(match["time"]),
        ties=match["ties"],
        is_video=match["video"] is not None,
        image=_image(match["image"]),
    )


@lru_cache(maxsize=4096)
def _read_hot(source: bytes) -> Values | None:
    """Return what an entry of 热点推荐 says; None where its form is another."""
    match = _HOT.fullmatch(source.decode())
    if match is None:
        return None
    return entry_values(
        match["url"],
        title=_shown(match["title"]),
        source=_shown(match["source"]),
        time=_shown(match["time"]),
        image=_image(match["image"]),
    )


@lru_cache(maxsize=1024)
def _read_box(source: bytes) -> HeadlineBox | None:
    """Return the box of headlines; None where its form is another."""
    box = _BOX.fullmatch(source.decode())
    if box is None:
        return None
    picture = _PICTURE.match(box["picture"] or "")
    pictures = [(picture, _image(picture["image"]))] if picture else []
    listed = [(item, None) for item in _HEADLINE.finditer(box["headlines"])]
    links = tuple(
        Link(url=url, title=title, doc_id=page_id_from_url(url), image_url=image)
        for item, image in [*pictures, *listed]
        if (url := item["url"]) and (title := item["title"].strip())
    )
    return HeadlineBox(section=box["section"].strip(), links=links)


def _shown(text: str) -> str | None:
    return text.strip() or None


def _image(source: str | None) -> str | None:
    return original_image((source or "").replace("&amp;", "&"))
