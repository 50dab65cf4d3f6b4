"""The rolling news: ``news.163.com/special/0001220O/news_json.js``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netease_crawler.items import ListedArticle

from .answers import literal, unknown
from .entries import listed_article, text


def parse_rolling_list(
    body: bytes | str, url: str, encoding: str | None = None
) -> tuple[ListedArticle, ...]:
    """Return the articles of ``var data={category:[…],news:[[…],…]}``, category by category.

    Their section is the name of the category. A real answer of 2015 was seen; photo sets, of
    which a category of their own was made, are left out.
    """
    found = literal(body, url, encoding)
    news = found.get("news") if isinstance(found, dict) else None
    if not isinstance(news, list) or not all(isinstance(entries, list) for entries in news):
        raise unknown(url, "news of the rolling list", found)
    return tuple(_articles(news, found.get("category"), url))


def _articles(news: list[list[Any]], categories: Any, url: str) -> Iterator[ListedArticle]:
    # "category":[{"n":"国内","l":"http://news.163.com/domestic/"},…],
    # "news":[[{"c":0,"t":"…","l":"http://news.163.com/15/0829/19/….html","p":"2015-08-29 19:00:07"}
    # c counts the categories; the lists may skip one.
    for entries in news:
        for entry in entries:
            if not isinstance(entry, dict):
                continue
            values = {"title": entry.get("t"), "url": entry.get("l"), "ptime": entry.get("p")}
            section = _name(categories, entry.get("c"))
            article = listed_article(values, url, section=section)
            if article is not None:
                yield article


def _name(categories: Any, index: Any) -> str | None:
    if not isinstance(categories, list) or type(index) is not int:
        return None
    category = categories[index] if 0 <= index < len(categories) else None
    return text(category, "n") if isinstance(category, dict) else None
