"""Pages that would cost far more than their size to read; no article is like them.

Parsing takes linear time and memory but for three things that HTML asks of every parser: most
tags look through all open elements, each attribute through all others of its tag, and at a block
the formatting elements that were left open are copied into it.
"""

from __future__ import annotations

import re
from collections import Counter
from random import randrange

from selectolax.lexbor import LexborHTMLParser

_MOST_BYTES = 5_000_000  # the largest saved page, a list, has 0.9 million; an article 0.6
_MOST_TAGS = 20_000  # 15,754 and 6,689 on the same pages; so many nested <div> take a second
_MOST_COPIES = 1_000_000  # of 380 bytes each; 535,636 would be possible on that list
_MOST_ATTRIBUTES = 4_000  # of one tag; 12,000 take 0.3 seconds
_MOST_NESTED = 150_000_000  # bytes, each counted for all the elements around it
_LONG_TAG = 16_384  # bytes; shorter ones have no more attributes than that
# A formatting element with attributes; one that has none, or those of three others, is not
# copied. Of <a> one is open at most.
_FORMATTING = re.compile(
    rb"<[bcefinstuBCEFINSTU](?i:|ig|ode|m|ont|obr|mall|trike|trong|t)[\s/][^<>]*"
)
_START_TAG = re.compile(rb"<[A-Za-z](?:[^\"'>]+|\"[^\"]*\"?|'[^']*'?)*")
_QUOTED = re.compile(rb"\"[^\"]*\"?|'[^']*'?")
_BETWEEN_ATTRIBUTES = re.compile(rb"[\s/=]+")
# To count everything takes a tenth of the time that reading takes. So of a page that is not small
# only pieces are counted at first, each anywhere in its stretch: no page can know where.
_SMALL = 65_536  # bytes
_PIECE, _EVERY = 128, 2048  # bytes
_PIECES = [
    slice(start, start + _PIECE)
    for stretch in range(0, _MOST_BYTES, _EVERY)
    for start in [stretch + randrange(_EVERY)]
]
_SHARE = _EVERY // _PIECE


def excess(html: bytes) -> str | None:
    """Return what *html* has more of than can be read in linear time; None where it is nothing."""
    if len(html) > _MOST_BYTES:
        return f"{len(html)} bytes"
    if len(html) > _SMALL:
        pieces = b"".join([html[piece] for piece in _PIECES[: len(html) // _EVERY]])
        is_usual = pieces.count(b"<") * _SHARE < _MOST_TAGS / 2
        if is_usual and _excess_of_tags(pieces, _SHARE) is None:
            return _excess_of_attributes(html)
    return _excess_of_tags(html) or _excess_of_attributes(html)


def excess_of_nesting(tree: LexborHTMLParser, html: bytes) -> str | None:
    """Return how deep *tree*, parsed from *html*, is if its elements say too much taken together.

    Where end tags are missing all that follows stands in the deepest element, the last thing too.
    """
    depth, node = 0, tree.root
    while node is not None:
        depth, node = depth + 1, node.last_child
    return f"{depth} levels" if depth * len(html) > _MOST_NESTED else None


def _excess_of_tags(html: bytes, share: int = 1) -> str | None:
    """Return what *html*, one in *share* of a page, has too much of."""
    tags = html.count(b"<") * share
    if tags > _MOST_TAGS:
        return f"{tags} tags"
    # One that a piece has twice has many copies in the page, of which three count
    formatting = sum(
        share if times == 1 else min(times * share, 3)
        for times in Counter(_FORMATTING.findall(html)).values()
    )
    if formatting * tags > _MOST_COPIES:
        return f"{formatting} formatting elements among {tags} tags"
    return None


def _excess_of_attributes(html: bytes) -> str | None:
    # A long tag is a long way from one < to the next, which a look every so often cannot miss.
    size, end = len(html), 0
    while (place := end + _LONG_TAG) < size:
        start, end = html.rfind(b"<", end, place), html.find(b"<", place)
        if end < 0:
            end = size
        tag = _START_TAG.match(html, start) if end - start > _LONG_TAG and start >= 0 else None
        if tag is not None and tag.end() > place:
            attributes = len(_BETWEEN_ATTRIBUTES.findall(_QUOTED.sub(b"", tag[0])))
            if attributes > _MOST_ATTRIBUTES:
                return f"{attributes} attributes of a tag"
            end = max(end, tag.end())
    return None
