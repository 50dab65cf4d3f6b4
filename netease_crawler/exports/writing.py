"""Which writer makes a file of which format, and writing it from an archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from importlib.util import find_spec
from typing import BinaryIO, Protocol

from netease_crawler.exports.contents import Contents
from netease_crawler.exports.formats import RECORD, SHEET, CsvWriter, JsonLinesWriter, RowWriter
from netease_crawler.exports.graphml import GraphWriter
from netease_crawler.exports.provenance import Provenance
from netease_crawler.exports.schema import Schema, Tally
from netease_crawler.exports.zyte import ZYTE
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive, StoredArticle
from netease_crawler.storage.connection import Database
from netease_crawler.storage.graph import Graph

FORMATS = ("jsonl", "csv", "parquet", "graphml")
"""Each is the ending of a file's name, too."""
SCHEMAS: Mapping[str, Mapping[str, Schema]] = {
    "netease": {"jsonl": RECORD, "csv": SHEET, "parquet": RECORD},
    "zyte": {"jsonl": ZYTE, "csv": ZYTE},
}
"""What a row holds, by schema and format. A graph has no rows."""
_BATCH = 100  # articles


class Writer(Protocol):
    """Writes articles in batches."""

    tables: Mapping[str, Tally]
    """What it has written, by what a row is."""

    async def write(self, articles: Sequence[StoredArticle]) -> None: ...

    async def finish(self) -> None:
        """Write what comes last; the file stays open."""

    def close(self) -> None:
        """Let go of everything but the file, also where writing has failed."""


class ArticleWriter:
    """Writes a row for each article."""

    def __init__(self, rows: RowWriter, schema: Schema) -> None:
        self._rows = rows
        self._schema = schema
        self.tables: Mapping[str, Tally] = {"articles": Tally(schema.fields)}

    async def write(self, articles: Sequence[StoredArticle]) -> None:
        for stored in articles:
            row = self._schema.row(stored)
            self._rows.write(row)
            self.tables["articles"].add(row)

    async def finish(self) -> None:
        pass

    def close(self) -> None:
        self._rows.close()


def can_write_parquet() -> bool:
    """Whether pyarrow, an extra, is installed."""
    return find_spec("pyarrow") is not None


def open_writer(
    name: str, schema: str, file: BinaryIO, provenance: Provenance, database: Database
) -> Writer:
    """Return what writes the format *name* to *file*; by *schema*, unless it is a graph."""
    if name == "graphml":
        return GraphWriter(file, provenance, Graph(database))
    rows = SCHEMAS[schema][name]
    if name == "parquet":
        from netease_crawler.exports.parquet import ParquetWriter  # needs pyarrow

        return ArticleWriter(ParquetWriter(file, provenance), rows)
    if name == "csv":
        return ArticleWriter(CsvWriter(file, rows.fields), rows)
    return ArticleWriter(JsonLinesWriter(file), rows)


async def write_articles(
    archive: Archive, query: ArticleQuery, writer: Writer, said: Callable[[int], None]
) -> Contents:
    """Write the articles of *query*, the newest first; return what they are.

    *said* is called with the number of articles after each batch.
    """
    contents = Contents()
    batch: list[StoredArticle] = []
    async with aclosing(archive.find(query)) as articles:
        async for stored in articles:
            batch.append(stored)
            if len(batch) == _BATCH:
                await _write(batch, writer, contents)
                said(contents.articles)
                batch.clear()
    await _write(batch, writer, contents)
    await writer.finish()
    return contents


async def _write(batch: Sequence[StoredArticle], writer: Writer, contents: Contents) -> None:
    if batch:
        await writer.write(batch)
        contents.add(batch)
