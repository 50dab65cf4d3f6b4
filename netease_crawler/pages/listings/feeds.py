"""The lists that the apps and the mobile pages load, hot lists among them."""

from __future__ import annotations

from netease_crawler.items import ListedArticle

from .answers import literal, unknown
from .entries import listed

# items: gw.m.163.com/nc/api/v1/feed/static/normal-list, …/nc-main/api/v1/hqc/no-repeat-hot-list;
# list: dy.163.com/v2/article/list.do, m.163.com/fe/api/hot/news/flow; cmtDocs: what is commented
# on most, gw.m.163.com/gentie-web/api/v2/products/…/rankDocs/all/list
_LISTS = ("items", "list", "cmtDocs")


def parse_feed(
    body: bytes | str, url: str, encoding: str | None = None
) -> tuple[ListedArticle, ...]:
    """Return the articles and videos of ``data.items``, ``.list`` or ``.cmtDocs``, in its order.

    These are feeds of the app, the hot lists, and the pages of an account's articles
    (``list.do``), which end with an empty one. No real answer was seen [code].
    """
    found = literal(body, url, encoding)
    data = found.get("data") if isinstance(found, dict) else None
    if isinstance(data, dict):
        for name in _LISTS:
            if isinstance(data.get(name), list):
                return listed(data[name], url)
        if "list" in data and data["list"] is None:  # after the last page of an account
            return ()
    raise unknown(url, "data.items, data.list or data.cmtDocs", found)
