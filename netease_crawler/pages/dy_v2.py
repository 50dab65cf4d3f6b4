"""The layout of 网易号 articles from 2018 to 2020, ``dy.163.com/v2/article/detail/….html``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from netease_crawler.items import Account, Article, Block, Link

from .markup import (
    ByMarkup,
    attribute,
    beijing_time,
    count,
    first,
    image_url,
    line_of,
    link,
    text_of,
    wemedia_id,
)
from .original_title import read_body
from .page import ArticlePage

# What addresses on the page are relative to: its own is not www.163.com, as the canonical one is
_SITE = "http://dy.163.com/"


class DyV2Page(ArticlePage):
    """Reads a page of this layout."""

    layout = "dy_v2"
    held_by = "contain"

    @staticmethod
    def matches(tree: LexborHTMLParser) -> bool:
        return tree.css_first("#contain .article_title h2") is not None

    def claimed_doc_ids(self) -> Iterator[str | None]:
        yield attribute(self._contain, "data-docid")

    def to_item(self) -> Article:
        return replace(
            super().to_item(),
            published_at=self.published_at,
            source=self.source,
            original_title=self._body[0],
            join_count=self._shown_count("参与"),
            comment_count=self.comment_count,
            has_statement="特别声明" in (text_of(first(self._contain, ".statement")) or ""),
            account=self.account,
            history=self.history,
            next_article=link(first(self._contain, ".next #js-next"), _SITE),
        )

    @cached_property
    def _contain(self) -> LexborNode | None:
        return self._tree.css_first("#contain")

    @property
    def title(self) -> str | None:
        return line_of(first(self._contain, ".article_title h2"))

    @property
    def published_at(self) -> datetime | None:
        # <div id="contain" data-wemediaid="W…" data-docid="…" data-ptime="2019-05-17 20:02:46">;
        # a reader sees the date alone
        return beijing_time(attribute(self._contain, "data-ptime"))

    @property
    def source(self) -> str | None:
        # <p class="time"><span>2019-05-17</span><span class="point"> · </span><span>某某</span></p>
        return text_of(first(self._contain, ".article_title .time > .point + span"))

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._body[1]

    @cached_property
    def _body(self) -> tuple[str | None, tuple[Block, ...]]:
        return read_body(first(self._contain, ".article_box #content"), _SITE)

    @property
    def comment_count(self) -> int | None:
        # <span class="num"><a href="https://comment.tie.163.com/….html">19</a></span>跟贴, beside
        # the title
        shown = self._shown_count("跟贴")
        return shown or count(text_of(first(self._contain, ".share_box .num"))) or None

    def _shown_count(self, label: str) -> int | None:
        # <span class="tie-info"><span>跟贴</span><a href="…">19</a><span>参与</span><a …
        # A 0 may be what the server sends before JavaScript knows the number: nothing tells.
        parts = self._contain.css(".tie-info > *") if self._contain is not None else []
        shown = (text_of(after) for name, after in pairwise(parts) if text_of(name) == label)
        return count(next(shown, None)) or None

    @property
    def account(self) -> Account | None:
        # The card holds name and description twice, for wide windows and for narrow ones.
        card = self._tree.css_first(".colum_des")
        if card is None:
            return None
        return Account(
            wemedia_id=wemedia_id(attribute(self._contain, "data-wemediaid")),
            name=text_of(first(card, ".colum_info h4")),
            description=text_of(first(card, ".colum_info p")),
            avatar_url=image_url(first(card, ".colum_info img"), _SITE),
            article_count=_counted(card, "篇文章"),
            follower_count=_counted(card, "人关注"),
        )

    @property
    def history(self) -> tuple[Link, ...]:
        rows = map(_history_link, self._tree.css(".colum_article_lise a"))
        return tuple(found for found in rows if found is not None)


def _counted(card: LexborNode, label: str) -> int | None:
    # <div><p class="num">399</p><p>篇文章</p></div>
    for pair in card.css(".colum_dy > div"):
        shown = [text_of(part) for part in pair.css("p")]
        if label in shown:
            return count(shown[0])
    return None


def _read_history_link(row: LexborNode) -> Link | None:
    # <a class="content" href="/v2/article/detail/….html"><span class="item_time">2019-08-06
    # 15:09:13</span><p>…</p><div class="imghover"><img src="http://nimg.ws.126.net/?url=…"></div></a>
    found = link(
        row,
        _SITE,
        published_at=beijing_time(text_of(first(row, ".item_time"))),
        image_url=image_url(first(row, "img"), _SITE),
    )
    title = text_of(first(row, "p"))
    return replace(found, title=title) if found is not None and title else None


_history_link = ByMarkup(_read_history_link, size=1024)
