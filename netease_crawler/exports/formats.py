"""Stored articles as others read them: JSON lines and CSV.

JSON lines hold everything: the fields of the item, then ``text``, ``images`` and what the
archive knows (``copy_of``, ``first_seen_at``, ``last_seen_at``); times are ISO 8601 in UTC.

CSV holds one value a column (:data:`COLUMNS`) for spreadsheets: UTF-8 with the mark by
which Excel knows it, times as ISO 8601 in Beijing, several keywords or images on a line
each. Nothing in it is taken for a formula. Excel itself cuts a text after 32,767 characters.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol, TextIO

from netease_crawler.storage.archive import StoredArticle
from netease_crawler.terminal.command import as_json
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
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def record(stored: StoredArticle) -> dict[str, Any]:
    """Return everything about *stored*, flat, by name."""
    article = stored.article
    return {field.name: getattr(article, field.name) for field in fields(article)} | {
        "text": article.text,
        "images": article.images,
        "copy_of": stored.copy_of,
        "first_seen_at": stored.first_seen_at,
        "last_seen_at": stored.last_seen_at,
    }


class Writer(Protocol):
    """Writes articles to a file, one after the other."""

    def __init__(self, file: TextIO) -> None: ...

    def write(self, stored: StoredArticle) -> None: ...


class JsonLinesWriter:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, stored: StoredArticle) -> None:
        self._file.write(as_json(record(stored)) + "\n")


class CsvWriter:
    def __init__(self, file: TextIO) -> None:
        file.write("\N{BYTE ORDER MARK}")
        self._rows = csv.writer(file)
        self._rows.writerow(COLUMNS)

    def write(self, stored: StoredArticle) -> None:
        account = stored.article.account
        values = record(stored) | {
            "account": account and account.name,
            "media_id": account and account.media_id,
        }
        self._rows.writerow([_cell(values[column]) for column in COLUMNS])


FORMATS: Mapping[str, type[Writer]] = {"jsonl": JsonLinesWriter, "csv": CsvWriter}
"""By the ending of the file's name."""


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).isoformat(timespec="seconds")
    if isinstance(value, tuple):
        value = "\n".join(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
