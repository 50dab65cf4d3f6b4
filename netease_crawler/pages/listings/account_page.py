"""The page of an account: ``www.163.com/dy/media/T….html``."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from netease_crawler.items import Account, AccountListing, ListedArticle
from netease_crawler.pages.encoding import utf8
from netease_crawler.pages.markup import (
    absolute_url,
    attribute,
    beijing_time,
    first,
    original_image,
    text_of,
)
from netease_crawler.urls import (
    is_doc_id,
    media_id_from_url,
    page_id_from_url,
    without_query,
)

from .answers import refused
from .entries import one_line

_ITEMS = ".tab_content > ul > li.js-item"
_LOCATION = re.compile(r"(?:IP\s*属地\s*[:：]?)?\s*(.*)", re.DOTALL)


def parse_account_page(body: bytes | str, url: str, encoding: str | None = None) -> AccountListing:
    """Return what the page of an account shows: the account and some 30 newest articles.

    No real page was seen [code]: public code reads no counts there, so they are absent. The
    media id comes from *url* or the page's canonical address.
    """
    html = utf8(body, encoding)
    tree = LexborHTMLParser(html)
    name = text_of(tree.css_first("h2"))
    box = tree.css_first(".js-list-tab-box")
    if name is None or box is None:
        raise refused(tree, url, "no name or no list of an account")
    canonical = attribute(tree.css_first("link[rel=canonical]"), "href") or ""
    media_id = media_id_from_url(url) or media_id_from_url(canonical)
    articles = (_article(item, url) for item in box.css(_ITEMS))
    return AccountListing(
        account=Account(
            media_id=media_id,
            name=name,
            url=f"https://www.163.com/dy/media/{media_id}.html" if media_id else None,
            description=text_of(tree.css_first(".icon_line.desc")),
            avatar_url=_image_url(tree.css_first(".head_img"), url),
        ),
        location=_location(tree.css_first(".icon_line.iplocation")),
        articles=tuple(article for article in articles if article is not None),
    )


def _article(item: LexborNode, base: str) -> ListedArticle | None:
    # <li class="js-item item"><a class="img" href="…"><img src="…" _src="…"></a>
    # <h4><a class="title" href="…">…</a></h4><div class="tail"><span class="time">2024-03-08 09:30
    titled = first(item, "h4 a")
    url = absolute_url(attribute(titled, "href"), base)
    found_id = page_id_from_url(url) if url else None
    if titled is None or url is None or found_id is None:
        return None
    return ListedArticle(
        url=without_query(url),
        doc_id=found_id,
        title=one_line(titled.text()) or None,
        published_at=beijing_time(text_of(first(item, ".tail .time"))),
        image_url=_image_url(first(item, "a.img img"), base),
        is_video=not is_doc_id(found_id),
    )


def _image_url(image: LexborNode | None, base: str) -> str | None:
    # src is a placeholder until the picture comes into view, where there is a _src
    shown = attribute(image, "_src") or attribute(image, "src")
    url = absolute_url(shown, base)
    return original_image(url)


def _location(line: LexborNode | None) -> str | None:
    match = _LOCATION.fullmatch(text_of(line) or "")
    return (match[1].strip() or None) if match else None
