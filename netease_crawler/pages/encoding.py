"""From the bytes of a page to UTF-8, and no article with a character that got lost on the way.

A page may hold broken bytes far from its article, in a script or an advertisement. So they are
replaced (U+FFFD) instead of the page refused, and :func:`undamaged` refuses an article that shows
a replacement: rather no text than a damaged one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace

from netease_crawler.items import Article, Link

from .errors import UnreadableEncodingError

_LOST = "\ufffd"
_ASCII = bytes(range(0x80))
_UTF_16_BOMS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# <meta charset="gb2312">, <meta http-equiv=Content-Type content="text/html; charset=gb2312">
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_META_WITHIN = 4096  # bytes; scripts may come before the declaration
_BIG5 = frozenset({"big5", "big5hkscs", "cp950"})
# What GBK and Big5 leave to users, and half a character makes of those behind it; on no real page
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PRIVATE_OR_LOST = re.compile(b"\xef(?:[\x80-\xa3]|\xbf\xbd)")  # in UTF-8, from U+F000 on
_FULL_WIDTH_SPACE = "\ue5e5"  # A3A0, which browsers read as U+3000
_FEW = 20  # broken sequences; real pages read in a wrong encoding had 74 and more


def utf8(body: bytes | str, encoding: str | None = None) -> bytes:
    """Return *body* in UTF-8, as the HTML parser takes it; mostly that is *body* itself.

    Pages of NetEase are in UTF-8 or GBK, and what they and the server (*encoding*) declare is
    often the other: a page saved by a browser keeps its gb2312 over UTF-8 bytes. The bytes
    tell, as no page of Chinese in GBK is valid UTF-8 by chance. Only of Big5 they do not, so
    that must be declared too. What cannot be read becomes U+FFFD: see :func:`undamaged`.

    Raises UnreadableEncodingError where that is more than a few characters.
    """
    body = unmarked(body)
    if is_utf8(body):
        return body
    return _damaged_utf8(body) or _read_as(_encoding_of(body, encoding), body)


def unmarked(body: bytes | str) -> bytes:
    """Return *body* without its byte order mark: text and what the mark tells in UTF-8."""
    if isinstance(body, str):
        body = _encoded(body)
    body = body.removeprefix(codecs.BOM_UTF8)
    for bom, name in _UTF_16_BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace").encode()
    return body


def is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")  # only to check: the parser takes broken bytes without a word
    except UnicodeDecodeError:
        return False
    return True


def undamaged(article: Article) -> Article:
    """Return *article* without the names that it gives to others where characters are lost.

    They are lost too where the page itself shows U+FFFD. A recommendation is then without its
    title or source; a link, which is nothing without its title, is left out.

    Raises UnreadableEncodingError where characters of the article's own text are lost.
    """
    if _LOST in "".join(_names_of_others(article)):
        article = _without_lost_names(article)
    if _LOST in article.text or _LOST in repr(article):
        raise UnreadableEncodingError("characters of the article are lost")
    return article


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # halves of surrogate pairs; two that meet are a character
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _damaged_utf8(body: bytes) -> bytes | None:
    """Return *body* where most of it is UTF-8, of which another encoding makes nonsense.

    However many sequences are broken: in UTF-8 a broken one leaves the next alone.
    """
    # Nine in ten bytes of a page are ASCII. Taking them out breaks nothing that is whole and may
    # mend what is broken: where even then most is broken, it is.
    if not _is_mostly_whole(body.translate(None, _ASCII).decode("utf-8", "replace")):
        return None
    text = body.decode("utf-8", "replace")
    return text.encode() if _is_mostly_whole(text) else None


def _is_mostly_whole(text: str) -> bool:
    return _beyond_ascii(text) > 2 * text.count(_LOST)


def _encoding_of(body: bytes, declared: str | None) -> str:
    is_declared_big5 = not _BIG5.isdisjoint({_codec(declared), _codec(_declared(body))})
    return "big5hkscs" if is_declared_big5 and not _is_simplified(body) else "gb18030"


def _is_simplified(body: bytes) -> bool:
    """Whether *body* reads as simplified Chinese, nearly all of which is in gb2312.

    Of Big5 read so 40 in 100 characters are lost; of GBK read as Big5 hardly any need be.
    """
    text = body.decode("gb2312", "replace")
    return text.count(_LOST) * 10 < _beyond_ascii(text)


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _read_as(name: str, body: bytes) -> bytes:
    """Return *body* read as *name*.

    Half a character before a letter may read as other characters, which no reading can tell.
    """
    text = body.decode(name, "replace")
    encoded = text.encode()
    if b"\xee" not in encoded and _PRIVATE_OR_LOST.search(encoded) is None:
        return encoded
    text = _PRIVATE.sub(_LOST, text.replace(_FULL_WIDTH_SPACE, "\u3000"))
    if (broken := text.count(_LOST)) > _FEW:
        raise UnreadableEncodingError(f"not {name}: {broken} broken sequences")
    return text.encode()


def _declared(body: bytes) -> str | None:
    match = _META_CHARSET.search(body, 0, _META_WITHIN)
    return match[1].decode("ascii", "ignore") if match else None


def _codec(label: str | None) -> str:
    try:
        return codecs.lookup(label or "").name
    except (LookupError, ValueError):
        return ""


def _names_of_others(article: Article) -> Iterator[str]:
    for entry in article.recommendations:
        yield entry.title or ""
        yield entry.source or ""
    for links in (article.history, article.originals, *(box.links for box in article.headlines)):
        for link in links:
            yield link.title
    if article.next_article is not None:
        yield article.next_article.title


def _without_lost_names(article: Article) -> Article:
    following = _whole_links((article.next_article,) if article.next_article else ())
    return replace(
        article,
        recommendations=tuple(
            replace(entry, title=_whole(entry.title), source=_whole(entry.source))
            for entry in article.recommendations
        ),
        history=_whole_links(article.history),
        headlines=tuple(replace(box, links=_whole_links(box.links)) for box in article.headlines),
        originals=_whole_links(article.originals),
        next_article=following[0] if following else None,
    )


def _whole(text: str | None) -> str | None:
    return None if text is None or _LOST in text else text


def _whole_links(links: tuple[Link, ...]) -> tuple[Link, ...]:
    return tuple(link for link in links if _LOST not in link.title)
