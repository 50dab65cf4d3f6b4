from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from netease_crawler.items import Account, Article, Recommendation
from netease_crawler.storage.connection import Database
from netease_crawler.storage.graph import Edge, Graph, Neighbour, Node
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article
from tests.conftest import InDatabase

VIDEO, NEWER = "VABCDEFGH", "VABCDEFGI"
LATER = SEEN + timedelta(days=1)


def related(doc_id: str, position: int = 1, kind: str = "related") -> Recommendation:
    return Recommendation(
        kind=kind,
        position=position,
        url=f"https://x/{doc_id}",
        doc_id=doc_id,
        title=f"名单：{doc_id}",
    )


@pytest.fixture
def ask(in_database: InDatabase[Any]) -> Any:
    """Asks the graph EARLY → MIDDLE → LATE → EARLY, EARLY → videos (hot), seen in two crawls."""

    def run(method: str, *arguments: Any, **options: Any) -> Any:
        async def scenario(database: Database) -> Any:
            first = [
                article(EARLY, related(LATE), related(VIDEO, 4, "hot")),
                article(MIDDLE, related(LATE, 2)),
            ]
            second = [
                article(EARLY, related(MIDDLE), related(VIDEO, 5, "hot"), related(NEWER, 6, "hot")),
                article(LATE, related(EARLY)),
            ]
            for crawl, articles, seen in (("c1", first, SEEN), ("c2", second, LATER)):
                await ArticleWriter(database, crawl).write(articles, seen)
            return await getattr(Graph(database), method)(*arguments, **options)

        return in_database(scenario)

    return run


def article(doc_id: str, *recommendations: Recommendation) -> Entry:
    account = Account(media_id="T1512041896301", name="江畔观察")
    stored: Article = make_article(doc_id, account=account, recommendations=recommendations)
    return Entry(article=stored, page=doc_id)


def known(doc_id: str) -> Node:
    shown = make_article(doc_id)
    return Node(
        id=doc_id,
        title=shown.title,
        source=shown.source,
        account="江畔观察",
        published_at=shown.published_at,
        is_known=True,
    )


def ends(neighbours: list[Neighbour]) -> list[tuple[int, str, str]]:
    return [(one.distance, one.edge.source, one.edge.target) for one in neighbours]


def test_what_is_recommended_now_comes_before_what_was(ask: Any) -> None:
    first, second, third, fourth = ask("neighbours", EARLY, "out", kind=None, depth=1, limit=9)
    assert [first.edge, third.edge] == [
        Edge(
            source=EARLY,
            target=MIDDLE,
            kind="related",
            position=1,
            first_seen_at=LATER,
            last_seen_at=LATER,
            times_seen=1,
        ),
        Edge(
            source=EARLY,
            target=VIDEO,
            kind="hot",
            position=5,
            first_seen_at=SEEN,
            last_seen_at=LATER,
            times_seen=2,
        ),
    ]
    assert (first.node, second.node) == (known(MIDDLE), known(LATE))
    assert third.node == Node(id=VIDEO, title=f"名单：{VIDEO}", is_known=False)
    # the article had not changed, so it is kept with its first list: nothing names this one
    assert fourth.node == Node(id=NEWER, is_known=False)


def test_what_recommends_it(ask: Any) -> None:
    found = ask("neighbours", LATE, "in", kind=None, depth=1, limit=9)
    assert ends(found) == [(1, MIDDLE, LATE), (1, EARLY, LATE)]  # the newest first
    assert [one.node for one in found] == [known(MIDDLE), known(EARLY)]


@pytest.mark.parametrize(
    ("start", "direction", "options", "expected"),
    [
        (MIDDLE, "out", {"depth": 2}, [(1, MIDDLE, LATE), (2, LATE, EARLY)]),
        (
            MIDDLE,
            "out",
            {"depth": 4},
            [(1, MIDDLE, LATE), (2, LATE, EARLY), (3, EARLY, VIDEO), (3, EARLY, NEWER)],
        ),
        (VIDEO, "in", {"depth": 2}, [(1, EARLY, VIDEO), (2, LATE, EARLY)]),
        (EARLY, "out", {"kind": "hot"}, [(1, EARLY, VIDEO), (1, EARLY, NEWER)]),
        (EARLY, "out", {"limit": 1, "depth": 2}, [(1, EARLY, MIDDLE)]),
        (VIDEO, "out", {"depth": 2}, []),
    ],
)
def test_steps_lead_to_each_page_once(
    ask: Any, start: str, direction: str, options: dict[str, Any], expected: list[Any]
) -> None:
    options = {"kind": None, "depth": 1, "limit": 9} | options
    assert ends(ask("neighbours", start, direction, **options)) == expected


@pytest.mark.parametrize(
    ("page_id", "expected"),
    [
        (EARLY, known(EARLY)),
        (VIDEO, Node(id=VIDEO, title=f"名单：{VIDEO}", is_known=False)),
        ("VNOWHERE0", None),
    ],
)
def test_a_page_is_known_from_the_archive_or_a_list(
    ask: Any, page_id: str, expected: Node | None
) -> None:
    assert ask("node", page_id) == expected


def test_in_degrees_count_every_list_that_names_a_page(ask: Any) -> None:
    assert ask("in_degrees", [EARLY, LATE, VIDEO, "VNOWHERE0"]) == {
        EARLY: 1,
        LATE: 2,
        VIDEO: 1,
        "VNOWHERE0": 0,
    }


@pytest.mark.parametrize(
    ("page_ids", "kind", "expected"),
    [
        # what is on the page now before what was, related before hot
        (
            [EARLY, MIDDLE, LATE, VIDEO],
            None,
            [(EARLY, MIDDLE), (LATE, EARLY), (EARLY, LATE), (MIDDLE, LATE), (EARLY, VIDEO)],
        ),
        ([EARLY, MIDDLE, VIDEO], "hot", [(EARLY, VIDEO)]),
        ([MIDDLE, VIDEO], None, []),
        ([".*"], None, []),
    ],
)
def test_edges_among_pages_begin_and_end_there(
    ask: Any, page_ids: list[str], kind: str | None, expected: list[tuple[str, str]]
) -> None:
    found = ask("edges_among", page_ids, kind=kind)
    assert [(edge.source, edge.target) for edge in found] == expected
