"""What a row of an export holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from netease_crawler.storage.archive import StoredArticle

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Schema:
    """The fields of a row, and how a stored article becomes one."""

    fields: Mapping[str, str]
    """Each field's type in words, in the order of columns."""
    row: Callable[[StoredArticle], Row]
    """Returns the row of an article: only *fields*, some of which it may leave out."""


class Tally:
    """Counts rows, and in how many of them each field has a value."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.rows = 0
        self.filled: Counter[str] = Counter()

    def add(self, row: Row) -> None:
        """Count *row*. ``None``, an empty text and an empty list are no value; 0 and False are."""
        self.rows += 1
        self.filled.update(name for name, value in row.items() if value not in (None, "", (), []))
