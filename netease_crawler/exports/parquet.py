"""Stored articles as Parquet, with all fields of JSON lines, in the types of the items.

Times are milliseconds in UTC, lists are lists of structs. What is ``None`` in an item is null;
the fields that every item has are not nullable. pyarrow is an extra: requirements-parquet.txt.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import datetime
from types import NoneType
from typing import Any, BinaryIO, get_args, get_type_hints

import pyarrow as pa
from pyarrow.parquet import ParquetWriter as _File

from netease_crawler.exports.provenance import Provenance
from netease_crawler.exports.schema import Row
from netease_crawler.items import Account, Article, Block, HeadlineBox, Link, Recommendation

ROWS = 500
"""Rows of a row group: about 15 MB of text, which are in memory at once."""
_SCALARS = {
    str: pa.string(),
    int: pa.int64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("ms", tz="UTC"),
}
_NESTED = {
    item: tuple(field.name for field in fields_of(item))
    for item in (Account, Block, HeadlineBox, Link, Recommendation)
}


class ParquetWriter:
    """Writes rows of :func:`~netease_crawler.exports.formats.record`, in row groups."""

    def __init__(self, file: BinaryIO, provenance: Provenance) -> None:
        self._schema = schema().with_metadata(provenance.facts())
        self._file = _File(file, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def write(self, row: Row) -> None:
        self._rows.append({name: _plain(value) for name, value in row.items()})
        if len(self._rows) == ROWS:
            self._write_rows()

    def close(self) -> None:
        with closing(self._file):
            if self._rows:
                self._write_rows()

    def _write_rows(self) -> None:
        self._file.write_batch(pa.RecordBatch.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()


def schema() -> pa.Schema:
    """Return the schema: the fields of the item, what is derived, what the archive knows."""
    time = _SCALARS[datetime]
    return pa.schema(
        [
            *_struct_fields(Article),
            pa.field("text", pa.string(), nullable=False),
            pa.field("images", _list_of(pa.string()), nullable=False),
            pa.field("copy_of", pa.string()),
            pa.field("first_seen_at", time, nullable=False),
            pa.field("last_seen_at", time, nullable=False),
            pa.field("deleted_at", time),
        ]
    )


def _struct_fields(item: type) -> list[pa.Field]:
    hints = get_type_hints(item)
    return [_field(field.name, hints[field.name]) for field in fields_of(item)]


def _field(name: str, hint: Any) -> pa.Field:
    choices = get_args(hint)
    if NoneType in choices:  # X | None
        [hint] = (choice for choice in choices if choice is not NoneType)
    return pa.field(name, _type(hint), nullable=NoneType in choices)


def _type(hint: Any) -> pa.DataType:
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return pa.struct(_struct_fields(hint))
    if entries := get_args(hint):  # tuple[X, ...]
        return _list_of(_type(entries[0]))
    return _SCALARS[hint]


def _list_of(entry: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", entry, nullable=False))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    names = _NESTED.get(type(value))
    return value if names is None else {name: _plain(getattr(value, name)) for name in names}
