"""One entry of a list that the site sends as JSON, whatever the list calls its fields."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape
from typing import Any

from netease_crawler.items import ListedArticle
from netease_crawler.pages.markup import absolute_url, beijing_time, count, original_image
from netease_crawler.urls import (
    article_url,
    is_doc_id,
    page_id_from_url,
    video_id_from_url,
    without_query,
)

# The names that the lists have for the same thing: channels docurl, tienum and imgurl; accounts
# replyCount; the hot list contentId and img; what is commented on most docId and doc_title.
_ADDRESSES = ("docurl", "url", "link", "skipURL")
_IDS = ("docid", "docId", "contentId", "postid", "skipID", "vid")
_TITLES = ("title", "doc_title")
_COUNTS = ("replyCount", "commentCount", "tienum")
_IMAGES = ("imgsrc", "imgurl", "img")
_LABELS = ("label", "tag", "TAG")
_ADVERTISEMENTS = frozenset({"广告", "推广"})
# Other kinds lead to topics, photo sets and live rooms, and their docid may be a placeholder.
_KINDS = frozenset({"doc", "video"})


def listed(entries: Iterable[Any], base: str) -> tuple[ListedArticle, ...]:
    """Return those of *entries* that lead to an article or a video, in their order."""
    found = (listed_article(entry, base) for entry in entries)
    return tuple(article for article in found if article is not None)


def listed_article(
    entry: Any, base: str, *, time: str | None = None, section: str | None = None
) -> ListedArticle | None:
    """Return *entry*; None for what leads to no article or video, or is an advertisement.

    *time* is what the list shows instead of a ``ptime``, *section* what it says outside of the
    entry.
    """
    if not isinstance(entry, dict) or _is_other(entry):
        return None
    address = _address(entry, base)
    if address is None:
        return None
    url, found_id = address
    video = entry.get("videoinfo")
    return ListedArticle(
        url=url,
        doc_id=found_id,
        title=text(entry, *_TITLES),
        source=text(entry, "source"),
        published_at=beijing_time(time or text(entry, "ptime")),
        comment_count=number(entry, *_COUNTS),
        image_url=_image_url(entry, base),
        digest=text(entry, "digest"),
        section=section,
        is_video=not is_doc_id(found_id),
        video_url=absolute_url(text(video, "mp4_url"), base) if isinstance(video, dict) else None,
    )


def text(entry: dict[str, Any], *names: str) -> str | None:
    """Return the first of *names* that is some text, in one line and whole."""
    for name in names:
        value = entry.get(name)
        if isinstance(value, str) and (line := one_line(unescape(value))):
            return line
    return None


def whole(shown: str) -> str:
    """Return *shown* without a halved emoji; empty where a character of it was lost."""
    return "" if "\ufffd" in shown else shown.encode("utf-8", "ignore").decode("utf-8")


def one_line(shown: str) -> str:
    """Return *shown* in one line, where it is whole."""
    return " ".join(whole(shown).split())


def number(entry: dict[str, Any], *names: str) -> int | None:
    """Return the first of *names* that is a count, sent as a number or as the site shows it."""
    for name in names:
        value = entry.get(name)
        if isinstance(value, int | str) and (shown := count(str(value))) is not None:
            return shown
    return None


def _is_other(entry: dict[str, Any]) -> bool:
    # Articles have "addata":null, and mostly no label.
    kind = text(entry, "skipType")
    is_advertisement = entry.get("addata") or any(
        text(entry, name) in _ADVERTISEMENTS for name in _LABELS
    )
    return bool(is_advertisement) or (kind is not None and kind not in _KINDS)


def _address(entry: dict[str, Any], base: str) -> tuple[str, str] | None:
    """Return the address of *entry* and the id in it."""
    for name in _ADDRESSES:
        url = absolute_url(text(entry, name), base)
        if url is not None and (found := page_id_from_url(url)) is not None:
            return without_query(url), found
    # A video of the mobile lists leads to a player, and has an id: {"docid":"VK3S7A21B","url":"",
    # "skipURL":"http://3g.163.com/ntes/special/…/touch_videoplay.html?…&vid=VK3S7A21B"}. An
    # account's has the doc id of its comments first, and then "skipID":"VK3S7A21B".
    video = entry.get("videoinfo")
    ids = [text(entry, name) for name in _IDS]
    ids.append(text(video, "vid") if isinstance(video, dict) else None)
    wants_video = text(entry, "skipType") == "video"
    for found_id in ids:
        if found_id is None:
            continue
        if is_doc_id(found_id) and not wants_video:
            return article_url(found_id), found_id
        url = f"https://www.163.com/v/video/{found_id}.html"
        if video_id_from_url(url) == found_id:
            return url, found_id
    return None


def _image_url(entry: dict[str, Any], base: str) -> str | None:
    # "bigimg||http://cms-bucket.…/1.jpg" in channels; "….png?imageView&thumbnail=190y120" is
    # the same picture, smaller
    shown = text(entry, *_IMAGES)
    url = absolute_url(shown.rpartition("||")[2], base) if shown else None
    original = original_image(url)
    return original.partition("?imageView")[0] if original else None
