"""The lists of the mobile site: ``3g.163.com/touch/reconstruct/article/list/…/0-10.html``."""

from __future__ import annotations

from netease_crawler.items import ListedArticle

from .answers import literal, unknown
from .entries import listed


def parse_mobile_list(
    body: bytes | str, url: str, encoding: str | None = None
) -> tuple[ListedArticle, ...]:
    """Return the articles and videos of a mobile list, ``artiList({"<ID>":[…]})``, in its order.

    Real answers of 2021 were seen.
    """
    found = literal(body, url, encoding)
    lists = list(found.values()) if isinstance(found, dict) else []
    if not lists or not all(isinstance(entries, list) for entries in lists):
        raise unknown(url, "list of the mobile site", found)
    return tuple(article for entries in lists for article in listed(entries, url))
