"""From a page of NetEase to an :class:`~netease_crawler.items.Article`.

One module a layout; nothing here fetches, logs or stores.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from netease_crawler.items import Article

from . import post1603_source, post2020_source
from .dy_v2 import DyV2Page
from .encoding import is_utf8, undamaged, unmarked, utf8
from .ep import EpPage
from .errors import (
    BlockedPageError,
    DeletedArticleError,
    NotAnArticleError,
    PageError,
    TruncatedPageError,
    UnknownLayoutError,
    UnreadableEncodingError,
)
from .folding import Folded
from .limits import excess, excess_of_nesting
from .markup import attribute
from .mobile_hbs import MobileHbsPage
from .page import ArticlePage
from .post1603 import Post1603Page
from .post2020_dy import Post2020DyPage
from .refusals import refusal

__all__ = [
    "LAYOUTS",
    "BlockedPageError",
    "DeletedArticleError",
    "NotAnArticleError",
    "PageError",
    "TruncatedPageError",
    "UnknownLayoutError",
    "UnreadableEncodingError",
    "parse_article",
]

LAYOUTS: tuple[type[ArticlePage], ...] = (
    Post2020DyPage,
    MobileHbsPage,
    DyV2Page,
    Post1603Page,
    EpPage,
)
"""The layouts a page may have, newest first."""
_HOLDS_ARTICLE = "#contain, #epContentLeft, .js-article, .js-article-body"


def parse_article(body: bytes | str, url: str, encoding: str | None = None) -> Article:
    """Return the article on the page *body* that was fetched from *url*.

    *encoding* is what the server declared, if it did. ``fetched_at`` is left to the caller.

    Raises a PageError, never anything else, where the page is not an article that can be read
    whole: BlockedPageError is worth another try later, DeletedArticleError is not.
    """
    html = unmarked(body)
    folded = _folded(html, post2020_source.fold) if post2020_source.MARK in html else None
    if folded is None or not is_utf8(folded.html):  # what was folded is
        html = utf8(html, encoding)
        folded = _folded(html, _fold_of(html))
    tree = _tree(folded.html)
    try:
        article = _read(tree, html, url, folded)
    except PageError:
        if not folded.missing:
            raise
    else:
        if not folded.missing:
            return article
    # What was folded is missing from where the page has it, and perhaps changed what was read
    return _read(_tree(html), html, url, Folded(html))


def _tree(html: bytes) -> LexborHTMLParser:
    # Without events an <option> is not copied into every <selectedcontent>.
    tree = LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)
    if reason := excess_of_nesting(tree, html):
        raise NotAnArticleError(f"more than any article has: {reason}")
    return tree


def _read(tree: LexborHTMLParser, html: bytes, url: str, folded: Folded) -> Article:
    for layout in _likeliest_first(tree):
        if layout.matches(tree):
            if _is_truncated(html):
                raise TruncatedPageError("no end tag of the body")
            return undamaged(layout(tree, url, folded).to_item())
    raise refusal(tree, url)


def _folded(html: bytes, fold: Callable[[bytes], Folded]) -> Folded:
    if reason := excess(html):
        raise NotAnArticleError(f"more than any article has: {reason}")
    return fold(html)


def _fold_of(html: bytes) -> Callable[[bytes], Folded]:
    if post2020_source.MARK in html:
        return post2020_source.fold
    return post1603_source.fold if post1603_source.MARK in html else Folded


def _likeliest_first(tree: LexborHTMLParser) -> list[type[ArticlePage]]:
    # One search for what holds an article, as one for each layout goes through the whole page.
    found = attribute(tree.css_first(_HOLDS_ARTICLE), "id")
    return sorted(LAYOUTS, key=lambda layout: layout.held_by != found)


_BODY = re.compile(rb"<body[\s>]", re.IGNORECASE)
_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_END_WITHIN = 16_384  # bytes; nothing but </html> and white space follows on saved pages


def _is_truncated(html: bytes) -> bool:
    # A document that opens its body closes it at the end; a fragment does neither. (A page saved
    # by a browser may lack <html> and </html>; a script may write a </body>.)
    if html.rfind(b"</body>", max(0, len(html) - _END_WITHIN)) >= 0:
        return False
    return _BODY.search(html) is not None and _END.search(html[-_END_WITHIN:]) is None
