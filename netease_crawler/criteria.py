"""What selects articles, as a script writes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from netease_crawler.queries import ArticleQuery
from netease_crawler.times import beijing_instant


class Criteria(TypedDict, total=False):
    """The criteria of :class:`ArticleQuery` but the text.

    A time is an aware datetime, or a text like ``2024-05-31`` or ``2024-05-31T08:00``, in Beijing.
    """

    title: str | None
    body: str | None
    account: str | None
    source: str | None
    location: str | None
    keyword: str | None
    category: str | None
    has_video: bool
    since: datetime | str | None
    until: datetime | str | None
    deleted: bool | None
    with_copies: bool


def read_query(text_or_query: str | ArticleQuery | None, criteria: Criteria) -> ArticleQuery:
    """Return the query of a text and *criteria*, or a query of which *criteria* replace some.

    Raises ValueError, with one line that names the criterion, where one cannot be meant.

    >>> read_query("地铁", {"since": "2024-05-31"}).describe()
    '标题或正文含“地铁”，2024-05-31 起；不含转载副本'
    """
    given: dict[str, Any] = {**criteria}
    for name in ("since", "until"):
        given[name] = _instant(name, given.get(name, getattr(text_or_query, name, None)))
    if isinstance(text_or_query, ArticleQuery):
        return replace(text_or_query, **given)
    return ArticleQuery(text=text_or_query, **given)


def _instant(name: str, value: object) -> datetime | None:
    if value is None or (isinstance(value, datetime) and value.utcoffset() is not None):
        return value
    if not isinstance(value, str):
        raise ValueError(
            f"{name}: a text like 2024-05-31, or a datetime that has a time zone, not {value!r}"
        )
    try:
        return beijing_instant(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
