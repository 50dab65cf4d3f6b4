"""What the scripts of a page assign: numbers and lists that JavaScript writes into the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from selectolax.lexbor import LexborNode

from .literals import read_literal

# var config = { "productKey" : "…", "docId" : "EOFBHDHQ0001899N",
# var config = {"productKey": "…", "docId": "J22CN60P0514R9KQ", //"data.article.postid", …
_DOC_ID = re.compile(r'"docId"\s*:\s*"(\w+)"')


def script_with(scripts: Iterable[LexborNode], word: str) -> str:
    """Return the first of *scripts* that says *word*; empty where none does."""
    for script in scripts:
        text = script.text()
        if word in text:
            return text
    return ""


def configured_doc_id(script: str) -> str | None:
    """Return the doc id in the configuration that *script* assigns: ``"docId":  "K6TM…"``."""
    match = _DOC_ID.search(script)
    return match[1] if match else None


def assigned_number(script: str, name: str) -> int | None:
    """Return the whole number that *script* assigns to *name*.

    >>> assigned_number("var replyCount = 229, totalCount = 2359,", "totalCount")
    2359
    """
    match = re.search(rf"\b{re.escape(name)}\s*=\s*([0-9]{{1,12}})\b", script)
    return int(match[1]) if match else None


def assigned_json(script: str, name: str) -> Any:
    """Return the list or object that *script* assigns to *name*; None where that is no literal."""
    match = re.search(rf"\b{re.escape(name)}\s*=\s*(?=[\[{{])", script)
    if match is None:
        return None
    try:
        return read_literal(script[match.end() :])[0]
    except ValueError:
        return None
