"""Who recommends whom: the graph of articles and the pages that they recommend."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bson.regex import Regex

from netease_crawler.storage.connection import Database, Document, read
from netease_crawler.storage.together import together

Direction = Literal["out", "in"]
"""``out``: what an article recommends; ``in``: what recommends it."""

_FAR_END: dict[Direction, str] = {"out": "to", "in": "from"}
MOST_COUNTED = 1000
"""Edges to a page beyond which they are not counted."""
_LONGEST_COUNT = 20_000  # milliseconds
_LISTED = ("doc_id", "url", "title", "source", "published_at")
_ORDER: dict[Direction, list[tuple[str, int]]] = {
    # related before hot; of each what is on the page now, as it is there, then what was earlier
    "out": [("kind", -1), ("last_seen_at", -1), ("position", 1), ("_id", 1)],
    # the newest article first: an id begins with the time of creation
    "in": [("_id", -1)],
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A recommendation, as often as it was seen."""

    source: str
    """Doc id of the article that recommends."""
    target: str
    """Doc id of the article, id of the video, or address of a page that has neither."""
    kind: str
    """``related`` or ``hot``."""
    position: int
    """Place in its list, from 1, when it was last seen."""
    first_seen_at: datetime
    last_seen_at: datetime
    times_seen: int
    """In so many crawls."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A page of the graph: as the archive has it, else as a list names it."""

    id: str
    title: str | None = None
    source: str | None = None
    account: str | None = None
    """Name of the account that published it; unknown where the archive does not have it."""
    published_at: datetime | None = None
    is_known: bool
    """Whether it is an article of the archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """A page at the far end of an edge."""

    direction: Direction
    distance: int
    """Edges from the page that was asked about."""
    edge: Edge
    node: Node


class Graph:
    """Reads the graph of an archive."""

    def __init__(self, database: Database) -> None:
        self._articles = database["articles"]
        self._edges = database["recommendations"]

    async def node(self, page_id: str) -> Node | None:
        """Return the page *page_id*, None where no article is it or recommends it."""
        if known := await self.known([page_id]):
            return known[page_id]
        edge = await self._edges.find_one({"to": page_id}, sort=_ORDER["in"])
        if edge is None:
            return None
        listed = await self._listed([edge["from"]])
        return listed.get(page_id) or Node(id=page_id, is_known=False)

    async def known(self, page_ids: Collection[str]) -> dict[str, Node]:
        """Return those of *page_ids* that are articles of the archive."""
        shown = dict.fromkeys(("title", "source", "published_at", "account.name"), 1)
        found = self._articles.find({"_id": {"$in": list(page_ids)}}, shown)
        return {document["_id"]: _known_node(document) for document in await read(found)}

    async def edges_from(self, doc_ids: Iterable[str]) -> list[Edge]:
        """Return everything that *doc_ids* were seen to recommend."""
        found = self._edges.find(leaving(doc_ids)).sort("_id", 1)
        return [_edge(document) for document in await read(found)]

    async def neighbours(
        self, page_id: str, direction: Direction, *, kind: str | None, depth: int, limit: int
    ) -> list[Neighbour]:
        """Return what is up to *depth* edges away from *page_id*: *limit* edges at most.

        The nearest first. A page is there at its shortest distance only, once for each edge.
        """
        far_end = _FAR_END[direction]
        reached, at = {page_id}, [page_id]
        found: list[Neighbour] = []
        for distance in range(1, depth + 1):
            criteria: Document = {far_end: {"$nin": sorted(reached)}}
            criteria |= leaving(at) if direction == "out" else {"to": {"$in": at}}
            if kind is not None:
                criteria["kind"] = kind
            cursor = self._edges.find(criteria, limit=limit - len(found))
            edges = [_edge(one) for one in await read(cursor.sort(_ORDER[direction]))]
            ends = [edge.target if direction == "out" else edge.source for edge in edges]
            nodes = await self._nodes(edges, ends)
            found += [
                Neighbour(direction=direction, distance=distance, edge=edge, node=nodes[end])
                for edge, end in zip(edges, ends, strict=True)
            ]
            at = list(nodes)
            reached.update(at)
            if not at or len(found) == limit:
                break
        return found

    async def in_degrees(self, page_ids: Collection[str]) -> dict[str, int]:
        """Return how many edges lead to each of *page_ids*, whatever their kind.

        At most :data:`MOST_COUNTED`: what is on the hot list for a day has tens of thousands.
        """
        counts = await together(*map(self._in_degree, page_ids))
        return dict(zip(page_ids, counts, strict=True))

    async def _in_degree(self, page_id: str) -> int:
        return await self._edges.count_documents(
            {"to": page_id}, limit=MOST_COUNTED, maxTimeMS=_LONGEST_COUNT
        )

    async def edges_among(self, page_ids: Collection[str], *, kind: str | None) -> list[Edge]:
        """Return the edges that begin and end in *page_ids*: related before hot, as on the page."""
        criteria: Document = {"to": {"$in": list(page_ids)}} | leaving(page_ids)
        if kind is not None:
            criteria["kind"] = kind
        found = self._edges.find(criteria).sort(_ORDER["out"])
        return [_edge(document) for document in await read(found)]

    async def _nodes(self, edges: Iterable[Edge], page_ids: Iterable[str]) -> dict[str, Node]:
        """Return *page_ids*, ends of *edges*, as the archive knows them or the lists name them."""
        ids = set(page_ids)
        nodes = await self.known(ids)
        if missing := ids - nodes.keys():
            listed = await self._listed({edge.source for edge in edges if edge.target in missing})
            for page_id in missing:
                nodes[page_id] = listed.get(page_id) or Node(id=page_id, is_known=False)
        return nodes

    async def _listed(self, doc_ids: Iterable[str]) -> dict[str, Node]:
        """Return what the stored lists of *doc_ids* name.

        The list is that of the fetch which found the article new or changed.
        """
        found = self._articles.find(
            {"_id": {"$in": list(doc_ids)}}, {f"recommendations.{name}": 1 for name in _LISTED}
        )
        nodes = [
            Node(
                id=entry.get("doc_id") or entry["url"],
                title=entry.get("title"),
                source=entry.get("source"),
                published_at=entry.get("published_at"),
                is_known=False,
            )
            for document in await read(found)
            for entry in document.get("recommendations", ())
        ]
        return {node.id: node for node in nodes}


def leaving(doc_ids: Iterable[str]) -> Document:
    """Return the filter for the edges that leave *doc_ids*: their ``_id`` begins with ``DOC_ID/``.

    Such ranges are found in the index at once; for regular expressions of Python (which have a
    flag) MongoDB would look at every edge, and to plan an ``$or`` of sixty ranges takes it longer
    than to read what is in them.
    """
    return {"_id": {"$in": [Regex(f"^{re.escape(one)}/") for one in doc_ids]}}


def _edge(document: Document) -> Edge:
    return Edge(
        source=document["from"],
        target=document["to"],
        kind=document["kind"],
        position=document["position"],
        first_seen_at=document["first_seen_at"],
        last_seen_at=document["last_seen_at"],
        times_seen=document["times_seen"],
    )


def _known_node(document: Document) -> Node:
    return Node(
        id=document["_id"],
        title=document["title"],
        source=document.get("source"),
        account=document.get("account", {}).get("name"),
        published_at=document.get("published_at"),
        is_known=True,
    )
