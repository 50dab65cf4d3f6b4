"""An article to read, and what the archive knows around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from netease_crawler.items import Article
from netease_crawler.storage.archive import Archive, StoredArticle
from netease_crawler.storage.article import (
    Revision,
    SameText,
    recommending,
    revisions,
    same_texts,
    stored_among,
)
from netease_crawler.storage.graph import Graph, Neighbour
from netease_crawler.storage.together import together
from netease_crawler.web.page import Asked, Page
from netease_crawler.web.parameters import matching
from netease_crawler.web.problems import not_found

_RECOMMENDING = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRecord(Article):
    """An article and what the archive knows of it, as ``scrapy article --json`` has it."""

    text: str = field()
    """The body as plain text: one line per paragraph, heading, quote and caption."""
    images: tuple[str, ...] = field()
    """Original addresses of the body's images, in reading order."""
    copy_of: str | None
    """Doc id of the earliest article with the same text; null for that one itself."""
    first_seen_at: datetime
    """When a crawl first stored it, in UTC."""
    last_seen_at: datetime
    """When a crawl last found it on the site, in UTC."""
    deleted_at: datetime | None
    """When a crawl first found it deleted on the site, in UTC."""


@dataclass(frozen=True, kw_only=True)
class Recommending:
    """An article that recommends this one."""

    doc_id: str
    title: str | None
    source: str | None
    published_at: datetime | None
    kind: str
    """``related`` (相关推荐) or ``hot`` (热点推荐)."""
    position: int
    """Place in its list, from 1, when it was last seen."""
    last_seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class ArticlePage:
    """An article, and what the archive knows around it."""

    article: ArticleRecord
    same_text: Sequence[SameText]
    """Every article with this text, the earliest first, this one among them; at most 50. Empty
    where no other has it."""
    in_archive: Sequence[str]
    """Of the pages that its lists and boxes name, the doc ids of those that the archive has."""
    recommended_by: Sequence[Recommending]
    """The newest first; at most 20."""
    recommended_by_count: int
    """In how many lists it stands; an article has two of them."""
    revisions: Sequence[Revision]
    """Its earlier states, the latest first; at most 50."""


async def _view(asked: Asked) -> ArticlePage:
    database, doc_id = asked.database, asked.values["doc_id"]
    stored = await Archive(database).article(doc_id)
    if stored is None:
        raise not_found(
            f"{doc_id} is not in the archive; scrapy crawl article -a urls={doc_id} fetches it"
        )
    same, known, neighbours, count, earlier = await together(
        same_texts(database, doc_id),
        stored_among(database, set(_named(stored.article))),
        Graph(database).neighbours(doc_id, "in", kind=None, depth=1, limit=_RECOMMENDING),
        recommending(database, doc_id),
        revisions(database, stored.article),
    )
    return ArticlePage(
        article=_record(stored),
        same_text=same,
        in_archive=known,
        recommended_by=[_recommending(one) for one in neighbours],
        recommended_by_count=count,
        revisions=earlier,
    )


def _named(article: Article) -> Iterator[str]:
    """Give the ids of the pages that the lists and boxes of *article* name."""
    boxes = (link for box in article.headlines for link in box.links)
    following = () if article.next_article is None else (article.next_article,)
    links = (*article.recommendations, *article.history, *article.originals, *boxes, *following)
    return (link.doc_id for link in links if link.doc_id is not None)


def _record(stored: StoredArticle) -> ArticleRecord:
    article = stored.article
    return ArticleRecord(
        **{one.name: getattr(article, one.name) for one in fields(article)},
        text=article.text,
        images=article.images,
        copy_of=stored.copy_of,
        first_seen_at=stored.first_seen_at,
        last_seen_at=stored.last_seen_at,
        deleted_at=stored.deleted_at,
    )


def _recommending(neighbour: Neighbour) -> Recommending:
    edge, node = neighbour.edge, neighbour.node
    return Recommending(
        doc_id=node.id,
        title=node.title,
        source=node.source,
        published_at=node.published_at,
        kind=edge.kind,
        position=edge.position,
        last_seen_at=edge.last_seen_at,
    )


PAGE = Page(
    path="/articles/{doc_id}",
    template="article.html",
    summary="An article to read, its copies, its earlier states, and who recommends it.",
    shows=ArticlePage,
    view=_view,
    in_path=(
        matching("doc_id", "Doc id of the article", r"[0-9A-V]{8}[0-9A-Z]{8}", is_required=True),
    ),
)
