"""The layout of ``m.163.com`` and ``3g.163.com`` since 2022, as the server sends it.

Beside its markup a page has the article's data for search engines (JSON-LD) and for its own
JavaScript (``window.__INITIAL_STATE__``, without which videos have no address).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from netease_crawler.items import Account, Article, Block, Recommendation
from netease_crawler.urls import media_id_from_url

from .markup import (
    ByMarkup,
    absolute_url,
    attribute,
    beijing_time,
    count,
    editor_in,
    first,
    image_url,
    line_of,
    text_of,
)
from .original_title import read_body
from .page import ArticlePage
from .recommended import Entry, numbered
from .scripts import assigned_json, script_with

# What addresses on the page are relative to: its own is not www.163.com, as the canonical one is
_SITE = "https://m.163.com/"


class MobileHbsPage(ArticlePage):
    """Reads a page of this layout."""

    layout = "mobile_hbs"

    @staticmethod
    def matches(tree: LexborHTMLParser) -> bool:
        is_article = tree.css_first(".js-article, .js-article-body") is not None
        return is_article and tree.css_first("h1.article-title") is not None

    def claimed_doc_ids(self) -> Iterator[str | None]:
        yield attribute(self._tree.root, "data-id")
        yield _text(self._state.get("docId"))

    def to_item(self) -> Article:
        return replace(
            super().to_item(),
            published_at=self.published_at,
            source=self.source,
            source_url=self.source_url,
            location=self.location,
            editor=self.editor,
            original_title=self._body[0],
            category=attribute(self._tree.root, "data-category") or None,
            rec_category=attribute(self._tree.root, "data-rec-category") or None,
            comment_count=self.comment_count,
            has_statement="特别声明" in (text_of(self._footer) or ""),
            account=self.account,
            recommendations=_recommendations(self._tree),
        )

    @property
    def title(self) -> str | None:
        return line_of(self._tree.css_first("h1.article-title"))

    @property
    def published_at(self) -> datetime | None:
        # <html data-publishtime="2025-04-11 21:49:25" …>, a <meta> and JSON-LD have the seconds;
        # <time datetime="2025-04-11 21:49"> is what a reader sees
        return (
            beijing_time(attribute(self._tree.root, "data-publishtime"))
            or beijing_time(self._meta("property", "article:published_time"))
            or beijing_time(_text(self._linked_data.get("datePublished")))
            or beijing_time(attribute(first(self._info, "time"), "datetime"))
        )

    @cached_property
    def source(self) -> str | None:
        # <address><a class="author-homePage" href="/news/sub/T….html">某某</a></address>
        if (shown := text_of(first(self._info, "address"))) is not None:
            return shown
        author = self._linked_data.get("author")
        return _text(author.get("name")) if isinstance(author, dict) else None

    @cached_property
    def source_url(self) -> str | None:
        return absolute_url(attribute(first(self._info, "a.author-homePage"), "href"), _SITE)

    @property
    def location(self) -> str | None:
        # <time datetime="…">2025-04-11 21:49</time> <span>·北京</span>
        shown = text_of(first(self._info, "time + span")) or ""
        return shown[1:].strip() or None if shown.startswith("·") else None

    @property
    def editor(self) -> str | None:
        # <footer class="article-footer"><div class="s-info">责任编辑：某某_NX1234</div></footer>
        return editor_in(text_of(self._footer))

    @property
    def comment_count(self) -> int | None:
        # <span class="js-article-commentCount">0</span> is what the server sends for any number
        return count(text_of(first(self._info, ".js-article-commentCount"))) or None

    @property
    def account(self) -> Account | None:
        if self.source_url is None:
            return None
        return Account(
            media_id=media_id_from_url(self.source_url),
            name=self.source,
            url=self.source_url,
            avatar_url=image_url(first(self._info, "img.s-avatar"), _SITE),
        )

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._body[1]

    @cached_property
    def _body(self) -> tuple[str | None, tuple[Block, ...]]:
        container = self._tree.css_first("section.js-article-body")
        if container is not None and container.css_first("video") is not None:
            _address_videos(container, self._state.get("articleVideoList"))
        return read_body(container, _SITE)

    @cached_property
    def _footer(self) -> LexborNode | None:
        return self._tree.css_first(".article-footer")

    @cached_property
    def _info(self) -> LexborNode | None:
        return self._tree.css_first(".article-info")

    @cached_property
    def _state(self) -> dict[str, Any]:
        script = script_with(self._scripts, "window.__INITIAL_STATE__=")
        state = assigned_json(script, "__INITIAL_STATE__")
        return state if isinstance(state, dict) else {}

    @cached_property
    def _linked_data(self) -> dict[str, Any]:
        # JSON, where a title does not break it
        found = self._tree.css_first('script[type="application/ld+json"]')
        try:
            data = json.loads(found.text() if found is not None else "{}", strict=False)
        except (ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}


def _address_videos(container: LexborNode, listed: Any) -> None:
    """Give each ``<video>`` its address from *listed*, as the page's JavaScript does."""
    # <figure class="m-video js-article-video" data-index="0">…<video …></video>…
    # "articleVideoList":[{"mp4":"http://flv0.bn.netease.com/….mp4","m3u8":"…","cover":"…"}]
    entries = listed if isinstance(listed, list) else []
    for figure in container.css("figure.m-video"):
        index, video = count(attribute(figure, "data-index")), figure.css_first("video")
        entry = entries[index] if index is not None and index < len(entries) else None
        address = _text(entry.get("mp4")) if isinstance(entry, dict) else None
        if address is not None and video is not None:
            video.attrs["src"] = address


def _text(value: Any) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _recommendations(tree: LexborHTMLParser) -> tuple[Recommendation, ...]:
    """Return 相关推荐, which shows no times, in page order."""
    return numbered("related", map(_entry, tree.css("section.js-recommend li.js-recommend-item")))


def _read_entry(entry: LexborNode) -> Entry | None:
    """Return what an entry says; None without an address."""
    # <li class="recommend-item js-recommend-item" data-itemid="V…" data-category="video">
    # <a class="card-recommend-oneImg" href="/v/video/V….html">…<h4>…</h4>…
    # <span class="s-source">某某</span> <span class="s-replyCount">19跟贴</span>
    url = absolute_url(attribute(first(entry, "a"), "href"), _SITE)
    if url is None or len(entry.css("li")) > 1:  # it lost its end tag and holds others
        return None
    return Entry(
        url,
        title=text_of(first(entry, "h4")),
        source=text_of(first(entry, ".s-source")),
        ties=text_of(first(entry, ".s-replyCount")),
        image=image_url(first(entry, "img"), _SITE),
    )


_entry = ByMarkup(_read_entry, size=1024)
