"""What an answer of an API holds: a literal of JavaScript, alone, assigned, or for a callback."""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from netease_crawler.pages.encoding import utf8
from netease_crawler.pages.errors import BlockedPageError, PageError, UnknownListingError
from netease_crawler.pages.literals import read_literal
from netease_crawler.pages.refusals import refusal

# data_callback([…]), artiList({…}), var data={…}; or the literal alone
_BEFORE = re.compile(r"[\s\ufeff]*(?:(?:var\s+)?[\w$.]+\s*[=(]\s*)?")
_AFTER = re.compile(r"[\s;)]*")


def literal(body: bytes | str, url: str, encoding: str | None) -> Any:
    """Return the list or object of the answer *body*, with Python's types.

    Raises BlockedPageError for a page that refuses, UnknownListingError for anything else that
    is no literal or not a whole one.
    """
    html = utf8(body, encoding)
    text = html.decode("utf-8")
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    if text[start : start + 1] not in ("[", "{"):
        raise refused(LexborHTMLParser(html), url, "neither a list nor an object")
    try:
        found, after = read_literal(text[start:])
    except ValueError as error:
        raise UnknownListingError(f"not a whole list: {url}: {error}") from error
    if _AFTER.fullmatch(after) is None:
        raise UnknownListingError(f"more than a list: {url}")
    return found


def unknown(url: str, expected: str, found: Any) -> UnknownListingError:
    """Return what to raise where *found* is not the *expected* part of the answer."""
    shown = sorted(map(str, found)) if isinstance(found, dict) else type(found).__name__
    return UnknownListingError(f"no {expected} at {url}: {str(shown)[:200]}")


def refused(tree: LexborHTMLParser, url: str, reason: str) -> PageError:
    """Return what to raise for the page *tree*: that the site refused, or the *reason*.

    The tree is of no use afterwards.
    """
    error = refusal(tree, url)
    return error if isinstance(error, BlockedPageError) else UnknownListingError(f"{reason}: {url}")
