"""Where to begin to explore the graph of recommendations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pymongo import DESCENDING

from netease_crawler.storage.connection import Database, read
from netease_crawler.storage.graph import Graph, Node, leaving

_NEWEST = 100  # articles: their edges are read in 10 ms; counting 5 million takes seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginnings:
    """Articles of the archive that its newest articles recommend most often."""

    nodes: Sequence[Node]
    """Those that all articles recommend most often first."""
    in_degrees: Mapping[str, int]
    """How many edges of all articles lead to each, by its id; at most MOST_COUNTED of graph."""
    newest: int
    """So many of the newest articles were looked at."""


async def read_beginnings(database: Database, limit: int) -> Beginnings:
    """Return *limit* articles of *database* from which to explore the graph."""
    newest_first = [("published_at", DESCENDING), ("_id", DESCENDING)]
    found = database["articles"].find({}, {"_id": 1}, limit=_NEWEST).sort(newest_first)
    newest = [document["_id"] for document in await read(found)]
    # the index has all that is read: an _id is FROM/KIND/TO
    edges = await read(database["recommendations"].find(leaving(newest), {"_id": 1}))
    times = Counter(edge["_id"].split("/", 2)[2] for edge in edges)
    stored = await read(database["articles"].find({"_id": {"$in": list(times)}}, {"_id": 1}))
    ids = sorted((one["_id"] for one in stored), key=lambda one: (-times[one], one))[:limit]
    graph = Graph(database)
    in_degrees = await graph.in_degrees(ids)
    known = await graph.known(ids)
    return Beginnings(
        nodes=sorted(
            known.values(), key=lambda node: (-in_degrees[node.id], -times[node.id], node.id)
        ),
        in_degrees=in_degrees,
        newest=len(newest),
    )
