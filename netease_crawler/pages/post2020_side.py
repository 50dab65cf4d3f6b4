"""What stands beside the articles of :mod:`.post2020_dy`: the account's card and the boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborNode

from netease_crawler.items import Account, HeadlineBox, Link
from netease_crawler.urls import media_id_from_url

from .folding import FOLDED, Folded
from .markup import (
    SITE,
    ByMarkup,
    absolute_url,
    attribute,
    beijing_time,
    classes,
    count,
    first,
    image_url,
    link,
    text_of,
    wemedia_id,
)
from .originals import original_pool
from .scripts import script_with

_ORIGINALS = "态度原创"


def account(card: LexborNode | None, named: str | None, base: str) -> Account | None:
    """Return the account of the *card*, *named* by its id; None where the page has no card."""
    if card is None:
        return None
    name = card.css_first(".post_wemedia_name a")
    url = absolute_url(attribute(name, "href"), base)
    return Account(
        media_id=media_id_from_url(url) if url else None,
        wemedia_id=wemedia_id(named),
        name=text_of(name),
        url=url,
        description=text_of(card.css_first(".post_wemedia_title")),
        avatar_url=image_url(card.css_first(".post_wemedia_avatar img"), base),
        # <span class="post_wemedia_info1"><a href="…"><em>218</em></a>文章数</span>, …info2 关注度
        article_count=count(text_of(card.css_first(".post_wemedia_info1 em"))),
        follower_count=count(text_of(card.css_first(".post_wemedia_info2 em"))),
    )


def commented(card: LexborNode | None, key: str) -> str | None:
    """Return what a comment of the *card* says about *key*."""
    # <!-- data.article.category 社会/民生 -->
    node = card.first_child if card is not None else None
    while node is not None:
        name, _, value = (node.comment_content or "").partition(" ")
        if name == key:
            return value.strip() or None
        node = node.next
    return None


def history(card: LexborNode | None, base: str) -> tuple[Link, ...]:
    """Return 往期回顾 of the *card*; the server sends an empty list."""
    # <li class="post_wemedia_a_item" data-ptime="2024-03-08 09:30:00" data-source="…"><a href=…
    rows = card.css("li.post_wemedia_a_item") if card is not None else ()
    links = (
        link(first(row, "a"), base, published_at=beijing_time(attribute(row, "data-ptime")))
        for row in rows
    )
    return tuple(found for found in links if found is not None)


def headlines(side: LexborNode | None, folded: Folded) -> tuple[HeadlineBox, ...]:
    """Return each box of headlines once, in page order; 态度原创 is none.

    Those in *folded* were read off the source.
    """
    found: list[tuple[HeadlineBox, bool]] = []
    in_tabs: set[int] = set()
    for element in side.css(".post_side_mod") if side is not None else ():
        if element.mem_id in in_tabs:
            continue
        names = classes(element)
        if "js-tab-mod" in names:
            in_tabs.update(box.mem_id for box in element.css(".post_side_mod"))
            found.extend((box, False) for box in _tabs(element, folded))
        else:
            found.append((_box(element, folded), "js-bjshow" in names))
    # The server sends 头条要闻 as js-cnshow and again as js-bjshow; JavaScript hides one.
    shown = {box.section for box, is_twin in found if box.links and not is_twin}
    return tuple(
        box
        for box, is_twin in found
        if box.links
        and box.section not in ("", _ORIGINALS)
        and not (is_twin and box.section in shown)
    )


def originals(side: LexborNode | None, base: str) -> tuple[Link, ...]:
    """Return 态度原创 as rendered, else the pool out of which JavaScript would show some."""
    # <h3><a href="…"><em>谈心社</em> | …</a></h3>
    anchors = side.css("#js-yuanchuang-content a") if side is not None else ()
    if not anchors:
        scripts = side.css("script") if side is not None else ()
        return original_pool(script_with(scripts, "taiduYuanC"))
    return tuple(
        replace(found, tag=tag, title=found.title.removeprefix(tag or "").lstrip(" \n|"))
        for anchor in anchors
        if (found := link(anchor, base)) is not None
        for tag in [text_of(anchor.css_first("em"))]
    )


def _tabs(element: LexborNode, folded: Folded) -> Iterator[HeadlineBox]:
    # div.post_side_mod_tabs names the panels of div.post_side_mod_panels, in the same order. Most
    # panels hold a div.post_side_mod with a heading, but 健康 only has the name of its tab.
    if len(element.css(".js-tab-mod")) > 1:  # it lost its end tag and holds others
        return
    names = [text_of(tab) for tab in element.css(".post_side_mod_tab")]
    for index, panel in enumerate(element.css(".post_side_mod_panel")):
        box = _box(first(panel, ".post_side_mod") or panel, folded)
        name = names[index] if index < len(names) else None
        yield box if box.section or not name else replace(box, section=name)


def _box(element: LexborNode, folded: Folded) -> HeadlineBox:
    value = element.attributes.get(FOLDED)
    return folded.box_of(element, value) if value else _unfolded_box(element)


def _read_box(element: LexborNode) -> HeadlineBox:
    # <h2 class="post_side_mod_title"><a href="https://war.163.com/">军事要闻</a></h2>
    # <div class="post_side_mod_imgnews"><a href="…"><img …><h3>…</h3></a></div>
    # <li class="post_side_mod_item"><h3><a href="…">…</a></h3></li>, 公开课 begins with a div
    # In 财经要闻 a browser adds the links of a stock ticker, outside of both.
    section, links = "", []
    if len(element.css(".post_side_mod")) > 1:  # it lost its end tag and holds others
        return HeadlineBox(section=section)
    # Not "h3 a", with which any <h3> around the box would do
    for part in element.css(".post_side_mod_title, .post_side_mod_imgnews > a, h3 > a"):
        if part.tag != "a":
            section = section or text_of(part) or ""
            if section == _ORIGINALS:
                break
            continue
        image = next((inner for inner in part.traverse() if inner.tag == "img"), None)
        found = link(part, SITE, image_url=image_url(image, SITE))
        if found is not None:
            links.append(found)
    return HeadlineBox(section=section, links=tuple(links))


_unfolded_box = ByMarkup(_read_box, size=256)
