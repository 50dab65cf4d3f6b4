"""What to read from the archive: criteria, their filter, and a sentence that says them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from netease_crawler.phrases import LONGEST, Phrases, read_phrases
from netease_crawler.sentences import LANGUAGES, Language
from netease_crawler.times import beijing_text

_MEDIA_ID = re.compile(r"T\d{13}", re.ASCII)
_SEARCHED = {"text": ("title", "text"), "title": ("title",), "body": ("text",)}
"""Where the phrases of a criterion may be, in the search data (``folded``)."""


@dataclass(frozen=True, kw_only=True)
class ArticleQuery:
    """A selection of articles: those that meet every criterion given, all where none is.

    Raises ValueError, with one line that names the criterion, where one cannot be meant.
    """

    text: str | None = None
    """Words that title or text contain, "exact phrases", -excluded ones, one OR another
    (:mod:`netease_crawler.phrases`). Each is found wherever its characters are, in either case
    or width, in simplified or traditional characters."""
    title: str | None = None
    """The same, in the title."""
    body: str | None = None
    """The same, in the text."""
    account: str | None = None
    """Media id (``T…``) of the account that published it, or the account's whole name."""
    source: str | None = None
    """The whole name after 来源."""
    location: str | None = None
    """IP 属地, whole."""
    keyword: str | None = None
    """One of its keywords, whole."""
    category: str | None = None
    """Its category, or one above it: ``社会`` selects ``社会/民生`` too."""
    has_video: bool = False
    """Whether only articles with a video count."""
    deleted: bool | None = None
    """Whether a crawl has found it deleted on the site; None: either. Of what no crawl has asked
    for again nothing is known, so it counts as not deleted."""
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
        _ = self.phrases  # reads them

    @cached_property
    def phrases(self) -> dict[str, Phrases]:
        """What is looked for, by the criterion (``text``, ``title``, ``body``); none if empty."""
        found = {}
        for name in _SEARCHED:
            if (typed := getattr(self, name)) is not None:
                try:
                    found[name] = read_phrases(typed)
                except ValueError as error:
                    raise ValueError(f"{name}: {error}") from None
        return found

    def wanted(self, *names: str) -> list[str]:
        """Return the phrases, folded, of which the criteria *names* look for one or all."""
        return [
            phrase
            for name in names
            if name in self.phrases
            for choice in self.phrases[name].folded().required
            for phrase in choice
        ]

    def to_filter(self) -> dict[str, Any]:
        """Return the MongoDB filter; what users wrote is in it only as text to compare.

        It is for the collection ``search``, which has the folded texts; without phrases, for
        ``articles`` as well.
        """
        criteria: dict[str, Any] = {}
        if contained := list(self._contained()):
            criteria["$expr"] = {"$and": contained}
        if self.account is not None:
            field = "media_id" if _MEDIA_ID.fullmatch(self.account) else "name"
            criteria[f"account.{field}"] = self.account
        if self.source is not None:
            criteria["source"] = self.source
        if self.location is not None:
            criteria["location"] = self.location
        if self.keyword is not None:
            criteria["keywords"] = self.keyword
        if self.category is not None:
            criteria["category"] = {"$regex": f"^{re.escape(self.category)}(?:/|$)"}
        if self.has_video:
            criteria["blocks.kind"] = "video"
        if self.deleted is not None:
            criteria["deleted_at"] = {"$exists": True} if self.deleted else None  # no such field
        if self.since is not None:
            criteria["published_at"] = {"$gte": self.since}
        if self.until is not None:
            criteria.setdefault("published_at", {})["$lt"] = self.until
        if not self.with_copies:
            criteria["copy_of"] = None  # no such field
        return criteria

    def _contained(self) -> Iterator[dict[str, Any]]:
        for name, phrases in self.phrases.items():
            folded = phrases.folded()
            for choice in folded.required:
                yield {"$or": list(_occurrences(_SEARCHED[name], choice))}
            if folded.excluded:
                yield {"$not": [{"$or": list(_occurrences(_SEARCHED[name], folded.excluded))}]}

    def describe(self, language: str = "zh") -> str:
        """Return the selection in Chinese or English (``en``), times in Beijing, no full stop.

        >>> ArticleQuery(text="经济 -股市", source="城市观察").describe()
        '标题或正文含“经济”、不含“股市”，来源为“城市观察”；不含转载副本'
        >>> ArticleQuery(text="经济 -股市", source="城市观察").describe("en")
        'title or text contains “经济”, not “股市”; source is “城市观察”; without copies'
        """
        say = LANGUAGES[language]
        criteria = [*self._said(say)]
        if self.since is not None:
            criteria.append(say.since.format(_shortest(self.since)))
        if self.until is not None:
            criteria.append(say.until.format(_shortest(self.until)))
        copies = say.with_copies if self.with_copies else say.without_copies
        return f"{say.comma.join(criteria) or say.all_articles}{say.semicolon}{copies}"

    def _said(self, say: Language) -> Iterator[str]:
        for name, phrases in self.phrases.items():
            yield say.contains(name, phrases)
        for name, label in say.labels.items():
            if (value := getattr(self, name)) is not None:
                yield f"{label}“{value}”"
        if self.has_video:
            yield say.has_video
        if self.deleted is not None:
            yield say.deleted if self.deleted else say.not_deleted


def _occurrences(names: tuple[str, ...], phrases: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for phrase in phrases:
        for name in names:
            # several times as fast as a regular expression
            found_at = {"$indexOfBytes": [f"$folded.{name}", {"$literal": phrase}]}
            yield {"$gte": [found_at, 0]}


def _check_text(name: str, value: str) -> None:
    if not value.strip():
        raise ValueError(f"{name}: is empty")
    if len(value) > LONGEST:
        raise ValueError(f"{name}: has {len(value)} characters, at most {LONGEST} are allowed")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name}: is not valid Unicode") from None
    if "\0" in value:
        raise ValueError(f"{name}: contains a NUL character")


def _shortest(instant: datetime) -> str:
    """Return *instant* without the seconds, the time of day, where they are zero."""
    return beijing_text(instant).removesuffix(":00").removesuffix(" 00:00")
