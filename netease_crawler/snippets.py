"""Where in a text the words are that were looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from netease_crawler.grams import fold

_BEFORE = 12  # characters shown before the first match
_MOST_MATCHES = 100  # that are tried as the first


class Segment(NamedTuple):
    """A part of a text that was looked for, or is between such parts."""

    text: str
    """As the text has it, whatever it is when folded."""
    is_match: bool


Span = tuple[int, int]


def highlighted(text: str, phrases: Iterable[str]) -> tuple[Segment, ...]:
    """Return the whole *text* in segments; *phrases* are folded."""
    return tuple(_segments(text, _spans(text, phrases)))


def snippet(text: str, phrases: Sequence[str], length: int) -> tuple[Segment, ...]:
    """Return the *length* characters of *text* that show the most of *phrases*, in segments.

    With ``…`` where something was left out; its beginning where it has none of them.
    """
    spans = _spans(text, phrases)
    starts = [max(0, begin - _BEFORE) for begin, _ in spans[:_MOST_MATCHES]] or [0]
    begin = max(starts, key=lambda start: (_variety(text[start : start + length], phrases), -start))
    end = begin + length
    inside = [
        (max(first, begin) - begin, min(last, end) - begin)
        for first, last in spans
        if begin < last and first < end
    ]
    segments = list(_segments(text[begin:end], inside))
    if begin > 0:
        segments.insert(0, Segment("…", False))
    if end < len(text):
        segments.append(Segment("…", False))
    return tuple(segments)


def _variety(text: str, phrases: Sequence[str]) -> int:
    folded = fold(text)
    return sum(phrase in folded for phrase in phrases)


def _spans(text: str, phrases: Iterable[str]) -> list[Span]:
    """Return where *phrases* are in *text*, in order; what overlaps or touches is one span."""
    parts = [fold(char) for char in text]
    folded = "".join(parts)
    # which character of the text each of the folded is of
    places = [place for place, part in enumerate(parts) for _ in part]
    found = sorted(
        (places[begin], places[begin + len(phrase) - 1] + 1)
        for phrase in phrases
        if phrase
        for begin in _occurrences(folded, phrase)
    )
    spans: list[Span] = []
    for begin, end in found:
        if spans and begin <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((begin, end))
    return spans


def _occurrences(folded: str, phrase: str) -> Iterator[int]:
    begin = folded.find(phrase)
    while begin >= 0:
        yield begin
        begin = folded.find(phrase, begin + len(phrase))


def _segments(text: str, spans: Iterable[Span]) -> Iterator[Segment]:
    shown = 0
    for begin, end in spans:
        if begin > shown:
            yield Segment(text[shown:begin], False)
        yield Segment(text[begin:end], True)
        shown = end
    if shown < len(text):
        yield Segment(text[shown:], False)
