"""What a node of a NetEase page says: text, times, counts and addresses."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from netease_crawler.items import Link
from netease_crawler.urls import doc_id_from_url, original_image_url, video_id_from_url

_BEIJING = timezone(timedelta(hours=8))
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_COUNT = re.compile(r"[0-9]{1,12}")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+/[^\s\\]*")  # nothing to resolve or to check
_SITE_IMAGES = "//static.ws.126.net/"  # default180x120.jpg, end icons, the ipLocation mark


def text_of(node: LexborNode | None) -> str | None:
    """Return the text of *node* without the white space around it; None where it has none."""
    return (node.text().strip() or None) if node is not None else None


def first(node: LexborNode | None, selector: str) -> LexborNode | None:
    """Return the first element below *node* that *selector* matches."""
    return node.css_first(selector) if node is not None else None


def attribute(node: LexborNode | None, name: str) -> str | None:
    return node.attrs.get(name) if node is not None else None


def classes(node: LexborNode) -> list[str]:
    return (node.attrs.get("class") or "").split()


def beijing_time(text: str | None) -> datetime | None:
    """Return the first time in *text*, in UTC.

    >>> beijing_time("某某 2024-05-23 07:20:03")
    datetime.datetime(2024, 5, 22, 23, 20, 3, tzinfo=datetime.timezone.utc)
    """
    match = _TIME.search(text or "")
    if match is None:
        return None
    try:
        shown = datetime.fromisoformat(match[0])
        return shown.replace(tzinfo=_BEIJING).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def before_time(text: str | None) -> str | None:
    """Return what stands before the first time in *text*: ``某某 2024-05-23 07:20:03``."""
    return _TIME.split(text or "", maxsplit=1)[0].strip() or None


def count(text: str | None) -> int | None:
    """Return *text* as a number; None for anything but digits (``3.9万`` is no exact count)."""
    match = _COUNT.fullmatch((text or "").strip())
    return int(match[0]) if match else None


def absolute_url(href: str | None, base: str) -> str | None:
    """Return *href* as an address; None for a placeholder (``#``, ``http://#``, a script)."""
    if not href or href.startswith("#") or not href.strip("/ "):
        return None
    if _PLAIN_URL.fullmatch(href):
        return href
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def image_url(node: LexborNode | None, base: str) -> str | None:
    """Return the original address of the image *node*; None for an icon or a placeholder."""
    if node is None:
        return None
    url = absolute_url(node.attrs.get("data-src") or node.attrs.get("src"), base)
    if url is None or _SITE_IMAGES in url:
        return None
    return original_image_url(url)


def linked_id(url: str) -> str | None:
    """Return the id of the article or video at *url*; None where it leads elsewhere."""
    try:
        return doc_id_from_url(url)
    except ValueError:
        return video_id_from_url(url)


def link(node: LexborNode | None, base: str, published_at: datetime | None = None) -> Link | None:
    """Return the titled link of an ``<a>``; None where address or title is missing."""
    if node is None:
        return None
    url, title = absolute_url(node.attrs.get("href"), base), text_of(node)
    if url is None or title is None:
        return None
    return Link(url=url, title=title, doc_id=linked_id(url), published_at=published_at)
