"""What the layouts of 2013-2020 share: the article in ``#epContentLeft``, its body ``#endText``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from selectolax.lexbor import LexborNode

from netease_crawler.items import Article, Block
from netease_crawler.urls import doc_id_from_url, is_article_url

from . import end_text_side as side
from .errors import NotAnArticleError
from .markup import absolute_url, attribute, beijing_time, editor_in, first, source_in, text_of
from .original_title import original_title, read_body
from .page import ArticlePage

_PROMOTION_STARTS, _PROMOTION_ENDS = "biaoqian开始", "biaoqian结束"


class EndTextPage(ArticlePage):
    """Reads what the pages with ``#endText`` have in common."""

    held_by = "epContentLeft"
    time_source: ClassVar[str]
    """Selector of the line ``2015-07-03 07:50:35　来源: …``."""

    def claimed_doc_ids(self) -> Iterator[str | None]:
        # No element of the page names it, and its scripts may be missing from a saved page.
        asked = self._requested_url
        yield doc_id_from_url(asked) if is_article_url(asked) else None

    def to_item(self) -> Article:
        # <div class="ep-pages"> … <a class="current">1</a> <a href="…_2.html">2</a> …
        page = text_of(first(self._main, ".ep-pages .current"))
        if page not in (None, "1"):
            raise NotAnArticleError(f"page {page} of an article")
        return replace(
            super().to_item(),
            published_at=self.published_at,
            source=self.source,
            source_url=absolute_url(attribute(self._source_link, "href"), self.url),
            editor=self.editor,
            original_title=self.original_title,
            headlines=side.headlines(self._side),
        )

    @cached_property
    def _main(self) -> LexborNode | None:
        return self._tree.css_first("#epContentLeft")

    @cached_property
    def _side(self) -> LexborNode | None:
        return self._tree.css_first("#epContentRight")

    @property
    def published_at(self) -> datetime | None:
        # <html id="ne_wrap" data-publishtime="2020-07-04 10:04:53"> since 2020,
        # <meta property="article:published_time" content="2019-09-07T16:28:35+08:00"> since 2016
        return (
            beijing_time(attribute(self._tree.root, "data-publishtime"))
            or beijing_time(self._meta("property", "article:published_time"))
            or beijing_time(text_of(first(self._main, self.time_source)))
        )

    @cached_property
    def _source_link(self) -> LexborNode | None:
        # <a id="ne_article_source" href="http://…">某某日报</a>(上海); the href may be http://#
        return first(self._main, "#ne_article_source")

    @property
    def source(self) -> str | None:
        linked = text_of(self._source_link)
        return linked or source_in(text_of(first(self._main, self.time_source)))

    @property
    def editor(self) -> str | None:
        # <div class="ep-source"> … 本文来源：某某日报 <span class="ep-editor">责任编辑：某某_NN1234
        return editor_in(text_of(first(self._main, ".ep-editor")))

    @property
    def original_title(self) -> str | None:
        # <p class="otitle">（原标题：…）</p> in the body, until 2016 a div before it
        return self._body[0] or original_title(text_of(first(self._main, ".otitle")))

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._body[1]

    @cached_property
    def _body(self) -> tuple[str | None, tuple[Block, ...]]:
        """The original title, where the body names it, and the other blocks."""
        body = first(self._main, "#endText")
        if body is not None:
            _drop_promotions(body)
        return read_body(body, self.url)


def _drop_promotions(body: LexborNode) -> None:
    """Take out of *body* what stands between the comments that say so."""
    # <p><!--biaoqian开始--></p><table>…</table><div>…重点推荐…</div><!--biaoqian结束-->: begin and
    # end need not have the same parent, so the texts and images go and not the elements.
    promoted: list[LexborNode] = []
    since_start: list[LexborNode] | None = None
    for node in body.traverse(include_text=True):
        if node.tag == "-comment":
            said = (node.comment_content or "").strip()
            if said == _PROMOTION_STARTS:
                since_start = []
            elif said == _PROMOTION_ENDS:
                promoted += since_start or ()
                since_start = None
        elif since_start is not None and node.tag in ("-text", "img"):
            since_start.append(node)
    for node in promoted:
        node.decompose()
