"""From the bytes of a page to UTF-8, without replacing a single character."""

from __future__ import annotations

import codecs
import re

from .errors import UnreadableEncodingError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# <meta charset="gb2312">, <meta http-equiv=Content-Type content="text/html; charset=gb2312">
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_META_WITHIN = 4096  # bytes; scripts may come before the declaration
_WIDENED = {"gb2312": "gb18030", "gbk": "gb18030"}  # as browsers do, and pages rely on it
# What HTTP libraries assume where nothing is declared; no page of NetEase is in them.
_NEVER_MEANT = frozenset({"ascii", "iso8859-1", "cp1252"})


def utf8(body: bytes | str, encoding: str | None = None) -> bytes:
    """Return *body* in UTF-8, as the HTML parser takes it; mostly that is *body* itself.

    Valid UTF-8 is believed before *encoding* and the page's own declaration: a page saved by
    a browser keeps its gb2312 declaration over UTF-8 bytes, and no page of Chinese in GBK is
    valid UTF-8 by chance. Without either, bytes that are no UTF-8 are read as gb18030.

    Raises UnreadableEncodingError where that would replace or garble characters.
    """
    if isinstance(body, str):
        return body.encode("utf-8", "ignore")  # half a surrogate pair is no character
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _strict(body[len(bom) :], name)
    try:
        body.decode("utf-8")  # only to check: the parser takes broken bytes without a word
    except UnicodeDecodeError:
        _refuse_damaged_utf8(body)
    else:
        return body
    return _strict(body, _codec(encoding) or _codec(_declared(body)) or "gb18030")


def _refuse_damaged_utf8(body: bytes) -> None:
    """Raise where most of *body* is UTF-8, of which another encoding makes nonsense."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    if whole > broken:
        raise UnreadableEncodingError(f"utf-8 with {broken} broken sequences")


def _declared(body: bytes) -> str | None:
    match = _META_CHARSET.search(body, 0, _META_WITHIN)
    return match[1].decode("ascii", "ignore") if match else None


def _codec(label: str | None) -> str | None:
    try:
        name = codecs.lookup(label or "").name
    except (LookupError, ValueError):
        return None
    return None if name in _NEVER_MEANT else _WIDENED.get(name, name)


def _strict(body: bytes, name: str) -> bytes:
    try:
        return body.decode(name).encode("utf-8")
    except (UnicodeError, LookupError) as error:  # LookupError: a codec, but not of text
        raise UnreadableEncodingError(f"not {name}: {error}") from error
