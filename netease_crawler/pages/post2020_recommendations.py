"""相关推荐 and 热点推荐 under the articles of :mod:`.post2020_dy`."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborNode

from netease_crawler.items import Recommendation
from netease_crawler.urls import page_id_from_url, without_query

from .markup import (
    SITE,
    ByMarkup,
    absolute_url,
    attribute,
    before_time,
    beijing_time,
    classes,
    count,
    first,
    image_url,
    text_of,
)

# div.at_item.post_recommend_new.post_recommend_ad stands between the entries; so does
# div.post_recommend.artificial_collect_item, which sells columns: hence the tag and the parent.
_ENTRIES = "li.post_recommend, .post_recommend_news_hot > .post_recommend_new"
_ADVERTISEMENTS = frozenset({"at_item", "post_recommend_ad", "artificial_collect_item"})
_TOLD_BY_CLASS = frozenset({"div", "i", "p", "span"})


def recommendations(contain: LexborNode | None) -> tuple[Recommendation, ...]:
    """Return 相关推荐 and then 热点推荐, in page order, each counted from 1."""
    related: list[Recommendation] = []
    hot: list[Recommendation] = []
    for entry in contain.css(_ENTRIES) if contain is not None else ():
        if _ADVERTISEMENTS.isdisjoint(classes(entry)):
            kind, listed = ("related", related) if entry.tag == "li" else ("hot", hot)
            if (values := _entry(entry)) is not None:
                listed.append(Recommendation(kind=kind, position=len(listed) + 1, **values))
    return (*related, *hot)


def _read_entry(entry: LexborNode) -> dict[str, Any] | None:
    """Return the values of an entry but its kind and position; None without an address."""
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
    found_id = page_id_from_url(url)
    time = text_of(parts.get("post_recommend_time"))
    return {
        "url": without_query(url),
        "doc_id": found_id,
        "title": text_of(title),
        "source": text_of(parts.get("post_recommend_source")) or before_time(time),
        "published_at": beijing_time(time),
        "comment_count": count(text_of(parts.get("post_recommend_tie_icon"))),
        "is_video": "post_recommend_video" in parts or (found_id or "").startswith("V"),
        "image_url": image_url(parts.get("img"), SITE),
    }


def _parts(entry: LexborNode) -> dict[str, LexborNode]:
    """Return the first element of each class or tag, and as ``title`` the link of the heading."""
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
        parts.setdefault(name, part)
    return parts


_entry = ByMarkup(_read_entry, size=4096)
