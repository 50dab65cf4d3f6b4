"""The boxes in ``#epContentRight``, beside the articles of 2013-2020."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborNode

from netease_crawler.items import HeadlineBox, Link

from .markup import SITE, ByMarkup, classes, first, image_url, link, text_of

_ORIGINALS = "态度原创"
_NO_HEADLINES = frozenset({_ORIGINALS, "云阅读"})  # a field of its own; books for sale
_RANKS = "#js-epTabRank"


def headlines(side: LexborNode | None) -> tuple[HeadlineBox, ...]:
    """Return the boxes with a heading and both ranks, in page order."""
    boxes = (
        HeadlineBox(section=section, links=_links(element))
        for section, element in _sections(side)
        if section not in _NO_HEADLINES
    )
    return tuple(box for box in boxes if box.links)


def originals(side: LexborNode | None) -> tuple[Link, ...]:
    """Return 态度原创 as rendered, titles cut as shown; the server sends an empty box."""
    # <a href="…">谈心社|…</a>
    found = []
    for section, element in _sections(side):
        for shown in _links(element) if section == _ORIGINALS else ():
            tag, separator, title = shown.title.partition("|")
            if separator:
                shown = replace(shown, tag=tag.strip() or None, title=title.strip())
            found.append(shown)
    return tuple(found)


def _sections(side: LexborNode | None) -> Iterator[tuple[str, LexborNode]]:
    """Yield every heading with the element that holds its links."""
    # <div class="ep-title-2"><h2 class="title">新闻推荐</h2> <span class="entry">…</span></div>
    # <div> or <ul> … ; a <span class="blank20"> may stand between them
    # 彩票, 保险 and 海淘品牌 are tabs like the ranks, but sell something.
    for head in side.css(f".ep-title-2, {_RANKS}") if side is not None else ():
        if "ep-title-2" not in classes(head):
            names = head.css(".mod-tab-trigger")
            for name, panel in zip(names, head.css(".mod-tab-panel"), strict=False):
                yield text_of(name) or "", panel
            continue
        section, below = text_of(first(head, ".title")), head.next
        while below is not None and below.tag not in ("div", "ul"):
            below = below.next
        # One that lost its end tag holds others.
        if section and below is not None and not below.css(".ep-title-2"):
            yield section, below


def _read_links(box: LexborNode) -> tuple[Link, ...]:
    # <h2 class="ep-title-3"><a href="…">…</a></h2>
    # <li><a href="http://tech.163.com/">科技</a> <span>|</span> <a href="…">…</a></li>
    # <li><a href="…" title="…"><img src="…"></a> <h3><a href="…">…</a></h3></li>
    # <li><span class="num">1</span> <span class="count">63675</span> <a href="…">…</a></li>
    found = []
    for entry in box.css("h2, li"):
        anchors = [anchor for anchor in entry.css("a") if text_of(anchor)]
        image = image_url(first(entry, "img"), SITE)
        if anchors and (shown := link(anchors[-1], SITE, image_url=image)) is not None:
            found.append(shown)
    return tuple(found)


_links = ByMarkup(_read_links, size=256)
