"""The lists behind a channel's page: ``news.163.com/special/cm_guonei/?callback=data_callback``."""

from __future__ import annotations

import re
from typing import Any

from netease_crawler.items import ListedArticle

from .answers import literal, unknown
from .entries import listed_article, text

_TIME = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2})")


def parse_channel_feed(
    body: bytes | str, url: str, encoding: str | None = None
) -> tuple[ListedArticle, ...]:
    """Return the articles and videos of a channel's list, ``data_callback([…])``, in its order.

    Their section is the label that the list gives them. No real answer was seen [code]: single
    entries are quoted in public code.
    """
    entries = literal(body, url, encoding)
    if not isinstance(entries, list):
        raise unknown(url, "list of a channel", entries)
    found = (_article(entry, url) for entry in entries)
    return tuple(article for article in found if article is not None)


def _article(entry: Any, url: str) -> ListedArticle | None:
    # {"title":"…","digest":"","docurl":"https://www.163.com/news/article/….html","tienum":38,
    # "label":"国内","keywords":[…],"time":"07/02/2024 18:28:10","newstype":"article","imgurl":"…"}
    if not isinstance(entry, dict):
        return None
    match = _TIME.fullmatch(text(entry, "time") or "")
    time = f"{match[3]}-{match[1]}-{match[2]} {match[4]}" if match else None
    return listed_article(entry, url, time=time, section=text(entry, "label"))
