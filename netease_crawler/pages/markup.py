"""What a node of a NetEase page says: text, times, counts and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from netease_crawler.items import Link
from netease_crawler.urls import original_image_url, page_id_from_url

T = TypeVar("T")

SITE = "https://www.163.com/"
"""What addresses in the site's lists and boxes are relative to, whatever page they are on."""

_MOST_REMEMBERED = 16_384  # characters of an element
_BEIJING_AHEAD = timedelta(hours=8)  # of UTC, all year
# Of Beijing: with another offset it is none
_TIME = re.compile(
    r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
    r"(?![0-9:Z]|\.[0-9]|[+-](?!08:?00))"
)
# Of no more digits than a database takes
_COUNT = re.compile(
    r"(?:(?P<digits>[0-9]{1,12})|(?P<rounded>[0-9]{1,8}(?:\.[0-9]{1,4})?)(?P<unit>[万亿]))(?:跟贴)?"
)
# 来源: 某某, up to a city in brackets, a wide space or another credit
_SOURCE = re.compile(
    r"来源\s*[:：]\s*((?!责任编辑|举报)[^\s()（）](?:(?!责任编辑|举报)[^()（）\n\u3000])*)"
)
# 责任编辑：某某_NN1234, up to a bracket or another credit
_EDITOR = re.compile(r"责任编辑\s*[:：]\s*([^\s()（）](?:(?!本文来源)[^()（）\n])*)")
_THREADS = "://comment.tie.163.com/"
_UNITS = {"万": 10_000, "亿": 100_000_000}
# Nothing to resolve or to check: after the host ASCII without white space and backslash
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+/[!-\[\]-~]*")
_WEMEDIA_ID = re.compile(r"W[0-9]+")
# default180x120.jpg, the ipLocation mark; until 2016 img1.cache.netease.com/…/img/end_news.png
_SITE_IMAGES = re.compile(r"//static\.ws\.126\.net/|/img/end_\w+\.")


class ByMarkup(Generic[T]):
    """Reads an element, and remembers what it read by the element's markup.

    Lists and boxes of the site repeat on thousands of pages, and reading one costs several
    times as much as comparing its markup. *read* must depend on nothing else: a selector of a
    descendant looks at what is around the element, too.
    """

    def __init__(self, read: Callable[[LexborNode], T], size: int) -> None:
        self._read = read
        self._size = size
        self._remembered: dict[str, T] = {}

    def __call__(self, element: LexborNode) -> T:
        markup = element.html or ""
        if len(markup) > _MOST_REMEMBERED:
            return self._read(element)
        if markup in self._remembered:
            return self._remembered[markup]
        if len(self._remembered) >= self._size:
            self._remembered.clear()
        found = self._remembered[markup] = self._read(element)
        return found


def text_of(node: LexborNode | None) -> str | None:
    """Return the text of *node* without the white space around it; None where it has none."""
    return (node.text().strip() or None) if node is not None else None


def line_of(node: LexborNode | None) -> str | None:
    """Return the text of *node* as :func:`text_of` does, with a space for each ``<br>``."""
    if node is None or node.css_first("br") is None:
        return text_of(node)
    parts = (
        " " if inner.tag == "br" else (inner.text_content or "") if inner.is_text_node else ""
        for inner in node.traverse(include_text=True)
    )
    return " ".join("".join(parts).split()) or None


def first(node: LexborNode | None, selector: str) -> LexborNode | None:
    """Return the first element below *node* that *selector* matches."""
    return node.css_first(selector) if node is not None else None


def attribute(node: LexborNode | None, name: str) -> str | None:
    return node.attrs.get(name) if node is not None else None


def classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def beijing_time(text: str | None) -> datetime | None:
    """Return the first time of Beijing in *text*, in UTC.

    >>> beijing_time("某某 2024-05-23 07:20:03")
    datetime.datetime(2024, 5, 22, 23, 20, 3, tzinfo=datetime.timezone.utc)
    """
    match = _TIME.search(text or "")
    if match is None:
        return None
    try:
        # Read as UTC and moved: half the cost of an astimezone(), 60 times a page
        return datetime.fromisoformat(match[0] + "+00:00") - _BEIJING_AHEAD
    except (ValueError, OverflowError):
        return None


def before_time(text: str | None) -> str | None:
    """Return what stands before the first time in *text*: ``某某 2024-05-23 07:20:03``.

    None where there is no time: ``某某 3小时前`` would give a name that nobody has.
    """
    match = _TIME.search(text or "")
    return match.string[: match.start()].strip() or None if match else None


def count(text: str | None) -> int | None:
    """Return *text* as a number; None where it says no number, or only a lower bound (``10万+``).

    Pages show all digits (``74384``), phones' with a label (``19跟贴``). ``3.9万`` is how the
    site rounds [code]: the number is then as exact as what it shows.

    >>> count("3.9万")
    39000
    """
    match = _COUNT.fullmatch((text or "").strip())
    if match is None:
        return None
    if match["digits"]:
        return int(match["digits"])
    return int(Decimal(match["rounded"]) * _UNITS[match["unit"]])


def thread_count(node: LexborNode | None) -> int | None:
    """Return the count that the link of a thread shows; None where JavaScript has yet to write it.

    The server sends ``<a href="#">0</a>``; JavaScript writes the number, 0 too, together with the
    address of the thread.
    """
    shown = count(text_of(node))
    if shown == 0 and _THREADS not in (attribute(node, "href") or ""):
        return None
    return shown


def editor_in(text: str | None) -> str | None:
    """Return the editor that *text* names: ``责任编辑：某某_NN1234``."""
    match = _EDITOR.search(text or "")
    return match[1].strip() if match else None


def source_in(text: str | None) -> str | None:
    """Return the source that *text* names: ``2024-03-08 09:30:00　来源: 某某``."""
    match = _SOURCE.search(text or "")
    return match[1].strip() if match else None


def absolute_url(href: str | None, base: str) -> str | None:
    """Return *href* as an address; None for a placeholder (``#``, ``http://#``, a script)."""
    if href and _PLAIN_URL.fullmatch(href):
        return href
    if not href or href.startswith("#") or not href.strip("/ "):
        return None
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def wemedia_id(shown: str | None) -> str | None:
    """Return *shown* if it is an account's id of the kind ``W4827194012839471``."""
    return shown if shown and _WEMEDIA_ID.fullmatch(shown) else None


def image_url(node: LexborNode | None, base: str) -> str | None:
    """Return the original address of the image *node*; None for an icon or a placeholder."""
    if node is None:
        return None
    attributes = node.attributes
    return original_image(absolute_url(attributes.get("data-src") or attributes.get("src"), base))


def original_image(url: str | None) -> str | None:
    """Return the original of the image at *url*; None for an icon or a placeholder."""
    original = original_image_url(url) if url else None
    return None if original is None or _SITE_IMAGES.search(original) else original


def link(
    node: LexborNode | None,
    base: str,
    *,
    published_at: datetime | None = None,
    image_url: str | None = None,
) -> Link | None:
    """Return the titled link of an ``<a>``; None where address or title is missing."""
    if node is None:
        return None
    url = absolute_url(node.attrs.get("href"), base)
    title = line_of(node) if url else None
    if url is None or title is None:
        return None
    return Link(
        url=url,
        title=title,
        doc_id=page_id_from_url(url),
        published_at=published_at,
        image_url=image_url,
    )
