"""Finding the articles that contain what a query looks for.

Of the candidates each is compared itself, so what is found is exactly what contains the phrases.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from heapq import nlargest
from itertools import dropwhile, groupby, islice
from typing import NamedTuple

from typing_extensions import Self

from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.candidates import (
    Candidate,
    find_candidates,
    title_choices,
)
from netease_crawler.storage.connection import Database, Document, read
from netease_crawler.storage.rolls import milliseconds, time_and_id
from netease_crawler.storage.texts import COLLECTION

RANKED = 200
"""Of how many articles the most relevant are told: the newest that match."""

_AT_ONCE = 500  # candidates that one operation compares
_FIRST = 100  # of the newest: a page of them is 20
_MOST_HITS = 99


class Ranked(NamedTuple):
    """An article that matches, in the order of relevance."""

    score: int
    time: int
    doc_id: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of ranked articles ended."""

    asked_at: datetime
    """When the first page was asked for: what came later is on none of them."""
    last: Ranked

    def __str__(self) -> str:
        return ".".join(map(str, (milliseconds(self.asked_at), *self.last)))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the cursor that *text* stands for; raises ValueError."""
        match = re.fullmatch(r"(\d{1,14})\.(\d{1,9})\.(-?\d{1,19})\.(\w{1,32})", text, re.ASCII)
        if match is None:
            raise ValueError(f"{text!r} is not where a page of a search ends")
        asked_at = datetime.fromtimestamp(int(match[1]) / 1000, timezone.utc)
        return cls(asked_at, Ranked(int(match[2]), int(match[3]), match[4]))


class Search:
    """The articles that *query*, which has phrases, selects."""

    def __init__(self, database: Database, query: ArticleQuery) -> None:
        self._database = database
        self._query = query
        self._filter = query.to_filter()
        self._title_choices = title_choices(query)
        self._in_text = query.wanted("text", "body")

    async def count(self) -> int:
        """Return how many there are."""
        total = 0
        for batch in _batches(await find_candidates(self._database, self._query)):
            total += len(await self._matching(batch))
        return total

    async def newest(self, after: Candidate | None = None) -> AsyncGenerator[list[str], None]:
        """Give their doc ids in batches, the newest first, from the one that follows *after*."""
        found: Iterable[Candidate] = await find_candidates(self._database, self._query)
        if after is not None:
            found = dropwhile(lambda one: one >= after, found)
        for batch in _batches(found, _FIRST):
            matching = await self._matching(batch)
            yield [one[1] for one in batch if one in matching]

    async def most_relevant(
        self, limit: int, asked_at: datetime, after: Ranked | None = None
    ) -> list[Ranked]:
        """Return at most *limit* of them, the most relevant first, that follow *after*.

        Those come first of which more words are in the title, then those where they are more
        often in the text, then the newer. Of those with all the words in the title the newest
        200 are compared, and of the others, too; the rest follows on no page.
        """
        found = await find_candidates(self._database, self._query)
        following: set[Ranked] = set()
        for group in (found.titled, found.others):
            ranked = await self._ranked(group, asked_at)
            following.update(one for one in ranked if after is None or one < after)
            if len(following) >= limit:
                break
        return nlargest(limit, following)

    async def _ranked(self, group: Iterable[Candidate], asked_at: datetime) -> list[Ranked]:
        ranked: list[Ranked] = []
        known = {"first_seen_at": {"$lte": asked_at}}
        for batch in _batches(group, RANKED, RANKED // 3):
            matching = await self._matching(batch, known, {"folded": 1})
            ranked += [
                Ranked(self._score(matching[one]["folded"]), *one)
                for one in batch
                if one in matching
            ]
            if len(ranked) >= RANKED:
                break
        return ranked[:RANKED]

    def _score(self, folded: Document) -> int:
        title: str = folded["title"]
        text: str = folded.get("text", "")
        in_title = sum(any(phrase in title for phrase in choice) for choice in self._title_choices)
        hits = sum(map(text.count, self._in_text))
        return in_title * (_MOST_HITS + 1) + min(hits, _MOST_HITS)

    async def _matching(
        self,
        batch: Sequence[Candidate],
        also: Document | None = None,
        fields: Document | None = None,
    ) -> dict[Candidate, Document]:
        """Return the search data of those of *batch* that match."""
        found = self._database[COLLECTION].find(
            {"_id": {"$in": [doc_id for _, doc_id in batch]}} | self._filter | (also or {}),
            {"published_at": 1} | (fields or {}),
            batch_size=len(batch) + 1,  # at once
        )
        texts = await read(found)
        # An edited article may be a candidate with its old time, too, which is not in here.
        return {time_and_id(text): text for text in texts}


def _batches(
    found: Iterable[Candidate], first: int = _AT_ONCE, others: int = _AT_ONCE
) -> Iterator[list[Candidate]]:
    """Give *found*, which is in order, without repetition."""
    each = (one for one, _ in groupby(found))
    batch = list(islice(each, first))
    while batch:
        yield batch
        batch = list(islice(each, others))
