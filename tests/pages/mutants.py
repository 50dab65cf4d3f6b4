"""Pages as they may come: saved, sent and made-up ones, changed at random from a seed.

``python -m tests.pages.mutants 4711 > page.html`` writes the one of a seed.
"""

from __future__ import annotations

import gzip
import random
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from netease_crawler.demo.site import Site
from tests.pages.hostile import HOSTILE
from tests.real_pages import REAL_PAGES

_FIXTURES = Path(__file__).parents[1] / "fixtures" / "pages"
_URLS = (
    "https://www.163.com/dy/article/K6TM505G0599TEST.html",
    "https://m.163.com/news/article/J9V3B4E00552RIVR.html?f=x#y",
    "",
    "http://[",
    "not an address",
    "\ud800",
)
_ENCODINGS = (None, "utf-8", "gbk", "big5", "iso-8859-1", "no-such", "base64", "utf-16", "\0", "ß")
_MOST_OF_A_FILE = 400_000  # bytes: no list of thousands of links, which all are refused alike
_TAGS = b"div p b a table tr td li ul svg template select option script style h1 h3 form title"
_ATTRIBUTES = ("href", "src", "data-src", "class", "id", "style", "data-ptime", "data-index")
_VALUES = (
    "javascript:;",
    "http://[",
    "http://a.cn:99999999/",
    "//",
    "data:image/png;base64," + "A" * 1_000_000,
    "http://nimg.ws.126.net/?url=%FF%00%ED%A0%80",
    "https://www.163.com/" + "a/" * 100_000,
    "9" * 5_000,
    "9999-12-31 23:59:59",
    "0001-01-01 00:00:00",
    "display:none",
    "hidden",
    "&#0;&#x110000;&#55296;&amp;amp;amp;lt;&#99999999999999999999;&notit",
)
_PIECES = (
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"<script>",
    b"</body>",
    b"<plaintext>",
    b"\x00",
    b"\xef\xbf\xbd",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"\x80",
    b"\xa3\xa0",
    b"\xe2\x80\xae",
    b'"',
    b"'",
    b"\\",
    b"\\ud83d",
    b"\\u0000",
    b"[" * 5_000,
    b"9" * 5_000,
    b"&#55296;",
    b"<meta charset=big5>",
    b"data-docid",
    b"<frameset>",
    b" " * 10_000,
    "责任编辑：".encode() * 1_000,
    "（原标题：".encode() * 1_000,
    b"2024-01-" * 1_000,
)


class Mutant(NamedTuple):
    """A changed page, and how it came to be."""

    made_by: str
    body: bytes
    url: str
    encoding: str | None


def mutant(seed: int) -> Mutant:
    """Return the mutant of *seed*: the same wherever the same saved pages are."""
    rng = random.Random(seed)
    if rng.random() < 0.05:
        name = rng.choice(sorted(HOSTILE))
        body, steps = HOSTILE[name](rng.choice((10, 100, 300))).encode(), [name]
    else:
        page = rng.choice(_pages())
        body, steps = page.read(), [page.name]
    for change in rng.choices(_CHANGES, k=rng.randint(1, 3)):
        body = change(body, rng)
        steps.append(change.__name__.strip("_"))
    return Mutant(", ".join(steps), body, rng.choice(_URLS), rng.choice(_ENCODINGS))


class _Page(NamedTuple):
    name: str
    read: Callable[[], bytes]


@cache
def _pages() -> tuple[_Page, ...]:
    """Return half of each kind that is there: written, made up, saved."""
    site = Site(articles=20)
    written = [_Page(path.parent.name, cache(path.read_bytes)) for path in _in(_FIXTURES)]
    made_up = [_Page(f"demo {index}", _demo(site, index)) for index in range(6)]
    saved = [_Page(path.name, _gunzipped(path)) for path in sorted(REAL_PAGES.glob("*.html.gz"))]
    return (*written, *made_up, *(page for page in saved if len(page.read()) < _MOST_OF_A_FILE))


