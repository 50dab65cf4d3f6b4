"""Stored articles by the ``Article`` schema of zyte-common-items, so that its users can read them.

https://zyte-common-items.readthedocs.io/en/latest/reference/index.html

What the archive does not know is left out: ``datePublishedRaw``, ``dateModified``, ``mainImage``,
``description``, ``breadcrumbs``, ``inLanguage``, ``audios``; and ``canonicalUrl``, which is what a
page claims, while ``url`` is our own canonical address. The author is the 网易号 that published it;
neither a name after 来源 nor an editor is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from html import escape
from types import MappingProxyType
from typing import Any

from netease_crawler.exports.schema import Schema
from netease_crawler.items import Account, Block
from netease_crawler.storage.archive import StoredArticle

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "url": "string",
        "headline": "string",
        "datePublished": "time",
        "authors": "list of Author",
        "images": "list of Image",
        "videos": "list of Video",
        "articleBody": "string",
        "articleBodyHtml": "string",
        "metadata": "ArticleMetadata",
    }
)
_TAGS = {"paragraph": "p", "heading": "h2"}


def zyte_article(stored: StoredArticle) -> dict[str, Any]:
    """Return *stored* as ``Article.from_dict`` takes it; no field of it is None."""
    article = stored.article
    values = {
        "url": article.url,
        "headline": article.title,
        "datePublished": _time(article.published_at),
        "authors": _authors(article.account),
        "images": [{"url": url} for url in article.images],
        "videos": [
            {"url": block.url} for block in article.blocks if block.kind == "video" and block.url
        ],
        "articleBody": article.text.strip(),
        "articleBodyHtml": _html(article.blocks),
        "metadata": article.fetched_at and {"dateDownloaded": _time(article.fetched_at)},
    }
    return {name: value for name, value in values.items() if value}


ZYTE = Schema(fields=FIELDS, row=zyte_article)


def _authors(account: Account | None) -> list[dict[str, str]]:
    if account is None:
        return []
    author = {"name": account.name, "url": account.url}
    known = {name: value for name, value in author.items() if value}
    return [known] if known else []


def _html(blocks: Iterable[Block]) -> str | None:
    """Return the body as simple HTML: ``p``, ``h2``, ``blockquote``, ``figure``."""
    elements = "\n\n".join(map(_element, blocks))
    return f"<article>\n\n{elements}\n\n</article>" if elements else None


def _element(block: Block) -> str:
    text = escape(block.text or "", quote=False).replace("\n", "<br>")
    if block.kind == "quote":
        return f"<blockquote><p>{text}</p></blockquote>"
    if block.url is None:
        tag = _TAGS.get(block.kind, "p")
        return f"<{tag}>{text}</{tag}>"
    tag = "video" if block.kind == "video" else "img"
    media = f'<{tag} src="{escape(block.url)}">' + ("</video>" if tag == "video" else "")
    caption = (
        f"<figcaption>{escape(block.caption, quote=False)}</figcaption>" if block.caption else ""
    )
    return f"<figure>{media}{caption}</figure>"


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S}Z"
