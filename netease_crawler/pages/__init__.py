"""From a page of NetEase to an :class:`~netease_crawler.items.Article`.

One module a layout; nothing here fetches, logs or stores.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from netease_crawler.items import Article

from .encoding import decode
from .errors import (
    BlockedPageError,
    DeletedArticleError,
    NotAnArticleError,
    PageError,
    TruncatedPageError,
    UnknownLayoutError,
    UnreadableEncodingError,
)
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

LAYOUTS = (Post2020DyPage,)
"""The layouts a page may have, newest first."""


def parse_article(body: bytes | str, url: str, encoding: str | None = None) -> Article:
    """Return the article on the page *body* that was fetched from *url*.

    *encoding* is what the server declared, if it did. ``fetched_at`` is left to the caller.

    Raises a PageError, never anything else, where the page is not an article that can be read
    whole: BlockedPageError is worth another try later, DeletedArticleError is not.
    """
    text = decode(body, encoding)
    tree = LexborHTMLParser(text)
    for layout in LAYOUTS:
        if layout.matches(tree):
            if _is_truncated(text):
                raise TruncatedPageError("no end tag of the body")
            return layout(tree, url).to_item()
    raise refusal(tree, url)


def _is_truncated(text: str) -> bool:
    # A document that opens its body closes it; a fragment does neither. (A page saved by a
    # browser may lack <html> and </html>.)
    return "<body" in text and "</body>" not in text
