"""What to read from the archive: criteria, their filter, and a sentence that says them."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from netease_crawler.times import beijing_text

_MEDIA_ID = re.compile(r"T\d{13}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleQuery:
    """A selection of articles: those that meet every criterion given, all where none is.

    Raises ValueError, with one line that names the criterion, where one cannot be meant.
    """

    text: str | None = None
    """Occurs in the title or the text as it stands; Latin letters in either case."""
    account: str | None = None
    """Media id (``T…``) of the account that published it, or the account's whole name."""
    source: str | None = None
    """The whole name after 来源."""
    keyword: str | None = None
    """One of its keywords, whole."""
    category: str | None = None
    """Its category, or one above it: ``社会`` selects ``社会/民生`` too."""
    since: datetime | None = None
    """Published then or later; aware. An article without a time is in no period."""
    until: datetime | None = None
    """Published earlier; aware."""
    with_copies: bool = False
    """Whether articles count whose text an earlier one has already. Each text once is what
    readers and data sets need; whoever asks what an account has reposted wants them all."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                _check_text(field.name, value)
        if self.since and self.until and self.since >= self.until:
            raise ValueError("since: is not before until")

    def to_filter(self) -> dict[str, Any]:
        """Return the MongoDB filter; what users wrote is in it only as text to compare."""
        criteria: dict[str, Any] = {}
        if self.text is not None:
            occurs = {"$regex": re.escape(self.text), "$options": "i"}
            criteria["$or"] = [{"title": occurs}, {"text": occurs}]
        if self.account is not None:
            field = "media_id" if _MEDIA_ID.fullmatch(self.account) else "name"
            criteria[f"account.{field}"] = self.account
        if self.source is not None:
            criteria["source"] = self.source
        if self.keyword is not None:
            criteria["keywords"] = self.keyword
        if self.category is not None:
            criteria["category"] = {"$regex": f"^{re.escape(self.category)}(?:/|$)"}
        if self.since is not None:
            criteria["published_at"] = {"$gte": self.since}
        if self.until is not None:
            criteria.setdefault("published_at", {})["$lt"] = self.until
        if not self.with_copies:
            criteria["copy_of"] = None  # no such field
        return criteria

    def describe(self) -> str:
        """Return the selection in Chinese, times in Beijing, without a full stop.

        >>> ArticleQuery(text="经济", source="城市观察").describe()
        '标题或正文含“经济”，来源为“城市观察”；不含转载副本'
        """
        criteria = [
            f"{label}“{value}”"
            for label, value in (
                ("标题或正文含", self.text),
                ("网易号为", self.account),
                ("来源为", self.source),
                ("关键词有", self.keyword),
                ("分类为", self.category),
            )
            if value is not None
        ]
        if self.since is not None:
            criteria.append(f"{_shortest(self.since)} 起")
        if self.until is not None:
            criteria.append(f"{_shortest(self.until)} 之前")
        copies = "含转载副本" if self.with_copies else "不含转载副本"
        return f"{'，'.join(criteria) or '全部文章'}；{copies}"


def _check_text(name: str, value: str) -> None:
    if not value.strip():
        raise ValueError(f"{name}: is empty")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name}: is not valid Unicode") from None
    if "\0" in value:
        raise ValueError(f"{name}: contains a NUL character")


def _shortest(instant: datetime) -> str:
    """Return *instant* without the seconds, the time of day, where they are zero."""
    return beijing_text(instant).removesuffix(":00").removesuffix(" 00:00")
