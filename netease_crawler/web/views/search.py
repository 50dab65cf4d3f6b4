"""Search: articles, what they have in common, and when they were published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from netease_crawler.queries import ArticleQuery
from netease_crawler.snippets import Segment, highlighted, snippet
from netease_crawler.storage.archive import Archive, Hit, UnknownArticleError
from netease_crawler.storage.archive import Page as Found
from netease_crawler.storage.facets import Facets
from netease_crawler.storage.together import together
from netease_crawler.web import paging
from netease_crawler.web.criteria import CRITERIA, read_query
from netease_crawler.web.page import Asked, Page
from netease_crawler.web.parameters import choice, number, text
from netease_crawler.web.problems import bad_request

_SNIPPET = 110  # characters
_RELEVANCE, _NEWEST = "relevance", "newest"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a text."""

    text: str
    is_match: bool
    """Whether it was looked for."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """An article that was found."""

    doc_id: str
    url: str
    title: str
    source: str | None
    published_at: datetime | None
    copy_of: str | None
    """Doc id of the article that has the same text and is older."""
    deleted_at: datetime | None
    """When a crawl found that the site has withdrawn it."""
    highlighted_title: Sequence[Piece]
    snippet: Sequence[Piece]
    """The part of the text that shows most of what was looked for."""


@dataclass(frozen=True, kw_only=True)
class Results:
    """A page of articles, and what all that are selected have in common."""

    zh: str
    """What was asked, in Chinese."""
    en: str
    """What was asked, in English."""
    order: str
    """``relevance`` or ``newest``."""
    articles: Sequence[Result]
    next: str | None
    """Value of ``after`` that gives the next page; null where this is the last."""
    facets: Facets
    unsearchable: int
    """Articles that no words find until ``scrapy reindex``."""


async def _view(asked: Asked) -> Results:
    query = read_query(asked.values)
    archive = Archive(asked.database)
    is_ranked = bool(query.phrases) and asked.values["order"] == _RELEVANCE
    found, facets, unsearchable = await together(
        _found(archive, query, asked, is_ranked=is_ranked),
        archive.facets(query),
        archive.unsearchable(),
    )
    return Results(
        zh=query.describe("zh"),
        en=query.describe("en"),
        order=_RELEVANCE if is_ranked else _NEWEST,
        articles=[_result(hit, query) for hit in found.hits],
        next=None if found.next is None else paging.token(found.next),
        facets=facets,
        unsearchable=unsearchable if query.phrases else 0,
    )


async def _found(archive: Archive, query: ArticleQuery, asked: Asked, *, is_ranked: bool) -> Found:
    limit, token = asked.values["limit"], asked.values["after"]
    try:
        after = None if token is None else paging.cursor(token)
        if is_ranked:
            return await archive.search(query, limit=limit, after=after)
        return await archive.newest(query, limit=limit, after=after)
    except (ValueError, UnknownArticleError):
        raise bad_request("after: is not where a page of this search ended") from None


def _result(hit: Hit, query: ArticleQuery) -> Result:
    return Result(
        doc_id=hit.doc_id,
        url=hit.url,
        title=hit.title,
        source=hit.source,
        published_at=hit.published_at,
        copy_of=hit.copy_of,
        deleted_at=hit.deleted_at,
        highlighted_title=_pieces(highlighted(hit.title, query.wanted("text", "title"))),
        snippet=_pieces(snippet(hit.text, query.wanted("text", "body"), _SNIPPET)),
    )


def _pieces(segments: Sequence[Segment]) -> list[Piece]:
    return [Piece(text=text, is_match=is_match) for text, is_match in segments]


PAGE = Page(
    path="/search",
    template="search.html",
    summary="Find articles; without criteria, the newest.",
    shows=Results,
    view=_view,
    parameters=(
        *CRITERIA,
        choice("order", "Words more often in title and text first, or newer", _RELEVANCE, _NEWEST),
        number("limit", "Articles on a page", default=20, most=100),
        text("after", "Where the page before ended: its ``next``"),
    ),
)
