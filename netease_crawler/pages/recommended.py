"""Entries of a list of recommendations, in any layout."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netease_crawler.items import Recommendation
from netease_crawler.urls import page_id_from_url, without_query

from .markup import before_time, beijing_time, count


class Entry:
    """What an entry says, which leads somewhere."""

    def __init__(
        self,
        url: str,
        *,
        title: str | None,
        doc_id: str | None = None,
        source: str | None = None,
        time: str | None = None,
        ties: str | None = None,
        is_video: bool = False,
        image: str | None = None,
    ) -> None:
        """Read the texts that an entry at *url* shows.

        The id is taken from the address where no *doc_id* is given. The source may stand before
        the *time*; *ties* is its count of 跟贴.
        """
        found_id = doc_id or page_id_from_url(url)
        self._values: dict[str, Any] = {
            "url": without_query(url),
            "doc_id": found_id,
            "title": title,
            "source": source or before_time(time),
            "published_at": beijing_time(time),
            "comment_count": count(ties),
            "is_video": is_video or (found_id or "").startswith("V"),
            "image_url": image,
        }
        self._latest: Recommendation | None = None

    def numbered(self, kind: str, position: int) -> Recommendation:
        """Return what it recommends, at *position* in its list."""
        # What is remembered of the page before mostly stands in the same place on this one
        latest = self._latest
        if latest is None or latest.position != position or latest.kind != kind:
            latest = Recommendation(kind=kind, position=position, **self._values)
            self._latest = latest
        return latest


def numbered(kind: str, entries: Iterable[Entry | None]) -> tuple[Recommendation, ...]:
    """Return the *entries* that lead somewhere, counted from 1."""
    kept = (entry for entry in entries if entry is not None)
    return tuple([entry.numbered(kind, position) for position, entry in enumerate(kept, start=1)])
