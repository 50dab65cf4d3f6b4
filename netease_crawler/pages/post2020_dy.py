"""The layout of 网易号 articles since November 2020, ``www.163.com/dy/article/….html``.

Editorial articles under ``/news/article/`` share its markup, without the account's card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from netease_crawler.items import Article, Block, Link

from . import post2020_side as side
from .errors import UnknownLayoutError
from .folding import Folded
from .markup import (
    absolute_url,
    attribute,
    beijing_time,
    classes,
    editor_in,
    first,
    line_of,
    link,
    source_in,
    text_of,
    thread_count,
)
from .original_title import read_body
from .page import ArticlePage
from .post2020_recommendations import recommendations
from .scripts import configured_doc_id

_REPORT = re.compile(r"//jubao\.|/tipoff\.html")


class Post2020DyPage(ArticlePage):
    """Reads a page of this layout."""

    layout = "post2020_dy"
    held_by = "contain"

    def __init__(self, tree: LexborHTMLParser, url: str, folded: Folded) -> None:
        super().__init__(tree, url, folded)
        self._contain = tree.css_first("#contain")
        self._info = first(self._contain, ".post_info")
        self._threads = first(self._contain, ".tie-info")
        self._side = first(self._contain, ".post_side")
        self._card = first(self._side, ".post_wemedia")

    @staticmethod
    def matches(tree: LexborHTMLParser) -> bool:
        return tree.css_first("#contain .post_title") is not None

    def claimed_doc_ids(self) -> Iterator[str | None]:
        yield attribute(self._contain, "data-docid")
        for script in self._scripts:
            yield configured_doc_id(script.text())

    def to_item(self) -> Article:
        self._folded.find_menus(self._bar)
        return replace(
            super().to_item(),
            published_at=self.published_at,
            source=self.source,
            source_url=self.source_url,
            location=self.location,
            editor=self.editor,
            original_title=self._body[0],
            category=side.commented(self._card, "data.article.category"),
            rec_category=side.commented(self._card, "data.article.recCategory"),
            join_count=self.join_count,
            comment_count=thread_count(first(self._threads, "[statistic=GTnews_top_tieCount]")),
            has_statement="特别声明" in (text_of(first(self._contain, ".post_statement")) or ""),
            account=side.account(self._card, attribute(self._contain, "data-wemediaid"), self.url),
            recommendations=recommendations(self._contain, self._folded),
            history=side.history(self._card, self.url),
            headlines=side.headlines(self._side, self._folded),
            originals=side.originals(self._side, self.url),
            next_article=self.next_article,
        )

    @property
    def _bar(self) -> LexborNode | None:
        # <div class="ntes_nav_wrap" id="js_N_NTES_wrap">…</div> beside <div … id="contain">
        above = self._contain.parent if self._contain is not None else None
        if above is None or above.tag != "body":
            return None
        return self._tree.css_first("body > .ntes_nav_wrap:not(#contain)")

    @property
    def title(self) -> str | None:
        return line_of(first(self._contain, ".post_title"))

    @property
    def published_at(self) -> datetime | None:
        # <html id="ne_wrap" data-publishtime="2024-03-08 09:30:00" version="20220428">
        # <meta property="article:published_time" content="2024-03-08T09:30:00+08:00">
        # <div class="post_info"> 2024-03-08 09:30:00　来源: … </div>
        return (
            beijing_time(attribute(self._tree.root, "data-publishtime"))
            or beijing_time(attribute(self._contain, "data-ptime"))
            or beijing_time(self._meta("property", "article:published_time"))
            or beijing_time(text_of(self._info))
        )

    @property
    def source(self) -> str | None:
        # 来源: <a href="https://www.163.com/dy/media/T….html">某某日报</a>; [code] without a link
        linked = self._source_link
        if linked is not None:
            return text_of(linked)
        # … 来源: 某某客户端<img src="…/ipLocation.f6d00eb.svg">北京 <a class="post_jubao">举报</a>
        said, node = "", self._info.first_child if self._info is not None else None
        while node is not None and node.tag not in ("a", "img"):
            said += node.text_content or "" if node.is_text_node else node.text()
            node = node.next
        return source_in(said)

    @property
    def source_url(self) -> str | None:
        return absolute_url(attribute(self._source_link, "href"), self.url)

    @cached_property
    def _source_link(self) -> LexborNode | None:
        links = self._info.css("a") if self._info is not None else []
        # …/special/0077jt/tipoff.html?title=…, until 2022 http://jubao.aq.163.com/
        return next(
            (
                found
                for found in links
                if "post_jubao" not in classes(found)
                and not _REPORT.search(attribute(found, "href") or "")
            ),
            None,
        )

    @property
    def location(self) -> str | None:
        # <img src="https://static.ws.126.net/…/ipLocation.f6d00eb.svg" style="…">北京 &nbsp;<a …
        mark = first(self._info, 'img[src*="ipLocation"]')
        after = mark.next if mark is not None else None
        return text_of(after) if after is not None and after.is_text_node else None

    @property
    def editor(self) -> str | None:
        # <div class="creative_statement">责任编辑：某某_NN1234</div>; [code] .post_author where
        # the article is editorial
        for place in (".creative_statement", ".post_author", ".ep-source"):
            editor = editor_in(text_of(first(self._contain, place)))
            if editor is not None:
                return editor
        return None

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._body[1]

    @cached_property
    def _body(self) -> tuple[str | None, tuple[Block, ...]]:
        container = first(self._contain, ".post_body")
        after = container.next if container is not None else None
        while after is not None:
            # <div class="post_body">…</p></div><p>…: an end tag too many, and half of the text
            if after.tag == "p" and text_of(after) is not None:
                raise UnknownLayoutError(f"{self.layout} with text behind its body")
            after = after.next
        return read_body(container, self.url)

    @property
    def join_count(self) -> int | None:
        shown = thread_count(first(self._contain, ".js-tiejoincount"))
        if shown is None:
            shown = thread_count(first(self._threads, "[statistic=GTnews_top_tieJion]"))
        return shown

    @property
    def next_article(self) -> Link | None:
        # <div class="post_next" data-ptime="2024-03-08 09:30:00">; the server sends it without a
        # time and with <a id="js_next" href="">
        box = first(self._contain, ".post_next")
        published_at = beijing_time(attribute(box, "data-ptime"))
        return link(first(box, "#js_next"), self.url, published_at=published_at)
