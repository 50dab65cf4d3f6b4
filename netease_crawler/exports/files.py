"""Exporting a selection to a file, and a card beside it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

from netease_crawler.exports.card import File, card
from netease_crawler.exports.contents import Contents
from netease_crawler.exports.provenance import Provenance
from netease_crawler.exports.whole_file import whole_file
from netease_crawler.exports.writing import open_writer, write_articles
from netease_crawler.ledger.reports import Reports
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database
from netease_crawler.terminal.progress import Progress

_CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """What to write, and where."""

    query: ArticleQuery
    format: str
    schema: str
    path: Path | None
    """``None`` is the standard output."""
    card: Path | None
    """Where to write the card; ``None`` for none."""


async def write_export(
    database: Database, export: Export, say: Callable[[str], object]
) -> Contents:
    """Write *export*, both files or neither; *say* is called with how far it is.

    Raises BusyError, and OSError where it cannot be written.
    """
    archive = Archive(database)
    provenance = Provenance(query=export.query, made_at=datetime.now(timezone.utc))
    with ExitStack() as files:
        card_file = files.enter_context(whole_file(export.card)) if export.card else None
        file = files.enter_context(_file(export.path))
        progress = Progress(await archive.count(export.query), "articles", say)
        writer = open_writer(export.format, export.schema, file, provenance, database)
        with closing(writer):
            contents = await write_articles(archive, export.query, writer, progress.reached)
        if card_file is not None:
            assert export.path is not None
            text = card(
                _described(export.path.name, export.format, file),
                provenance,
                contents,
                writer.tables,
                await Reports(database).summaries(),
            )
            card_file.write(text.encode("utf-8", "replace"))  # a file's name may be no Unicode
    return contents


def _file(path: Path | None) -> AbstractContextManager[BinaryIO]:
    return _standard_output() if path is None else whole_file(path)


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def _described(name: str, form: str, file: BinaryIO) -> File:
    file.flush()
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return File(name=name, size=file.tell(), sha256=digest.hexdigest(), format=form)
