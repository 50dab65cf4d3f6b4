"""相关推荐 and 热点推荐 under the articles of :mod:`.post2020_dy`."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from netease_crawler.items import Recommendation

from .folding import FOLDED, Folded
from .markup import (
    SITE,
    ByMarkup,
    absolute_url,
    attribute,
    classes,
    first,
    image_url,
    text_of,
)
from .recommended import Entry, numbered

# div.at_item.post_recommend_new.post_recommend_ad stands between the entries; so does
# div.post_recommend.artificial_collect_item, which sells columns: hence the tag and the parent.
_ENTRIES = "li.post_recommend, .post_recommend_news_hot > .post_recommend_new"
_ADVERTISEMENTS = frozenset({"at_item", "post_recommend_ad", "artificial_collect_item"})
_ENTRY_NAMES = frozenset({"li", "post_recommend_new"})
_TOLD_BY_CLASS = frozenset({"div", "i", "p", "span"})


def recommendations(contain: LexborNode | None, folded: Folded) -> tuple[Recommendation, ...]:
    """Return 相关推荐 and then 热点推荐, in page order, each counted from 1.

    Those in *folded* were read off the source.
    """
    related: list[Entry | None] = []
    hot: list[Entry | None] = []
    for entry in contain.css(_ENTRIES) if contain is not None else ():
        attributes = entry.attributes
        listed = related if entry.tag == "li" else hot
        if value := attributes.get(FOLDED):
            listed.extend(folded.entries_of(entry, value))
        elif _ADVERTISEMENTS.isdisjoint((attributes.get("class") or "").split()):
            listed.append(_unfolded_entry(entry))
    return (*numbered("related", related), *numbered("hot", hot))


def _read_entry(entry: LexborNode) -> Entry | None:
    """Return what an entry says; None without an address."""
    # <a class="post_recommend_img" href="…?f=post2020_dy_recommends"><img src="https://nimg…"></a>
    # <h3><a href="…"><i class="post_recommend_video"></i>…</a></h3>
    # <p class="post_recommend_time">某某 2024-03-08 09:30:00</p>
    # <span class="post_recommend_tie_icon"><i></i> 88</span>
    # 热点推荐 has no count, and the name in <span class="post_recommend_source">.
    parts = _parts(entry)
    title = parts.get("title")
    linked = title if title is not None else first(entry, "a.post_recommend_img")
    url = absolute_url(attribute(linked, "href"), SITE)
    if url is None:
        return None
    return Entry(
        url,
        title=text_of(title),
        source=text_of(parts.get("post_recommend_source")),
        time=text_of(parts.get("post_recommend_time")),
        ties=text_of(parts.get("post_recommend_tie_icon")),
        is_video="post_recommend_video" in parts,
        image=image_url(parts.get("img"), SITE),
    )


def _parts(entry: LexborNode) -> dict[str, LexborNode]:
    """Return the first element of each class or tag, and as ``title`` the link of the heading.

    Nothing of an entry that has lost an end tag and so holds others.
    """
    # One walk over 13 elements: each selector costs as much, and a page has 60 entries.
    parts: dict[str, LexborNode] = {}
    for part in entry.traverse():
        name = part.tag or ""
        if name == "a":
            above = part.parent
            if above is not None and above.tag == "h3":
                name = "title"
        elif name in _TOLD_BY_CLASS:
            names = classes(part)
            name = names[0] if names else name
        if name in _ENTRY_NAMES and part.mem_id != entry.mem_id:
            return {}
        parts.setdefault(name, part)
    return parts


_unfolded_entry = ByMarkup(_read_entry, size=4096)
