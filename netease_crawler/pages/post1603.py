"""The layout of editorial articles of 2016-2020, ``news.163.com/YY/MMDD/HH/….html``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from netease_crawler.items import Article, Link
from netease_crawler.urls import without_query

from . import end_text_side as side
from .end_text import EndTextPage
from .markup import attribute, classes, first, line_of, link, thread_count
from .originals import original_pool
from .post1603_recommendations import recommendations
from .scripts import configured_doc_id, script_with


class Post1603Page(EndTextPage):
    """Reads a page of this layout."""

    layout = "post1603"
    time_source = ".post_time_source"

    @staticmethod
    def matches(tree: LexborHTMLParser) -> bool:
        # Not by one selector, with which a page of another layout is searched to its end
        main = tree.css_first("#epContentLeft")
        return main is not None and "post_content_main" in classes(main)

    def claimed_doc_ids(self) -> Iterator[str | None]:
        yield configured_doc_id(script_with(self._scripts, '"docId"'))
        yield from super().claimed_doc_ids()

    def to_item(self) -> Article:
        return replace(
            super().to_item(),
            join_count=thread_count(first(self._main, ".post_comment_toolbar .js-tiejoincount")),
            comment_count=thread_count(first(self._main, ".post_comment_toolbar .js-tiecount")),
            recommendations=recommendations(self._main, self._folded),
            originals=self.originals,
            next_article=self.next_article,
        )

    @property
    def title(self) -> str | None:
        return line_of(first(self._main, "h1"))

    @property
    def originals(self) -> tuple[Link, ...]:
        """态度原创 as rendered, else what JavaScript would choose from."""
        rendered = side.originals(self._side)
        return rendered or original_pool(script_with(self._scripts, "taiduYuanC"))

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
