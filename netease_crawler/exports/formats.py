"""Stored articles as others read them: JSON lines and CSV.

JSON lines hold everything: the fields of the item, then ``text``, ``images`` and what the
archive knows (``copy_of``, ``first_seen_at``, ``last_seen_at``, ``deleted_at``); times are ISO
8601 in UTC.

CSV holds one value a column (:data:`COLUMNS`) for spreadsheets: UTF-8 with the mark by
which Excel knows it, times as ISO 8601 in Beijing, several keywords or images on a line
each. Nothing in it is taken for a formula. Excel itself cuts a text after 32,767 characters.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from netease_crawler.exports.schema import Row, Schema
from netease_crawler.items import Article
from netease_crawler.json_text import as_json
from netease_crawler.storage.archive import StoredArticle
from netease_crawler.times import BEIJING

COLUMNS = (
    "doc_id",
    "url",
    "published_at",
    "title",
    "source",
    "account",  # its name
    "media_id",
    "location",
    "editor",
    "original_title",
    "category",
    "keywords",
    "join_count",
    "comment_count",
    "text",
    "images",
    "copy_of",
    "first_seen_at",
    "last_seen_at",
    "deleted_at",
)

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # the full-width ones where Excel is Chinese or Japanese
_TYPES = {"str": "string", "int": "integer", "bool": "boolean", "datetime": "time"}


def record(stored: StoredArticle) -> dict[str, Any]:
    """Return everything about *stored*, flat, by name."""
    article = stored.article
    return {field.name: getattr(article, field.name) for field in fields(article)} | {
        "text": article.text,
        "images": article.images,
        "copy_of": stored.copy_of,
        "first_seen_at": stored.first_seen_at,
        "last_seen_at": stored.last_seen_at,
        "deleted_at": stored.deleted_at,
    }


def sheet_row(stored: StoredArticle) -> dict[str, Any]:
    """Return what CSV holds of *stored*, by column."""
    account = stored.article.account
    values = record(stored) | {
        "account": account and account.name,
        "media_id": account and account.media_id,
    }
    return {column: values[column] for column in COLUMNS}


def _type(annotation: str) -> str:
    """Return a type in words.

    >>> _type("tuple[Block, ...]"), _type("int | None")
    ('list of Block', 'integer')
    """
    name = annotation.removesuffix(" | None")
    if listed := re.fullmatch(r"tuple\[(\w+), \.\.\.\]", name):
        return f"list of {_type(listed[1])}"
    return _TYPES.get(name, name)


_RECORD_TYPES = {field.name: _type(str(field.type)) for field in fields(Article)} | {
    "text": "string",
    "images": "list of string",
    "copy_of": "string",
    "first_seen_at": "time",
    "last_seen_at": "time",
    "deleted_at": "time",
}

RECORD = Schema(fields=_RECORD_TYPES, row=record)
SHEET = Schema(
    fields={name: _RECORD_TYPES.get(name, "string") for name in COLUMNS} | {"account": "string"},
    row=sheet_row,
)


class RowWriter(Protocol):
    """Writes rows to a file, one after the other."""

    def write(self, row: Row) -> None: ...

    def close(self) -> None:
        """Write what is left, also where writing has failed; the file stays open."""


class JsonLinesWriter:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, row: Row) -> None:
        self._file.write(f"{as_json(row)}\n".encode())

    def close(self) -> None:
        pass


class CsvWriter:
    def __init__(self, file: BinaryIO, columns: Mapping[str, str]) -> None:
        self._rows = csv.writer(codecs.getwriter("utf-8-sig")(file))
        self._columns = tuple(columns)
        self._rows.writerow(self._columns)

    def write(self, row: Row) -> None:
        self._rows.writerow([_cell(row.get(column)) for column in self._columns])

    def close(self) -> None:
        pass


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).isoformat(timespec="seconds")
    if isinstance(value, tuple):
        value = "\n".join(value)
    elif isinstance(value, (list, dict)):
        value = as_json(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
