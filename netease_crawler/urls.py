"""What an address or a doc id of NetEase says, without fetching anything.

The forms of addresses and the time in a doc id were read off pages of 2015-2026.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote, urlsplit

_DOC_ID = r"[0-9A-V]{8}[0-9A-Z]{8}"
_DOC_ID_ONLY = re.compile(_DOC_ID)
# /dy/article/X.html, /v2/article/detail/X.html, /news/a/X.html (shared from the app); a
# page number may follow (X_2.html).
_ARTICLE_PATH = re.compile(
    rf"(?:/(?P<channel>[\w-]+))?(?:/article/(?:detail/)?|/[ad]/)(?P<doc_id>{_DOC_ID})(?:_\w+)?\.html"
)
# /20/0711/09/X.html, until 2020, with or without a channel in front
_DATED_PATH = re.compile(
    rf"(?P<directory>(?:/[\w-]+){{0,2}}/\d\d/\d{{4}}/\d\d/)(?P<doc_id>{_DOC_ID})(?:_\w+)?\.html"
)
# The form that nearly every link of a page has, without taking the address apart
_PLAIN_ARTICLE = re.compile(
    r"https?://(?:www|m|3g)\.163\.com/(?P<channel>[\w-]+)/article/"
    rf"(?P<doc_id>{_DOC_ID})\.html(?=[?#]|\Z)"
)
# An address of NetEase, but of no thread of comments: that carries the doc id too
_NETEASE = re.compile(
    r"\s*https?://(?!comment\.)(?:[\w-]+\.)*163\.com(?::\d*)?(?P<path>/[^?#\s]*)",
    re.ASCII | re.IGNORECASE,
)
_RESIZED_IMAGE = re.compile(r"https?://nimg\.ws\.126\.net/\?(?:[^#]*?&)??url=([^&#]+)")
_VIDEO_PATH = re.compile(
    r"(?:/v/video/|/news/v/|/static/\d/|/paike/.*/)(?P<video_id>V[0-9A-Z]{8})\.html"
)
_MEDIA_PATH = re.compile(r"/(?:dy/media|news/sub)/(?P<media_id>T\d{13})\.html")
_HAO_COLUMN = "05"
"""First characters of a 网易号 account's column; 00 is an editorial one."""
_EPOCH = datetime(2003, 8, 10, 7, 20, tzinfo=timezone.utc)
_DESKTOP_HOST = "www.163.com"
_CHANNEL_HOSTS = frozenset({_DESKTOP_HOST, "m.163.com", "3g.163.com"})


def is_netease_host(host: str) -> bool:
    """Whether *host* is ``163.com`` or below it."""
    return host == "163.com" or host.endswith(".163.com")


def is_article_url(url: str) -> bool:
    """Whether *url* is an article of NetEase, in any form: desktop, mobile, old, shared."""
    return _match(url) is not None


def doc_id_from_url(url: str) -> str:
    """Return the doc id of the article at *url*.

    Raises ValueError where *url* is not an article of NetEase.

    >>> doc_id_from_url("https://m.163.com/dy/article/J22CN60P0514R9KQ.html?f=x")
    'J22CN60P0514R9KQ'
    """
    match = _match(url)
    if match is None:
        raise ValueError(f"not the address of a NetEase article: {url!r}")
    return match["doc_id"]


def canonical_url(url: str) -> str:
    """Return the address under which the article at *url* is fetched and stored.

    One for each article of 网易号, under ``www.163.com/dy/article/``. Editorial ones keep their
    channel, and those of the dated addresses (until 2020) theirs; the doc id tells that it is one.

    Raises ValueError where *url* is not an article of NetEase.

    >>> canonical_url("http://dy.163.com/v2/article/detail/EFDAIN1E054550F0.html")
    'https://www.163.com/dy/article/EFDAIN1E054550F0.html'
    """
    match = _match(url)
    if match is None:
        raise ValueError(f"not the address of a NetEase article: {url!r}")
    doc_id = match["doc_id"]
    if doc_id.startswith(_HAO_COLUMN, 8):
        return article_url(doc_id)
    host = (urlsplit(url).hostname or "").lower()
    if "directory" in match.groupdict():
        return f"https://{host}{match['directory']}{doc_id}.html"
    if match["channel"] and host in _CHANNEL_HOSTS:
        return f"https://{_DESKTOP_HOST}/{match['channel']}/article/{doc_id}.html"
    return article_url(doc_id)


def article_url(doc_id: str) -> str:
    """Return the desktop address of *doc_id*, from the doc id alone."""
    channel = "dy" if doc_id.startswith(_HAO_COLUMN, 8) else "news"
    return f"https://{_DESKTOP_HOST}/{channel}/article/{doc_id}.html"


def is_doc_id(text: str) -> bool:
    """Whether *text* has the form of a doc id."""
    return _DOC_ID_ONLY.fullmatch(text) is not None


def created_at(doc_id: str) -> datetime:
    """Return when the article was created, in UTC, to the millisecond.

    The first 8 characters count milliseconds since 2003-08-10 15:20:00 Beijing time, in
    base 32. Publication follows within the hour for 9 of 10 articles, 14 days at most
    (230 articles of 2015-2026).

    Raises ValueError where *doc_id* has not the form of one.

    >>> created_at("J22CN60P0514R9KQ").isoformat(timespec="seconds")
    '2024-05-13T01:16:04+00:00'
    """
    if not is_doc_id(doc_id):
        raise ValueError(f"not a doc id: {doc_id!r}")
    return _EPOCH + timedelta(milliseconds=int(doc_id[:8], 32))


def column(doc_id: str) -> str:
    """Return the column of *doc_id*: one account of 网易号, or one editorial section."""
    return doc_id[8:]


def video_id_from_url(url: str) -> str | None:
    """Return the id (``V…``) of the NetEase video at *url*, or None if it is not one."""
    match = _VIDEO_PATH.fullmatch(_netease_path(url))
    return match["video_id"] if match else None


def page_id_from_url(url: str) -> str | None:
    """Return the id of the article or video at *url*, or None where it leads elsewhere."""
    match = _match(url)
    return match["doc_id"] if match else video_id_from_url(url)


def media_id_from_url(url: str) -> str | None:
    """Return the media id (``T…``) of the account page at *url*, or None if it is not one."""
    match = _MEDIA_PATH.fullmatch(_netease_path(url))
    return match["media_id"] if match else None


def original_image_url(url: str) -> str:
    """Return the address of the original that ``nimg.ws.126.net/?url=…`` resizes.

    Any other address is returned as it is, and so is one that resizes no address.
    """
    original = url
    while resized := _RESIZED_IMAGE.match(original):
        original = unquote(resized[1])
    if original.startswith("//"):
        original = f"https:{original}"
    return original if original.startswith(("http://", "https://")) else url


def without_query(url: str) -> str:
    """Return *url* without query and fragment, where NetEase puts only tracking."""
    return url.partition("#")[0].partition("?")[0]


def _match(url: str) -> re.Match[str] | None:
    if plain := _PLAIN_ARTICLE.match(url):
        return plain
    path = _netease_path(url)
    return _ARTICLE_PATH.fullmatch(path) or _DATED_PATH.fullmatch(path)


def _netease_path(url: str) -> str:
    """Return the path of *url*, empty where it is not a page of NetEase."""
    match = _NETEASE.match(url)
    return match["path"] if match else ""
