"""Lists, boxes and menus read off the source of a page, before it is parsed.

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
from typing import Any, Literal

from selectolax.lexbor import LexborNode

from netease_crawler.items import HeadlineBox

from .markup import original_image
from .recommended import Entry

FOLDED = f"data-{token_hex(8)}"
"""Attribute of an element that was emptied: which entries, box or menu it held, ``entry-3-28``.
No page can know it."""
_FOLDED = FOLDED.encode()
URL = r"https?://[A-Za-z0-9.-]+/[!#-%'-;=?-\[\]-~]*"
"""Pattern of an address: printable ASCII without ``" & < > \\``, so that it says what it is."""
IMAGE_URL = rf"{URL}(?:&(?:amp;)?(?:thumbnail|quality|type)=\w+)*"
TEXT = r"[^<>&\r\0]*"
"""Pattern of text in which there is nothing to decode."""
_TELLING = 512  # bytes, in which an entry has its address
_REACH = 16384  # bytes of an entry or box, or between two; 7,000 is the most seen
_NEAR = 512  # bytes from the end of an entry to the end of the next beginning; 173 is the most seen
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
    """The source of a page without the lists, boxes and menus that were read off it."""

    html: bytes
    entries: list[Entry] = field(default_factory=list)
    boxes: list[HeadlineBox] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    """The values of FOLDED of which no element has been found yet, or none in its place."""
    _places: set[int] = field(default_factory=set)  # elements in which one is in its place

    def entries_of(self, element: LexborNode, value: str) -> Sequence[Entry]:
        """Return what *element* said, which was emptied and has the *value* of FOLDED."""
        self._found(element, value)
        _, first, end = value.split("-")
        return self.entries[int(first) : int(end)]

    def box_of(self, element: LexborNode, value: str) -> HeadlineBox:
        """Return what *element* said, which was emptied and has the *value* of FOLDED."""
        self._found(element, value)
        return self.boxes[int(value.split("-")[1])]

    def find_menus(self, bar: LexborNode | None) -> None:
        """Find the menus that were emptied in *bar*, of which nothing else is read."""
        for menu in bar.css(f"ul[{FOLDED}]") if bar is not None else ():
            self.missing.discard(menu.attributes[FOLDED] or "")

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


@dataclass
class Kind:
    """What may be read off the source."""

    what: Literal["entry", "box", "menu"]
    beginning: bytes
    goes_on: tuple[bytes, ...]
    """What may follow the beginning."""
    ends: tuple[bytes, ...]
    """What its source ends with, one after another: end tags, perhaps after something long before
    them, as that is found faster."""
    read: Callable[[str], Any]
    """Returns what its source says; None where its form is another."""
    most_remembered: int
    _remembered: dict[bytes, tuple[bytes, Any]] = field(default_factory=dict)

    def at(self, html: bytes, start: int) -> tuple[bytes, Any]:
        """Return the source of the one that begins at *start*, and what it says.

        The same ones stand on many pages: to compare is faster than to look for the end.
        """
        telling = html[start : start + _TELLING]
        known = self._remembered.get(telling)
        if known is not None and html.startswith(known[0], start):
            return known
        end = start
        for last in self.ends:
            found = html.find(last, end, start + _REACH)
            if found < 0:
                return b"", None
            end = found + len(last)
        if len(self._remembered) >= self.most_remembered:
            self._remembered.clear()
        source = html[start:end]
        try:
            known = source, self.read(source.decode())
        except UnicodeDecodeError:  # a page in another encoding
            known = source, None
        self._remembered[telling] = known
        return known


def fold(html: bytes, kinds: Iterable[Kind]) -> Folded:
    """Return *html* with all of *kinds* emptied that can be read; the kinds in page order."""
    said: dict[str, list[Any]] = {"entry": [], "box": [], "menu": []}
    kept: list[bytes] = []
    values: set[str] = set()
    end = 0  # of the last one
    for kind in kinds:
        start = html.find(kind.beginning, end)
        while start >= 0:
            first = len(said[kind.what])
            after = _read_run(html, start, kind, said[kind.what])
            if after > start:
                value = f"{kind.what}-{first}-{len(said[kind.what])}"
                values.add(value)
                tag = html[start : html.index(b">", start)]
                emptied = b'%s %s="%s"><a></a>%s' % (tag, _FOLDED, value.encode(), kind.ends[-1])
                kept += html[end:start], emptied
                end = after
            else:
                after += len(kind.beginning)
            start = html.find(kind.beginning, after, after + _REACH)
    kept.append(html[end:])
    return Folded(b"".join(kept), said["entry"], said["box"], values)


def _read_run(html: bytes, start: int, kind: Kind, said: list[Any]) -> int:
    """Add to *said* what the one at *start* says, and those with nothing between it and them.

    Returns where the last one ends; *start* if none can be read. A box makes no run.
    """
    end = start
    while html.startswith(kind.goes_on, start + len(kind.beginning)):
        source, value = kind.at(html, start)
        if value is None:
            break
        said.append(value)
        end = start + len(source)
        if kind.what == "box":
            break
        start = html.find(kind.beginning, end, end + _NEAR)
        if start < 0 or html[end:start].strip(_WHITE_SPACE):
            break
    return end


def pattern(source: str) -> re.Pattern[str]:
    r"""Return *source* compiled; ``\s`` in it is white space of HTML, of which ``\v`` is none."""
    return re.compile(source.replace(r"\s", f"[{_WHITE_SPACE.decode()}]"), re.ASCII)


def shown(text: str) -> str | None:
    return text.strip() or None


def shown_image(source: str | None) -> str | None:
    """Return the original of the image whose ``src`` is *source*, as IMAGE_URL matches it."""
    return original_image((source or "").replace("&amp;", "&"))
