"""The graph of recommendations as GraphML, for Gephi, networkx and others.

Nodes first, then edges. A node is an article of the selection, or a page that one of them
recommends: its id is the doc id, the id of the video, or the address of what has neither. Times are
ISO 8601 in UTC. What XML cannot have (control characters) is left out of texts.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from html import escape
from operator import attrgetter
from types import MappingProxyType
from typing import Any, BinaryIO

from netease_crawler.exports.provenance import Provenance
from netease_crawler.exports.schema import Row, Tally
from netease_crawler.storage.archive import StoredArticle
from netease_crawler.storage.graph import Edge, Graph

NODE_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "title": "string",
        "source": "string",
        "account": "string",
        "published_at": "time",
        "is_known": "boolean",  # an article of the archive
        "is_selected": "boolean",  # by the query: what others recommend is not in the file
    }
)
EDGE_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "string",
        "position": "integer",
        "first_seen_at": "time",
        "last_seen_at": "time",
        "times_seen": "integer",
    }
)
_TYPES = {"integer": "int", "boolean": "boolean"}  # of GraphML, which has none for times
_EDGE = attrgetter(*(field.name for field in fields(Edge)))  # as the table edges has them
_AT_ONCE = 1000
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TABLES = """
pragma journal_mode = off;
create table selected (id primary key) without rowid;
create table named (id primary key, title, source, published_at) without rowid;
create table edges (source, target, kind, position, first_seen_at, last_seen_at, times_seen);
"""


class GraphWriter:
    """Writes the articles that it is given, what they recommend, and the edges between.

    Edges, and what is recommended, wait in a temporary database on disk until the end, so that each
    node is there once, and memory does not grow.
    """

    def __init__(self, file: BinaryIO, provenance: Provenance, graph: Graph) -> None:
        self.tables: Mapping[str, Tally] = {
            "nodes": Tally(NODE_FIELDS),
            "edges": Tally(EDGE_FIELDS),
        }
        self._file = file
        self._graph = graph
        self._waiting = sqlite3.connect("")  # a file without a name, gone when it is closed
        self._waiting.executescript(_TABLES)
        self._file.write(_head(provenance).encode())

    async def write(self, articles: Sequence[StoredArticle]) -> None:
        """Write the nodes of *articles*, and keep what they recommend for the end."""
        for stored in articles:
            self._write_node(stored.article.doc_id, _node(stored))
        edges = await self._graph.edges_from(stored.article.doc_id for stored in articles)
        for statement, values in (
            ("insert or ignore into selected values (?)", [(s.article.doc_id,) for s in articles]),
            ("insert or ignore into named (id) values (?)", [(edge.target,) for edge in edges]),
            ("insert into edges values (?, ?, ?, ?, ?, ?, ?)", map(_texts, map(_EDGE, edges))),
            (
                "update named set title = ?, source = ?, published_at = ?"
                " where id = ? and title is null",
                [
                    _texts(
                        (entry.title, entry.source, entry.published_at, entry.doc_id or entry.url)
                    )
                    for stored in articles
                    for entry in stored.article.recommendations
                ],
            ),
        ):
            self._waiting.executemany(statement, values)

    async def finish(self) -> None:
        """Write the other nodes, the edges, and the end of the file."""
        others = self._waiting.execute(
            "select * from named where id not in (select id from selected) order by id"
        )
        while rows := others.fetchmany(_AT_ONCE):
            known = await self._graph.known([row[0] for row in rows])
            for page_id, *listed in rows:
                node = known.get(page_id)
                values = (node.title, node.source, node.published_at) if node else listed
                self._write_node(
                    page_id,
                    dict(zip(("title", "source", "published_at"), values, strict=True))
                    | {
                        "account": node and node.account,
                        "is_known": node is not None,
                        "is_selected": False,
                    },
                )
        for source, target, *values in self._waiting.execute("select * from edges"):
            self._write_edge(source, target, dict(zip(EDGE_FIELDS, values, strict=True)))
        self._file.write(b"</graph>\n</graphml>\n")

    def close(self) -> None:
        """Remove what is on disk."""
        self._waiting.close()

    def _write_node(self, page_id: str, row: Row) -> None:
        self.tables["nodes"].add(row)
        data = _data(NODE_FIELDS, row)
        self._file.write(f'<node id="{_escaped(page_id)}">{data}</node>\n'.encode())

    def _write_edge(self, source: str, target: str, row: Row) -> None:
        self.tables["edges"].add(row)
        ends = f'source="{_escaped(source)}" target="{_escaped(target)}"'
        self._file.write(f"<edge {ends}>{_data(EDGE_FIELDS, row)}</edge>\n".encode())


def _node(stored: StoredArticle) -> dict[str, Any]:
    article = stored.article
    return {
        "title": article.title,
        "source": article.source,
        "account": article.account and article.account.name,
        "published_at": article.published_at,
        "is_known": True,
        "is_selected": True,
    }


def _head(provenance: Provenance) -> str:
    keys = "".join(
        f'<key id="{name}" for="{owner}" attr.name="{name}"'
        f' attr.type="{_TYPES.get(type_, "string")}"/>\n'
        for owner, fields in (("node", NODE_FIELDS), ("edge", EDGE_FIELDS))
        for name, type_ in fields.items()
    )
    about = "\n".join(f"{name}: {value}" for name, value in provenance.facts().items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        f"<desc>{_escaped(about)}</desc>\n"
        f"{keys}"
        '<graph id="recommendations" edgedefault="directed">\n'
    )


def _data(fields: Mapping[str, str], row: Row) -> str:
    return "".join(
        f'<data key="{name}">{_escaped(_text(row[name]))}</data>'
        for name in fields
        if row[name] is not None
    )


def _texts(values: Sequence[Any]) -> list[Any]:
    """Return *values* with times as texts, as SQLite has none."""
    return [_text(value) if isinstance(value, datetime) else value for value in values]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