def _in(directory: Path) -> list[Path]:
    return sorted(directory.glob("*/*/page.html"))


def _demo(site: Site, index: int) -> Callable[[], bytes]:
    return cache(lambda: site.page(index, rendered=index % 2 == 1).encode())


def _gunzipped(path: Path) -> Callable[[], bytes]:
    return cache(lambda: gzip.decompress(path.read_bytes()))


def _slice(body: bytes, rng: random.Random) -> tuple[int, int]:
    first, last = sorted((rng.randrange(len(body) + 1), rng.randrange(len(body) + 1)))
    return first, min(last, first + rng.choice((20, 500, 50_000)))


def _truncated(body: bytes, rng: random.Random) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _slice_doubled(body: bytes, rng: random.Random) -> bytes:
    first, last = _slice(body, rng)
    return body[:last] + body[first:]


def _slice_dropped(body: bytes, rng: random.Random) -> bytes:
    first, last = _slice(body, rng)
    return body[:first] + body[last:]


def _slice_moved(body: bytes, rng: random.Random) -> bytes:
    first, last = _slice(body, rng)
    rest, place = body[:first] + body[last:], rng.randrange(len(body) + 1)
    return rest[:place] + body[first:last] + rest[place:]


def _bytes_changed(body: bytes, rng: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.choice((1, 10, 200)) if body else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _pieces_put_in(body: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 8)):
        place = rng.randrange(len(body) + 1)
        body = body[:place] + rng.choice(_PIECES) + body[place:]
    return body


def _pieces_put_in_values(body: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 8)):
        place = body.find(b'"', rng.randrange(len(body) + 1)) + 1
        body = body[:place] + rng.choice(_PIECES) + body[place:]
    return body


def _tags_changed(body: bytes, rng: random.Random) -> bytes:
    names = _TAGS.split()
    for _ in range(rng.randint(1, 20)):
        old = rng.choice((b"<", b"</")) + rng.choice(names)
        place = body.find(old, rng.randrange(len(body) + 1))
        if place >= 0:
            new = rng.choice((b"", b"<", b"</")) + rng.choice(names)
            body = body[:place] + new + body[place + len(old) :]
    return body


def _end_tags_dropped(body: bytes, rng: random.Random) -> bytes:
    return body.replace(b"</" + rng.choice(_TAGS.split()) + b">", b"")


def _nested(body: bytes, rng: random.Random) -> bytes:
    place = body.find(b"<", rng.randrange(len(body) + 1)) + 1
    opened = b"<" + rng.choice(_TAGS.split()) + b">"
    return body[: place - 1] + opened * rng.choice((10, 1_000, 100_000)) + body[place - 1 :]


def _values_changed(body: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 5)):
        name = rng.choice(_ATTRIBUTES).encode() + b'="'
        start = body.find(name, rng.randrange(len(body) + 1)) + len(name)
        if start >= len(name):
            end = max(body.find(b'"', start), start)
            body = body[:start] + rng.choice(_VALUES).encode() + body[end:]
    return body


def _encoded_otherwise(body: bytes, rng: random.Random) -> bytes:
    name = rng.choice(("gb18030", "big5", "utf-16", "utf-8-sig", "utf-7"))
    return body.decode("utf-8", "replace").encode(name, "replace")


def _encodings_mixed(body: bytes, rng: random.Random) -> bytes:
    first, last = _slice(body, rng)
    return body[:first] + _encoded_otherwise(body[first:last], rng) + body[last:]


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _truncated,
    _slice_doubled,
    _slice_dropped,
    _slice_moved,
    _bytes_changed,
    _pieces_put_in,
    _pieces_put_in_values,
    _tags_changed,
    _end_tags_dropped,
    _nested,
    _values_changed,
    _encoded_otherwise,
    _encodings_mixed,
)

if __name__ == "__main__":
    sys.stdout.buffer.write(mutant(int(sys.argv[1])).body)
