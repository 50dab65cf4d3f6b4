"""What the articles that a query selects have in common, and when they were published.

Up to 2,000 candidates are all compared, and counted exactly. Of more a sample is, so that an
answer takes as long whatever is asked; the counts are estimates then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.candidates import Sample, draw_sample
from netease_crawler.storage.connection import Database, Document, read
from netease_crawler.storage.texts import COLLECTION, TAIL
from netease_crawler.storage.timelines import TimelineBar, timeline
from netease_crawler.storage.together import together

_SAMPLE = 500  # candidates
_AT_ONCE = 500  # candidates that one operation compares; several go on at a time
_TOP = 10
_COUNTED = dict.fromkeys(
    (
        "shelf",
        "published_at",
        "source",
        "account.name",
        "location",
        "category",
        "blocks.kind",
        "copy_of",
    ),
    1,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FacetValue:
    """A value, and how many articles have it."""

    value: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Facets:
    """What the articles of a query have in common.

    Where ``is_estimate``, a sample was looked at, and each count is that of the sample times the
    same whole number: what fewer articles have may be missing, and sums match.
    """

    total: int
    """How many articles there are."""
    is_estimate: bool
    looked_at: int
    """Of how many candidates the counts were made; not all of them match."""
    values: Mapping[str, Sequence[FacetValue]]
    """The ten most frequent by ``source``, ``account`` (its name), ``location`` and ``category``
    (the first level), the most frequent first."""
    has_video: int
    """How many have a video."""
    copies: int | None
    """How many more there are with the text of an earlier one; None where these are counted."""
    timeline: Sequence[TimelineBar]
    """From the first that has a time, of those looked at, to the last."""
    undated: int
    """How many have no time of publication."""


async def read_facets(database: Database, query: ArticleQuery) -> Facets:
    """Return the facets of what *query* selects."""
    with_copies = replace(query, with_copies=True)
    sample = await draw_sample(database, with_copies, _SAMPLE)
    texts = await _matching(database, with_copies, sample)
    if query.with_copies:
        counted = texts
    else:
        counted = [text for text in texts if text.get("copy_of") is None]
    times = [text["published_at"] for text in counted if text.get("published_at") is not None]
    return Facets(
        total=len(counted) * sample.step,
        is_estimate=sample.step > 1,
        looked_at=len(sample.places),
        values={
            "source": _top((text.get("source") for text in counted), sample.step),
            "account": _top(map(_account, counted), sample.step),
            "location": _top((text.get("location") for text in counted), sample.step),
            "category": _top(map(_first_level, counted), sample.step),
        },
        has_video=sum(map(_has_video, counted)) * sample.step,
        copies=None if query.with_copies else (len(texts) - len(counted)) * sample.step,
        timeline=timeline(times, sample.step),
        undated=(len(counted) - len(times)) * sample.step,
    )


async def _matching(database: Database, query: ArticleQuery, sample: Sample) -> list[Document]:
    """Return the search data of what of *sample* matches, each once."""
    doc_ids = [doc_id for _, doc_id in sample.places]
    parts = (doc_ids[begin : begin + _AT_ONCE] for begin in range(0, len(doc_ids), _AT_ONCE))
    found = await together(*(_compared(database, query, part) for part in parts))
    texts = [text for part in found for text in part]
    if sample.step == 1:
        return texts
    # What was edited is in two places: it would be drawn twice as often.
    drawn = set(sample.places)
    return [text for text in texts if drawn & {(TAIL, text["_id"]), (text["shelf"], text["_id"])}]


async def _compared(
    database: Database, query: ArticleQuery, doc_ids: Sequence[str]
) -> list[Document]:
    cursor = database[COLLECTION].find(
        {"_id": {"$in": doc_ids}} | query.to_filter(), _COUNTED, batch_size=len(doc_ids) + 1
    )
    return await read(cursor)


def _account(text: Document) -> str | None:
    name: str | None = text.get("account", {}).get("name")
    return name


def _first_level(text: Document) -> str | None:
    category: str | None = text.get("category")
    return None if category is None else category.split("/", 1)[0]


def _has_video(text: Document) -> bool:
    return any(block["kind"] == "video" for block in text["blocks"])


def _top(values: Iterable[str | None], step: int) -> list[FacetValue]:
    counts = Counter(value for value in values if value is not None)
    in_order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [FacetValue(value=value, count=count * step) for value, count in in_order[:_TOP]]
