"""The layout of editorial articles of 2016-2020, ``news.163.com/YY/MMDD/HH/….html``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from netease_crawler.items import Article, Link
from netease_crawler.urls import without_query

from . import end_text_side as side
from .end_text import EndTextPage
from .markup import attribute, first, line_of, link, thread_count
from .originals import original_pool
from .post1603_recommendations import recommendations
from .scripts import script_with

# var config = { "productKey" : "…", "docId" : "EOFBHDHQ0001899N",
_DOC_ID = re.compile(r'"docId"\s*:\s*"(\w+)"')


class Post1603Page(EndTextPage):
    """Reads a page of this layout."""

    layout = "post1603"
    time_source = ".post_time_source"

    @staticmethod
    def matches(tree: LexborHTMLParser) -> bool:
        return tree.css_first("#epContentLeft.post_content_main") is not None

    def claimed_doc_ids(self) -> Iterator[str | None]:
        match = _DOC_ID.search(script_with(self._tree, '"docId"'))
        yield match[1] if match else None
        yield from super().claimed_doc_ids()

    def to_item(self) -> Article:
        return replace(
            super().to_item(),
            join_count=thread_count(first(self._main, ".post_comment_toolbar .js-tiejoincount")),
            comment_count=thread_count(first(self._main, ".post_comment_toolbar .js-tiecount")),
            recommendations=recommendations(self._main),
            originals=self.originals,
            next_article=self.next_article,
        )

    @property
    def title(self) -> str | None:
        return line_of(first(self._main, "h1"))

    @property
    def originals(self) -> tuple[Link, ...]:
        """态度原创 as rendered, else what JavaScript would choose from."""
        script = script_with(self._tree, "taiduYuanC")
        return side.originals(self._side) or original_pool(script)

    @property
    def next_article(self) -> Link | None:
        # <div class="post_next_post"> <h4><a href="….html#f=post1603_tab_news">…</a></h4>
        found = link(self._tree.css_first(".post_next_post h4 a"), self.url)
        return replace(found, url=without_query(found.url)) if found is not None else None

    @cached_property
    def _canonical(self) -> str:
        # There is no link[rel=canonical], but JavaScript writes the address for the QR code:
        # <div class="js_qrcode_img js_share_qrcode" title="https://news.163.com/….html#sns_weixin">
        return attribute(self._tree.css_first(".js_share_qrcode"), "title") or ""
