"""The criteria of :class:`ArticleQuery` as parameters of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netease_crawler.queries import ArticleQuery
from netease_crawler.web.parameters import Parameter, flag, instant, text, yes_or_no
from netease_crawler.web.problems import bad_request

CRITERIA: tuple[Parameter, ...] = (
    text("text", 'Words in title or text; "exact phrases", -excluded ones, one OR another'),
    text("title", "The same, in the title"),
    text("body", "The same, in the text"),
    text("account", "Media id (T…) or whole name of the 网易号"),
    text("source", "Whole name after 来源"),
    text("location", "IP 属地, whole"),
    text("keyword", "A keyword, whole"),
    text("category", "A category, or one above it"),
    flag("has_video", "Only with a video"),
    yes_or_no("deleted", "Only those that the site has deleted, or only the others"),
    instant("since", "Published then or later"),
    instant("until", "Published before"),
    flag("with_copies", "Also articles with the text of an earlier one"),
)
"""One for each criterion, of the same name."""


def read_query(values: Mapping[str, Any]) -> ArticleQuery:
    """Return the query of *values*, which may have other names too; raises ProblemError (400)."""
    try:
        return ArticleQuery(**{one.name: values[one.name] for one in CRITERIA})
    except ValueError as error:
        raise bad_request(str(error)) from None
