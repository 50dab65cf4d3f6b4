"""Twice the page is at most twice the work, and what would be more is refused before it is parsed.

Work is counted, not timed: what Python calls, and what it has allocated at most. What the parser
does in C shows in ``python -m benchmarks.hostile``.
"""

from __future__ import annotations

import re
import sys
import tracemalloc
from collections.abc import Callable
from itertools import count
from types import FrameType
from typing import Any

import pytest

from netease_crawler.cleaning import clean_article
from netease_crawler.pages import NotAnArticleError, PageError, parse_article
from netease_crawler.storage.documents import article_document
from tests.pages.hostile import HOSTILE
from tests.pages.small_page import URL, small_page

_GROWTH = 2.3  # of the work when a page doubles; with the square it is 4
_SMALL = 5_000  # calls, or bytes, that any page costs
_COPYING = "formatting left open"  # as much as is allowed; then refused


def _calls(work: Callable[[], object]) -> int:
    """Return how many functions *work* calls, C functions included."""
    calls = 0

    def count_call(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def _most_allocated(work: Callable[[], object]) -> int:
    """Return how many bytes of Python's *work* held at most."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _reading(name: str, size: int) -> Callable[[], None]:
    page = HOSTILE[name](size).encode()

    def read() -> None:
        try:
            article, _ = clean_article(parse_article(page, URL))
        except PageError:
            return
        article_document(article)

    return read


@pytest.mark.parametrize("measure", [_calls, _most_allocated])
@pytest.mark.parametrize("name", [name for name in HOSTILE if name != _COPYING])
def test_work_grows_with_the_size(
    name: str, measure: Callable[[Callable[[], object]], int]
) -> None:
    once, twice = (measure(_reading(name, size)) for size in (400, 800))
    assert twice <= _GROWTH * once + _SMALL


def _formatting(different: int, blocks: int) -> str:
    return small_page("<p>" + "".join(f"<B id={n}>" for n in range(different)) + "<p>文" * blocks)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (small_page("文" * 2_000_000), "6000209 bytes"),
        (small_page("<div>" * 30_000), "30016 tags"),
        (small_page("<SPAN/>" * 30_000 + "</x>"), "30017 tags"),
        (small_page("<div>" * 1_000 + "文" * 60_000), "1006 levels"),
        (_formatting(400, 4_000), "400 formatting elements among 4417 tags"),
        (_formatting(400, 12_000), "400 formatting elements among 12417 tags"),
        (small_page("".join(f"<font size={n}><a href={n}>" for n in range(2_000))), None),
        (small_page(f"<p {' '.join(f'a{n}=1' for n in range(9_000))}>文</p>"), None),
        (small_page("<p " + "".join(f"a{n}='>'" for n in range(9_000)) + ">文</p>"), None),
    ],
)
def test_too_much_is_refused(page: str, reason: str | None) -> None:
    with pytest.raises(NotAnArticleError, match=f"^more than any article has: {reason or ''}"):
        parse_article(page, URL)


def _stretches(text: str, harmless: str, times: int) -> str:
    """Return *text* in *times* stretches of 2048 characters, with *harmless* at the end of each."""
    return "".join(text.ljust(2048 - len(harmless), "y") + harmless for _ in range(times))


def _numbered(text: str) -> str:
    """Return *text* with a number in place of each ``@@@@``."""
    numbers = count(1_000)
    return re.sub("@@@@", lambda _: str(next(numbers)), text)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("x" * shift + _stretches("<div>" * 384, "x" * 128, 200), "76800 tags")
        for shift in (0, 128, 1024)
    ]
    + [
        (
            "x" * shift + _numbered(_stretches("<p>" * 5 + "<i @@@@>" * 20, "x" * 128, 400)),
            "8000 formatting elements among 10000 tags",
        )
        for shift in (0, 128, 1024)
    ]
    + [
        (
            "x" * shift + _numbered(_stretches("<i @@@@><p>" + "<p>" * 3, "", 2_000)),
            "2000 formatting elements among 10000 tags",
        )
        for shift in (0, 2044, 2046)
    ],
)
def test_what_shows_only_in_part_of_each_stretch_is_refused(page: str, reason: str) -> None:
    with pytest.raises(NotAnArticleError, match=f"^more than any article has: {reason}$"):
        parse_article(page, URL)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (small_page("文" * 1_600_000), "文" * 1_600_000),
        (small_page("<p>文</p>" * 9_000), "\n".join("文" * 9_000)),
        (small_page("<b>文</b>" * 9_000), "文" * 9_000),
        (small_page(f'<p><img src="data:image/png;base64,{"a/b=" * 200_000}">文</p>'), "文"),
        (small_page(f"<p>文</p><script>{'a = 1 / b; ' * 50_000}</script>"), "文"),
        (_formatting(100, 1_000), "\n".join("文" * 1_000)),
    ],
    ids=["characters", "paragraphs", "bold", "an image in its address", "a script", "left open"],
)
def test_much_is_read(page: str, text: str) -> None:
    assert parse_article(page, URL).text == text
