"""Which articles may match a query: all that do, and few others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from heapq import merge
from itertools import compress, count, islice
from math import ceil
from operator import and_, neg, or_

from netease_crawler.grams import needed_pairs
from netease_crawler.phrases import Phrases
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.connection import Database, read
from netease_crawler.storage.rolls import Roll, milliseconds, rolls, time_and_id
from netease_crawler.storage.shelf_values import places_of_values
from netease_crawler.storage.shelves import PAIRS, SIZE, PairPlaces, places, ready_shelves
from netease_crawler.storage.texts import COLLECTION, TAIL

Candidate = tuple[int, str]
"""When it was published (:func:`~netease_crawler.storage.rolls.milliseconds`), its doc id."""

FEW = 2000
"""Articles that are all looked at."""
_MANY = 20_000
"""Articles of an account or a source from which a sample is drawn."""
_MOST_PAIRS = 12
"""Pairs of a phrase that are looked at; the texts themselves decide about a long one."""
_EVERYWHERE = -1  # every bit is 1
_FLAGS = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may match a query, each the newest first, some more than once."""

    titled: Iterable[Candidate]
    """Those that may have all the words in the title."""
    others: Iterable[Candidate]

    def __iter__(self) -> Iterator[Candidate]:
        return merge(self.titled, self.others, reverse=True)


@dataclass(frozen=True, slots=True)
class _Places:
    """Which places of a shelf may match: numbers whose bits are 1 there."""

    shelf: str
    roll: Roll
    titled: int
    others: int

    @property
    def either(self) -> int:
        return self.titled | self.others

    def candidates(self, bits: int) -> Iterator[Candidate]:
        """Give what is in these places, the newest first."""
        return map(self.roll.__getitem__, _ones(bits))


