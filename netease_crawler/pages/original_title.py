"""原标题, where a body names it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from netease_crawler.items import Block

from .body import read_blocks
from .markup import text_of

# （原标题：…）, in brackets of either kind, within which others may stand; or a line 原标题：…
_ORIGINAL_TITLE = re.compile(
    r"[（(]原标题[:：]((?:[^（）()]|[（(][^（）()]*[）)])+)[）)].*|原标题[:：](.+)", re.DOTALL
)


def original_title(text: str | None) -> str | None:
    """Return the title that *text* says in one of the site's forms: ``（原标题：…）``."""
    match = _ORIGINAL_TITLE.fullmatch(text or "")
    return " ".join(match[match.lastindex].split()) if match and match.lastindex else None


def read_body(container: LexborNode | None, base: str) -> tuple[str | None, tuple[Block, ...]]:
    """Return the original title that *container* names, and its other blocks.

    It stands in an element of its own class, or is the first or the last text.
    """
    if container is None:
        return None, ()
    blocks = read_blocks(container, base)
    # <p class="otitle">（原标题：…）</p>, which is no block
    marked = original_title(text_of(container.css_first(".otitle")))
    if marked is not None:
        return marked, blocks
    texts = [index for index, block in enumerate(blocks) if block.text]
    for index in (texts[0], texts[-1]) if texts else ():
        named = original_title(blocks[index].text)
        if named is not None:
            return named, blocks[:index] + blocks[index + 1 :]
    return None, blocks
