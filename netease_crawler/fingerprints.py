"""Same text? Same content? Short digests that answer by comparison."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

from netease_crawler.items import Article

_NOT_WORD = re.compile(r"[\W_]+")
_SHORTEST_TEXT = 20
"""Word characters below which equal texts (图片来自网络) say nothing about copying."""


def text_fingerprint(text: str) -> str | None:
    """Return a digest that equal texts share, whatever their punctuation, width and spaces.

    None for a text too short to tell a copy from a stock phrase.
    """
    words = _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()
    if len(words) < _SHORTEST_TEXT:
        return None
    return _digest(words)


def content_hash(article: Article) -> str:
    """Return a digest of what its author or editor wrote: another digest, another revision.

    Counts, recommendations, boxes and categories change with each fetch and do not count.
    """
    values = [
        article.title,
        article.original_title,
        article.published_at,
        article.source,
        article.location,
        article.editor,
        *(
            part
            for block in article.blocks
            for part in (block.kind, block.text, block.url, block.caption)
        ),
    ]
    return _digest("\0".join("" if value is None else str(value) for value in values))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
