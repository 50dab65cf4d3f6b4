"""The layout of articles of 2013-2016, ``news.163.com/YY/MMDD/HH/….html``, served in GBK."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from netease_crawler.items import Article, Recommendation
from netease_crawler.urls import without_query

from .end_text import EndTextPage
from .markup import SITE, ByMarkup, absolute_url, attribute, first, line_of, text_of
from .recommended import Entry, numbered
from .scripts import assigned_number, script_with

# http://e.news.163.com/docs/10/2015110911/B7VO7GUO00014JB6.html: the article among others of
# its keyword, no address of the article itself
_AMONG_OTHERS = re.compile(
    r"https?://e(?:\.\w+)?\.163\.com/docs/\d+/\d{10}/(?P<doc_id>[0-9A-V]{8}[0-9A-Z]{8})\.html"
)
# var replyCount = 229, totalCount = 2359, threadId = "BGBH11VI0001121M",
_THREAD_ID = re.compile(r"""\bthreadId\s*=\s*["'](\w+)["']""")


class EpPage(EndTextPage):
    """Reads a page of this layout."""

    layout = "ep"
    time_source = ".ep-time-soure"  # the site's spelling

    @staticmethod
    def matches(tree: LexborHTMLParser) -> bool:
        return tree.css_first("#epContentLeft #h1title.ep-h1") is not None

    def claimed_doc_ids(self) -> Iterator[str | None]:
        match = _THREAD_ID.search(self._thread)
        yield match[1] if match else None
        yield from super().claimed_doc_ids()

    def to_item(self) -> Article:
        # The page shows 0 until JavaScript writes these numbers over it.
        return replace(
            super().to_item(),
            join_count=assigned_number(self._thread, "totalCount"),
            comment_count=assigned_number(self._thread, "replyCount"),
            recommendations=self.recommendations,
        )

    @property
    def title(self) -> str | None:
        return line_of(first(self._main, "#h1title"))

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        # <div class="ep-keywords-main"><div class="mod-title">关键词阅读：<a>某地</a></div>
        # <li><span class="title"><a href="….html#from=relevant">…</a></span>
        # <span class="time">2015/07/02</span></li>; a day is no time of publication.
        # 48小时评论排行 may stand in its place.
        box = first(self._main, ".ep-keywords-main")
        heading = text_of(first(box, ".mod-title")) or ""
        kind = "related" if heading.startswith("关键词") else "hot"
        return numbered(kind, map(_linked, box.css("li") if box is not None else ()))

    @cached_property
    def _thread(self) -> str:
        return script_with(self._scripts, "replyCount")


def _read_linked(entry: LexborNode) -> Entry | None:
    """Return what *entry* says; None where it leads nowhere."""
    anchor = entry.css_first("a")
    url = absolute_url(attribute(anchor, "href"), SITE)
    if url is None:
        return None
    match = _AMONG_OTHERS.fullmatch(without_query(url))
    return Entry(url, title=text_of(anchor), doc_id=match["doc_id"] if match else None)


_linked = ByMarkup(_read_linked, size=1024)
