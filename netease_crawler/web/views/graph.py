"""The graph of recommendations, a page and its neighbours at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, zip_longest

from netease_crawler.storage.beginnings import read_beginnings
from netease_crawler.storage.graph import Direction, Graph, Node
from netease_crawler.storage.together import together
from netease_crawler.urls import page_id_from_url
from netease_crawler.web.page import Asked, Page
from netease_crawler.web.parameters import choice, number, text
from netease_crawler.web.problems import not_found

_BEGINNINGS = 20
_LONGEST_ADDRESS = 2000  # characters


@dataclass(frozen=True, kw_only=True)
class GraphNode:
    """A page of the graph: as the archive has it, else as a list names it."""

    id: str
    """Doc id of the article, id of the video, or address of a page that has neither."""
    title: str | None
    source: str | None
    account: str | None
    """Name of the account that published it; unknown where the archive does not have it."""
    published_at: datetime | None
    is_known: bool
    """Whether it is an article of the archive."""
    in_degree: int
    """How many recommendations of it there are in the archive: one for each list that names it.
    1000 stands for that many or more."""
    distance: int | None
    """0 for the page that was asked about, 1 for its neighbours; null where none was."""


@dataclass(frozen=True, kw_only=True)
class GraphEdge:
    """A recommendation, as often as it was seen."""

    source: str
    """Doc id of the article that recommends."""
    target: str
    """Id of the page that is recommended."""
    kind: str
    """``related`` (相关推荐) or ``hot`` (热点推荐)."""
    position: int
    """Place in its list, from 1, when it was last seen."""
    times_seen: int
    """In so many crawls."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """A page of the graph with its neighbours, or articles to begin with."""

    centre: str | None
    """Id of the page that was asked about. Null where none was: *nodes* are articles to begin with,
    and there are no *edges*."""
    nodes: Sequence[GraphNode]
    """The centre, then by turns what it recommends and what recommends it; articles to begin with
    by *in_degree*."""
    edges: Sequence[GraphEdge]
    """All among *nodes*; related before hot, each as on its page."""
    is_cut: bool
    """Whether there are more neighbours."""
    newest: int | None
    """Where no page was asked about: *nodes* are what so many of the newest articles recommend
    most often."""

    def lists(self) -> dict[str, list[tuple[GraphEdge, GraphNode]]]:
        """Return what the centre recommends (``out``) and what recommends it (``in``)."""
        nodes = {node.id: node for node in self.nodes}
        return {
            "out": [(one, nodes[one.target]) for one in self.edges if one.source == self.centre],
            "in": [(one, nodes[one.source]) for one in self.edges if one.target == self.centre],
        }


async def _view(asked: Asked) -> Surroundings:
    given: str | None = asked.values["page"]
    if given is None:
        return await _beginnings(asked)
    page = given.strip()  # it may have been pasted
    return await _surroundings(asked, page_id_from_url(page) or page)


async def _beginnings(asked: Asked) -> Surroundings:
    found = await read_beginnings(asked.database, _BEGINNINGS)
    return Surroundings(
        centre=None,
        nodes=[_node(node, found.in_degrees[node.id], None) for node in found.nodes],
        edges=[],
        is_cut=False,
        newest=found.newest,
    )


async def _surroundings(asked: Asked, page_id: str) -> Surroundings:
    graph, limit = Graph(asked.database), asked.values["limit"]
    kind = None if asked.values["kind"] == "both" else asked.values["kind"]
    centre, *ends = await together(
        graph.node(page_id),
        _ends(graph, page_id, "out", kind, asked),
        _ends(graph, page_id, "in", kind, asked),
    )
    if centre is None:
        raise not_found(f"{page_id} is not in the archive, and nothing there recommends it")
    in_turns = chain.from_iterable(zip_longest(*ends))
    around = {node.id: node for node in in_turns if node is not None}
    nodes = {page_id: centre} | dict(islice(around.items(), limit))
    in_degrees, edges = await together(graph.in_degrees(nodes), graph.edges_among(nodes, kind=kind))
    return Surroundings(
        centre=page_id,
        nodes=[_node(node, in_degrees[one], int(one != page_id)) for one, node in nodes.items()],
        edges=[
            GraphEdge(
                source=edge.source,
                target=edge.target,
                kind=edge.kind,
                position=edge.position,
                times_seen=edge.times_seen,
            )
            for edge in edges
        ],
        is_cut=len(around) > limit or any(len(one) > limit for one in ends),
        newest=None,
    )


async def _ends(
    graph: Graph, page_id: str, direction: Direction, kind: str | None, asked: Asked
) -> list[Node]:
    """Return the far ends of the edges that are asked for: one more than the limit, at most."""
    if asked.values["direction"] not in ("both", direction):
        return []
    found = await graph.neighbours(
        page_id, direction, kind=kind, depth=1, limit=asked.values["limit"] + 1
    )
    return [neighbour.node for neighbour in found]


def _node(node: Node, in_degree: int, distance: int | None) -> GraphNode:
    return GraphNode(
        id=node.id,
        title=node.title,
        source=node.source,
        account=node.account,
        published_at=node.published_at,
        is_known=node.is_known,
        in_degree=in_degree,
        distance=distance,
    )


PAGE = Page(
    path="/graph",
    template="graph.html",
    summary="Show what an article recommends and what recommends it; without one, where to begin.",
    shows=Surroundings,
    view=_view,
    parameters=(
        text(
            "page",
            "Doc id, id of a video, or address; none: articles recommended often",
            longest=_LONGEST_ADDRESS,
        ),
        choice("direction", "What it recommends, what recommends it, or both", "both", "out", "in"),
        choice("kind", "相关推荐, 热点推荐, or both", "both", "related", "hot"),
        number("limit", "Neighbours at most", default=60, most=500),
    ),
)
