"""Entries of a list of recommendations, in any layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netease_crawler.items import Recommendation
from netease_crawler.urls import page_id_from_url, without_query

from .markup import before_time, beijing_time, count

Values = Mapping[str, Any]
"""Of a Recommendation, but its kind and position."""


def entry_values(
    url: str,
    *,
    title: str | None,
    source: str | None = None,
    time: str | None = None,
    ties: str | None = None,
    is_video: bool = False,
    image: str | None = None,
) -> Values:
    """Return what an entry at *url* says, from the texts that it shows.

    The source may stand before the *time*; *ties* is its count of 跟贴.
    """
    found_id = page_id_from_url(url)
    return {
        "url": without_query(url),
        "doc_id": found_id,
        "title": title,
        "source": source or before_time(time),
        "published_at": beijing_time(time),
        "comment_count": count(ties),
        "is_video": is_video or (found_id or "").startswith("V"),
        "image_url": image,
    }


def numbered(kind: str, entries: Iterable[Values | None]) -> tuple[Recommendation, ...]:
    """Return the *entries* that lead somewhere, counted from 1."""
    kept = (values for values in entries if values is not None)
    return tuple(
        Recommendation(kind=kind, position=position, **values)
        for position, values in enumerate(kept, start=1)
    )
