"""Lists and boxes read off the source of a page, before it is parsed.

They are most of a page's elements, and the site makes them all alike. An entry that has exactly
the form of the site's is read off the source, at a fraction of the cost; in its place, or that of
several that follow one another, stays an element with an empty link, which closes what it would
have closed. Any other is left to be read by its elements, which say the same.

What stands open around an entry may take its tag for text, or its text for a part of the article.
So a page is read again, with nothing folded, unless each element that was emptied was found, and
where the site has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

from netease_crawler.items import HeadlineBox

from .markup import original_image
from .recommended import Values

FOLDED = f"data-{token_hex(8)}"
"""Attribute of an element that was emptied: which entries it held, ``3-28``, or which box, ``3``.
No page can know it."""
_FOLDED = FOLDED.encode()
URL = r"https?://[A-Za-z0-9.-]+/[!#-%'-;=?-\[\]-~]*"
"""Pattern of an address: printable ASCII without ``" & < > \\``, so that it says what it is."""
IMAGE_URL = rf"{URL}(?:&(?:amp;)?(?:thumbnail|quality|type)=\w+)*"
TEXT = r"[^<>&\r\0]*"
"""Pattern of text in which there is nothing to decode."""
_REACH = 16384  # bytes of an entry or box, or between two; 7,000 is the most seen
_WHITE_SPACE = b" \t\n\r\f"  # of HTML: Python takes others for it too
# Ids and classes of the <div> and <ul> around lists and boxes on the site's pages, of which none
# is read by its text; a few have no name
_AROUND = frozenset(
    {"contain", "wrapper", "clearfix", "post_main", "post_side", "js-tab-mod", "js-content"}
    | {"active", "post_recommends", "post_recommends_ulist", "post_recommends_list"}
    | {"post_recommend_news_hot", "post_side_mod", "post_side_mod_panels", "post_side_mod_panel"}
    | {"epContentLeft", "post_header", "post_content", "post_area", "post_content_main"}
    | {"post_recommend", "post_recommend_news"}
)


@dataclass
class Folded:
    """The source of a page without the lists and boxes that were read off it."""

    html: bytes
    entries: list[Values] = field(default_factory=list)
    boxes: list[HeadlineBox] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    """The values of FOLDED of which no element has been found yet, or none in its place."""
    _places: set[int] = field(default_factory=set)  # elements in which one is in its place

    def entries_of(self, element: LexborNode, value: str) -> Sequence[Values]:
        """Return what *element* said, which was emptied and has the *value* of FOLDED."""
        self._found(element, value)
        first, _, end = value.partition("-")
        return self.entries[int(first) : int(end)]

    def box_of(self, element: LexborNode, value: str) -> HeadlineBox:
        """Return what *element* said, which was emptied and has the *value* of FOLDED."""
        self._found(element, value)
        return self.boxes[int(value)]

    def _found(self, element: LexborNode, value: str) -> None:
        around, passed = element.parent, []
        while around is not None and around.tag != "body" and around.mem_id not in self._places:
            if not _is_of_the_frame(around):
                return
            passed.append(around.mem_id)
            around = around.parent
        self._places.update(passed)
        self.missing.discard(value)


def _is_of_the_frame(element: LexborNode) -> bool:
    attributes = element.attributes
    names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}"
    return element.tag in ("div", "ul") and _AROUND.issuperset(names.split())


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
    entries: list[Values] = []
    boxes: list[HeadlineBox] = []
    kept: list[bytes] = []
    values: list[str] = []
    end = 0  # of the last one
    for beginning, goes_on, ends, read, is_box in kinds:
        found: list[Any] = boxes if is_box else entries
        start = html.find(beginning, end)
        first, is_adjacent = 0, False
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
                # Entries with nothing between them are emptied together.
                if is_box or not is_adjacent or html[end:start].strip(_WHITE_SPACE):
                    tag, first = html[start : html.index(b">", start)], len(found)
                    kept += html[end:start], b""
                    values.append("")
                found.append(value)
                values[-1] = str(first) if is_box else f"{first}-{len(found)}"
                kept[-1] = b'%s %s="%s"><a></a>%s' % (tag, _FOLDED, values[-1].encode(), last)
                end, is_adjacent = after, True
            start = html.find(beginning, after, after + _REACH)
    kept.append(html[end:])
    return Folded(b"".join(kept), entries, boxes, set(values))


def pattern(source: str) -> re.Pattern[str]:
    r"""Return *source* compiled; ``\s`` in it is white space of HTML, of which ``\v`` is none."""
    return re.compile(source.replace(r"\s", f"[{_WHITE_SPACE.decode()}]"), re.ASCII)


def shown(text: str) -> str | None:
    return text.strip() or None


def shown_image(source: str | None) -> str | None:
    """Return the original of the image whose ``src`` is *source*, as IMAGE_URL matches it."""
    return original_image((source or "").replace("&amp;", "&"))