async def find_candidates(database: Database, query: ArticleQuery) -> Candidates:
    """Return what may match *query*: all that do, and few others."""
    if query.account is not None or query.source is not None:
        few = await _few(database, query, FEW)
        if few is not None:
            return Candidates((), few)
    # The tail first: what is put on a shelf in the meantime is found there again.
    tail = await _in_tail(database, query)
    shelves = await _on_shelves(database, query)
    titled = (one.candidates(one.titled) for one in shelves if one.titled)
    others = (one.candidates(one.others) for one in shelves if one.others)
    return Candidates(
        merge(tail.titled, *titled, reverse=True), merge(tail.others, *others, reverse=True)
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """What may match a query, or a part of it that is drawn evenly, always the same."""

    places: Sequence[tuple[str, str]]
    """Shelf, or TAIL, and doc id. A shelf may have what was edited and is elsewhere now."""
    step: int
    """Each stands for so many; 1: these are all."""


async def draw_sample(database: Database, query: ArticleQuery, size: int) -> Sample:
    """Return what may match *query* if it is little, else a sample of about *size* of it."""
    few = None
    if query.account is not None or query.source is not None:
        few = await _few(database, query, _MANY)
        if few is not None and len(few) <= FEW:
            return _sample_of(few, size)
    in_tail = list(await _in_tail(database, query))
    shelves = await _on_shelves(database, query)
    total = len(in_tail) + sum(one.either.bit_count() for one in shelves)
    if few is not None and len(few) < total:
        return _sample_of(few, size)
    step = _step(total, size)
    begin = step // 2
    drawn = [(TAIL, doc_id) for _, doc_id in in_tail[begin::step]]
    begin = (begin - len(in_tail)) % step
    for one in shelves:
        places = islice(_ones(one.either), begin, None, step)
        drawn += [(one.shelf, one.roll[place][1]) for place in places]
        begin = (begin - one.either.bit_count()) % step
    return Sample(drawn, step)


def title_choices(query: ArticleQuery) -> list[tuple[str, ...]]:
    """Return what of *query* may be in titles: one of each tuple, folded."""
    return [
        choice
        for name, phrases in query.phrases.items()
        if name != "body"
        for choice in phrases.folded().required
    ]


async def _few(database: Database, query: ArticleQuery, most: int) -> list[Candidate] | None:
    """Return what the account, or else the source, published; None if it is more than *most*."""
    criteria = query.to_filter()
    by = next(name for name in ("account.media_id", "account.name", "source") if name in criteria)
    # as an index answers without the articles, which are large
    covered = {name: criteria[name] for name in (by, "published_at") if name in criteria}
    found = database["articles"].find(
        covered, {"published_at": 1}, limit=most + 1, batch_size=most + 2
    )
    articles = await read(found)
    return None if len(articles) > most else sorted(map(time_and_id, articles), reverse=True)


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


async def _on_shelves(database: Database, query: ArticleQuery) -> list[_Places]:
    wanted = {name: phrases.folded() for name, phrases in query.phrases.items()}
    needed = {pair for phrase in query.wanted("text", "title", "body") for pair in _pairs(phrase)}
    needed |= {pair for phrases in wanted.values() for pair in _known(phrases.excluded)}
    of_pairs = await places(database, needed)
    of_values = await places_of_values(database, PAIRS, query)
    in_titles = Phrases(tuple(title_choices(query)))
    found = []
    for shelf, roll in (await rolls(database, await ready_shelves(database))).items():
        bits = _in_time(query, roll) & of_values.get(shelf, _EVERYWHERE)
        for name, phrases in wanted.items():
            bits &= _bits(of_pairs, shelf, name, phrases)
        if bits:
            titled = bits & _bits(of_pairs, shelf, "title", in_titles)
            found.append(_Places(shelf, roll, titled, bits & ~titled))
    return found


def _in_time(query: ArticleQuery, roll: Roll) -> int:
    """Return which places of *roll* have been published in the time of *query*."""
    begin, end = 0, len(roll.times)
    if query.until is not None:
        begin = bisect_right(roll.times, -milliseconds(query.until), key=neg)
    if query.since is not None:
        end = bisect_right(roll.times, -milliseconds(query.since), key=neg)
    return (1 << end) - (1 << begin) if begin < end else 0


def _bits(of_pairs: PairPlaces, shelf: str, name: str, phrases: Phrases) -> int:
    """Return which places of *shelf* may have the *phrases* where *name* says."""

    def of_pair(pair: str) -> int:
        title, body = of_pairs[pair].get(shelf, (0, 0))
        return title if name == "title" else body if name == "body" else title | body

    def of_phrase(phrase: str) -> int:
        return reduce(and_, map(of_pair, _pairs(phrase)), _EVERYWHERE)

    excluded = reduce(or_, map(of_pair, _known(phrases.excluded)), 0)
    return reduce(
        and_,
        (reduce(or_, map(of_phrase, choice)) for choice in phrases.required),
        ~excluded,
    )


def _known(phrases: Iterable[str]) -> list[str]:
    """Return those of *phrases* that are a pair: shelves know what has them, not only what may.

    What was edited may have lost one, but then its place is stale, and it is found elsewhere.
    """
    return [phrase for phrase in phrases if [phrase] == needed_pairs(phrase) and len(phrase) > 1]


def _sample_of(few: Sequence[Candidate], size: int) -> Sample:
    step = _step(len(few), size)
    return Sample([(TAIL, doc_id) for _, doc_id in few[step // 2 :: step]], step)


def _step(total: int, size: int) -> int:
    return 1 if total <= FEW else ceil(total / size)


def _ones(bits: int) -> Iterator[int]:
    """Give the places where *bits* are 1."""
    return compress(count(), f"{bits:b}"[::-1].encode().translate(_FLAGS))


@lru_cache(64)  # asked for by every shelf
def _pairs(phrase: str) -> Sequence[str]:
    return needed_pairs(phrase)[:_MOST_PAIRS]
