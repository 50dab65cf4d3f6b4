"""Lists and boxes read off the source of a page, before it is parsed.

They are most of a page's elements, and the site makes them all alike. An entry that has exactly
the form of the site's is read off the source, at a fraction of the cost; in its place, or that of
several that follow one another, stays an element with an empty link, which closes what it would
have closed. Any other is left to be read by its elements, which say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from secrets import token_hex
from typing import Any, NamedTuple, TypeVar

from netease_crawler.items import HeadlineBox

from .markup import original_image
from .recommended import Values

T = TypeVar("T")

FOLDED = f"data-{token_hex(8)}"
"""Attribute of an element that was emptied: where what it said begins, and where it ends, in the
list of its kind. No page can know it."""
_FOLDED = FOLDED.encode()
URL = r"https?://[A-Za-z0-9.-]+/[!#-%'-;=?-\[\]-~]*"
"""Pattern of an address: printable ASCII without ``" & < > \\``, so that it says what it is."""
IMAGE_URL = rf"{URL}(?:&(?:amp;)?(?:thumbnail|quality|type)=\w+)*"
TEXT = r"[^<>&\r\0]*"
"""Pattern of text in which there is nothing to decode."""
_REACH = 16384  # bytes of an entry or box, or between two; 7,000 is the most seen


class Folded(NamedTuple):
    """The source of a page without the lists and boxes that were read off it."""

    html: bytes
    entries: list[Values]
    boxes: list[HeadlineBox]


class Kind(NamedTuple):
    """What may be read off the source."""

    beginning: bytes
    goes_on: tuple[bytes, ...]
    """What may follow the beginning."""
    ends: tuple[bytes, ...]
    """What its source ends with, one after another: end tags, perhaps after something long before
    them, as that is found faster."""
    read: Callable[[bytes], Any]
    """Returns what its source says; None where its form is another."""
    is_box: bool = False


def fold(html: bytes, kinds: Iterable[Kind]) -> Folded:
    """Return *html* with all of *kinds* emptied that can be read; the kinds in page order."""
    folded = Folded(html, [], [])
    kept: list[bytes] = []
    end = 0  # of the last one
    for beginning, goes_on, ends, read, is_box in kinds:
        found: list[Any] = folded.boxes if is_box else folded.entries
        start = html.find(beginning, end)
        first = adjacent = 0
        while start >= 0:
            after = start + len(beginning)
            value = None
            if html.startswith(goes_on, after):
                for last in ends:
                    after = html.find(last, after, start + _REACH) + len(last)
                value = read(html[start:after])
            if value is None:
                after = start + len(beginning)
            else:
                # Entries with nothing between them are emptied together, but not the first of them:
                # an attribute before it that was left open swallows its tag.
                adjacent = adjacent + 1 if adjacent and not html[end:start].strip() else 1
                if adjacent <= 2 or is_box:
                    tag, first = html[start : html.index(b">", start)], len(found)
                    kept += html[end:start], b""
                found.append(value)
                kept[-1] = b'%s %s="%d-%d"><a></a>%s' % (tag, _FOLDED, first, len(found), last)
                end = after
            start = html.find(beginning, after, after + _REACH)
    kept.append(html[end:])
    return folded._replace(html=b"".join(kept))


def said(value: str, found: Sequence[T]) -> Sequence[T]:
    """Return what an element said that was emptied, from the *value* of its attribute FOLDED."""
    first, _, end = value.partition("-")
    return found[int(first) : int(end)]


def shown(text: str) -> str | None:
    return text.strip() or None


def shown_image(source: str | None) -> str | None:
    """Return the original of the image whose ``src`` is *source*, as IMAGE_URL matches it."""
    return original_image((source or "").replace("&amp;", "&"))
