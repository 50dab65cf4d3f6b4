"""相关推荐 and 热点推荐 under the articles of :mod:`.post2020_dy`."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from netease_crawler.items import Recommendation
from netease_crawler.urls import without_query

from .markup import (
    absolute_url,
    attribute,
    before_time,
    beijing_time,
    classes,
    count,
    image_url,
    linked_id,
    text_of,
)

# div.at_item.post_recommend_new.post_recommend_ad stands between the entries; so does
# div.post_recommend.artificial_collect_item, which sells columns: hence the tag and the parent.
_RELATED = "li.post_recommend"
_HOT = ".post_recommend_news_hot > .post_recommend_new"
_ADVERTISEMENTS = frozenset({"at_item", "post_recommend_ad", "artificial_collect_item"})
_PARTS = (
    "a, img, .post_recommend_video, .post_recommend_time, .post_recommend_source, "
    ".post_recommend_tie_icon"
)


def recommendations(contain: LexborNode | None, base: str) -> tuple[Recommendation, ...]:
    """Return 相关推荐 and then 热点推荐, in page order, each counted from 1."""
    return (*_entries(contain, "related", _RELATED, base), *_entries(contain, "hot", _HOT, base))


def _entries(
    contain: LexborNode | None, kind: str, selector: str, base: str
) -> Iterator[Recommendation]:
    position = 1
    for entry in contain.css(selector) if contain is not None else ():
        if _ADVERTISEMENTS.isdisjoint(classes(entry)):
            found = _recommendation(entry, kind, position, base)
            if found is not None:
                yield found
                position += 1


def _recommendation(
    entry: LexborNode, kind: str, position: int, base: str
) -> Recommendation | None:
    # <a class="post_recommend_img" href="…?f=post2020_dy_recommends"><img src="https://nimg…"></a>
    # <h3><a href="…"><i class="post_recommend_video"></i>…</a></h3>
    # <p class="post_recommend_time">某某 2024-03-08 09:30:00</p>
    # <span class="post_recommend_tie_icon"><i></i> 88</span>
    # 热点推荐 has no count, and the name in <span class="post_recommend_source">.
    parts: dict[str, LexborNode] = {}
    for part in entry.css(_PARTS):  # one query: a page has 60 entries
        parts.setdefault(_part_name(part), part)
    title = parts.get("title")
    linked = title if title is not None else parts.get("post_recommend_img")
    url = absolute_url(attribute(linked, "href"), base)
    if url is None:
        return None
    found_id = linked_id(url)
    time = text_of(parts.get("post_recommend_time"))
    return Recommendation(
        kind=kind,
        position=position,
        url=without_query(url),
        doc_id=found_id,
        title=text_of(title),
        source=text_of(parts.get("post_recommend_source")) or before_time(time),
        published_at=beijing_time(time),
        comment_count=count(text_of(parts.get("post_recommend_tie_icon"))),
        is_video="post_recommend_video" in parts or (found_id or "").startswith("V"),
        image_url=image_url(parts.get("img"), base),
    )


def _part_name(part: LexborNode) -> str:
    parent = part.parent
    if part.tag == "a" and parent is not None and parent.tag == "h3":
        return "title"
    return next(iter(classes(part)), part.tag or "")
