from __future__ import annotations

import io
from contextlib import closing
from datetime import datetime, timezone
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest

from netease_crawler.exports.graphml import GraphWriter
from netease_crawler.exports.writing import write_articles
from netease_crawler.items import Account, Article, Recommendation
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database
from netease_crawler.storage.graph import Graph
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article
from tests.conftest import InDatabase
from tests.exports.stored import PROVENANCE

UNKNOWN = "K0D1B2C305149ABF"
TOPIC = "https://www.163.com/special/river/?a=1&b=2"


def recommend(doc_id: str | None, kind: str = "related", position: int = 1, **values: Any) -> Any:
    url = f"https://www.163.com/dy/article/{doc_id}.html" if doc_id else TOPIC
    return Recommendation(
        **{"kind": kind, "position": position, "url": url, "doc_id": doc_id} | values
    )


@pytest.fixture
def articles() -> list[Article]:
    moment = datetime(2025, 3, 3, 22, 30, tzinfo=timezone.utc)
    return [
        make_article(
            EARLY,
            title='<b>"江畔" & 新城</b>\x00\x0b',
            account=Account(media_id="T1512041896301", name="江畔观察"),
            recommendations=(
                recommend(MIDDLE, title="名单里的题目"),
                recommend(MIDDLE, "hot", 3),
                recommend(UNKNOWN, position=2, title="未收录", source="某报", published_at=moment),
                recommend(None, position=3, title="专题"),
            ),
        ),
        make_article(MIDDLE, source="山城晚报", title="存档的题目", published_at=None),
        make_article(LATE, source="江畔观察", recommendations=(recommend(EARLY),)),
    ]


@pytest.fixture
def graph(in_database: InDatabase[bytes], articles: list[Article]) -> bytes:
    """The graph of the articles of 江畔观察."""

    async def scenario(database: Database) -> bytes:
        entries = [Entry(article=article, page=article.doc_id) for article in articles]
        await ArticleWriter(database, "c1").write(entries, SEEN)
        file = io.BytesIO()
        with closing(GraphWriter(file, PROVENANCE, Graph(database))) as writer:
            query = ArticleQuery(source="江畔观察")
            await write_articles(Archive(database), query, writer, lambda done: None)
        assert {name: tally.rows for name, tally in writer.tables.items()} == {
            "nodes": 5,
            "edges": 5,
        }
        return file.getvalue()

    return in_database(scenario)


SEEN_ONCE = {
    "first_seen_at": "2025-03-04T05:06:07+00:00",
    "last_seen_at": "2025-03-04T05:06:07+00:00",
    "times_seen": 1,
}
STORED = {"published_at": "2025-03-04T01:02:03+00:00", "is_known": True, "is_selected": True}


def test_networkx_reads_the_graph(graph: bytes) -> None:
    read = networkx.read_graphml(io.BytesIO(graph))
    assert read.is_directed()
    assert dict(read.nodes(data=True)) == {
        EARLY: STORED
        | {"title": '<b>"江畔" & 新城</b>', "source": "江畔观察", "account": "江畔观察"},
        LATE: STORED | {"title": "江畔新城地铁二号线开通", "source": "江畔观察"},
        MIDDLE: {
            "title": "存档的题目",
            "source": "山城晚报",
            "is_known": True,
            "is_selected": False,
        },
        UNKNOWN: {
            "title": "未收录",
            "source": "某报",
            "published_at": "2025-03-03T22:30:00+00:00",
            "is_known": False,
            "is_selected": False,
        },
        TOPIC: {"title": "专题", "is_known": False, "is_selected": False},
    }
    assert sorted(read.edges(data=True), key=repr) == sorted(
        [
            (EARLY, MIDDLE, {"kind": "related", "position": 1} | SEEN_ONCE),
            (EARLY, MIDDLE, {"kind": "hot", "position": 3} | SEEN_ONCE),
            (EARLY, UNKNOWN, {"kind": "related", "position": 2} | SEEN_ONCE),
            (EARLY, TOPIC, {"kind": "related", "position": 3} | SEEN_ONCE),
            (LATE, EARLY, {"kind": "related", "position": 1} | SEEN_ONCE),
        ],
        key=repr,
    )


def test_nodes_come_before_edges(graph: bytes) -> None:
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ElementTree.fromstring(graph)  # noqa: S314  (ours)
    elements = [element.tag.removeprefix(space) for element in root.findall(f"{space}graph/*")]
    assert elements == ["node"] * 5 + ["edge"] * 5
    assert root.findtext(f"{space}desc", "").splitlines()[:2] == [
        "selection: 来源为“江畔观察”；不含转载副本",
        "selection_en: source is “江畔观察”; without copies",
    ]
