"""Which articles may match a query: all that do, and few others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import merge
from itertools import dropwhile, takewhile
from operator import and_, or_

from netease_crawler.grams import needed_pairs
from netease_crawler.phrases import Phrases
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.connection import Database, read
from netease_crawler.storage.shelves import (
    SIZE,
    PairPlaces,
    Roll,
    milliseconds,
    places,
    ready_shelves,
    rolls,
    time_and_id,
)
from netease_crawler.storage.texts import COLLECTION, TAIL

Candidate = tuple[int, str]
"""When it was published (:func:`~netease_crawler.storage.shelves.milliseconds`), its doc id."""

_FEW = 2000
"""Articles of an account or a source that are all looked at."""
_MOST_PAIRS = 12
"""Pairs of a phrase that are looked at; the texts themselves decide about a long one."""
_EVERYWHERE = -1  # every bit is 1


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may match a query, each the newest first, some more than once."""

    titled: Iterable[Candidate]
    """Those that may have all the words in the title."""
    others: Iterable[Candidate]

    def __iter__(self) -> Iterator[Candidate]:
        return merge(self.titled, self.others, reverse=True)


async def find_candidates(database: Database, query: ArticleQuery) -> Candidates:
    """Return what may match *query*: all that do, and few others."""
    if query.account is not None or query.source is not None:
        few = await _few(database, query)
        if few is not None:
            return Candidates((), few)
    # The tail first: what is put on a shelf in the meantime is found there again.
    tail = await _in_tail(database, query)
    shelves = await _on_shelves(database, query)
    return Candidates(
        merge(tail.titled, shelves.titled, reverse=True),
        merge(tail.others, shelves.others, reverse=True),
    )


def title_choices(query: ArticleQuery) -> list[tuple[str, ...]]:
    """Return what of *query* may be in titles: one of each tuple, folded."""
    return [
        choice
        for name, phrases in query.phrases.items()
        if name != "body"
        for choice in phrases.folded().required
    ]


async def _few(database: Database, query: ArticleQuery) -> list[Candidate] | None:
    """Return all articles that meet the other criteria, None if there are too many."""
    criteria = {name: value for name, value in query.to_filter().items() if name != "$expr"}
    found = database["articles"].find(
        criteria, {"published_at": 1}, limit=_FEW + 1, batch_size=_FEW + 2
    )
    articles = await read(found)
    return None if len(articles) > _FEW else sorted(map(time_and_id, articles), reverse=True)


async def _in_tail(database: Database, query: ArticleQuery) -> Candidates:
    criteria = {"shelf": TAIL} | query.to_filter()
    fields = {"published_at": 1, "folded.title": 1}
    cursor = database[COLLECTION].find(criteria, fields, batch_size=SIZE)
    choices = title_choices(query)
    found: dict[bool, list[Candidate]] = {True: [], False: []}
    for text in await read(cursor):
        title = text["folded"]["title"]
        is_titled = all(any(phrase in title for phrase in choice) for choice in choices)
        found[is_titled].append(time_and_id(text))
    return Candidates(sorted(found[True], reverse=True), sorted(found[False], reverse=True))


async def _on_shelves(database: Database, query: ArticleQuery) -> Candidates:
    wanted = {name: phrases.folded() for name, phrases in query.phrases.items()}
    needed = {pair for phrase in query.wanted("text", "title", "body") for pair in _pairs(phrase)}
    of_pairs = await places(database, needed)
    may_match: dict[str, int] = {}
    for shelf in await ready_shelves(database):
        bits = (_bits(of_pairs, shelf, name, phrases) for name, phrases in wanted.items())
        if found := reduce(and_, bits):
            may_match[shelf] = found
    in_titles = Phrases(tuple(title_choices(query)))
    titled, others = [], []
    for shelf, roll in (await rolls(database, may_match)).items():
        in_title = may_match[shelf] & _bits(of_pairs, shelf, "title", in_titles)
        titled.append(_within(query, roll, in_title))
        others.append(_within(query, roll, may_match[shelf] & ~in_title))
    return Candidates(merge(*titled, reverse=True), merge(*others, reverse=True))


def _bits(of_pairs: PairPlaces, shelf: str, name: str, phrases: Phrases) -> int:
    """Return which places of *shelf* may have the *phrases* where *name* says."""

    def of_pair(pair: str) -> int:
        title, body = of_pairs[pair].get(shelf, (0, 0))
        return title if name == "title" else body if name == "body" else title | body

    def of_phrase(phrase: str) -> int:
        return reduce(and_, map(of_pair, _pairs(phrase)), _EVERYWHERE)

    return reduce(
        and_,
        (reduce(or_, map(of_phrase, choice)) for choice in phrases.required),
        _EVERYWHERE,
    )


def _pairs(phrase: str) -> Sequence[str]:
    return needed_pairs(phrase)[:_MOST_PAIRS]


def _within(query: ArticleQuery, roll: Roll, bits: int) -> Iterator[Candidate]:
    """Give what is where *bits* are 1, and published in the time of *query*."""
    found: Iterator[Candidate] = (
        (roll.times[place], roll.doc_ids[place]) for place in _places(bits, len(roll.times))
    )
    if query.until is not None:
        end = milliseconds(query.until)
        found = dropwhile(lambda one: one[0] >= end, found)
    if query.since is not None:
        begin = milliseconds(query.since)
        found = takewhile(lambda one: one[0] >= begin, found)
    return found


def _places(bits: int, size: int) -> Iterator[int]:
    """Give each of the first *size* places where the bit is 1, as it is asked for."""
    bits &= (1 << size) - 1
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
