"""Same text? Same content? Short digests that answer by comparison."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from hashlib import blake2b

from netease_crawler.items import Article

_NOT_WORD = re.compile(r"[\W_]+")
_SHORTEST_TEXT = 20
"""Word characters below which equal texts (图片来自网络) say nothing about copying."""

_CONTENT = (
    "title",
    "original_title",
    "published_at",
    "source",
    "location",
    "editor",
    "blocks",
)


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
    content = {name: getattr(article, name) for name in _CONTENT}
    content["blocks"] = [asdict(block) for block in article.blocks]
    return _digest(json.dumps(content, ensure_ascii=False, default=str, sort_keys=True))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
