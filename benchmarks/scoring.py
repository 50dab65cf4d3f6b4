"""How much of what a page says an extractor found, by the same rules for every extractor."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone

_GRAM = 4  # characters
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_BEIJING = timezone(timedelta(hours=8))
# 2024-05-13T09:16:04+08:00, 2024-05-13 09:16:04
_TO_THE_SECOND = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d)?")


def normalised(text: str | None) -> str | None:
    """Return *text* without invisible characters, all white space as one space; None if empty."""
    return " ".join(_INVISIBLE.sub("", text or "").split()) or None


def body_f1(found: str, paragraphs: Sequence[str], optional: Iterable[int] = ()) -> float:
    """Return how alike a body and *paragraphs* are, 0 to 1: the F1 of their 4-grams of characters.

    The paragraphs numbered *optional* are neither asked for nor in the way: what is expected
    is tried with and without them. White space does not count, as extractors put all kinds of it
    between paragraphs.

    >>> body_f1("一二三四 五六", ["一二三四", "五六七八"])
    0.75
    """
    left_out = frozenset(optional)
    required = [text for number, text in enumerate(paragraphs) if number not in left_out]
    grams = _grams([found])
    return max(_f1(grams, _grams(expected)) for expected in (paragraphs, required))


def time_to_the_second(found: str | None) -> datetime | None:
    """Return the time that *found* says; None where it does not say the second.

    Without an offset it is Beijing time, as pages show it.
    """
    shown = _TO_THE_SECOND.match(found or "")
    if shown is None:
        return None
    time = datetime.fromisoformat(shown[0])
    return time if time.tzinfo else time.replace(tzinfo=_BEIJING)


def is_exact(found: str | None, true: str | datetime) -> bool:
    """Whether *found* says *true*: the same text once normalised, or the same second."""
    if isinstance(true, datetime):
        return time_to_the_second(found) == true
    return normalised(found) == true


def _grams(texts: Iterable[str]) -> Counter[str]:
    text = "".join(_INVISIBLE.sub("", "".join(texts)).split())
    return Counter(text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1))


def _f1(found: Counter[str], expected: Counter[str]) -> float:
    both = found.total() + expected.total()
    return 2 * (found & expected).total() / both if both else 0.0
