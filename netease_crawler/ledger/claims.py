"""Which incidents of a crawl people were told of: claimed by one worker, kept for the next runs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from netease_crawler.storage.connection import Database, Document, Patience

FIELD: Final = "told"
"""Of a crawl's document; it goes when the crawl is finished."""
DELIVERY: Final = 120
"""Seconds after which a worker that claimed, and did not deliver, has died."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An incident that people were told of."""

    kind: str
    """As in :class:`~netease_crawler.incident.Kind`."""
    what: str
    """Tells it from others of its kind: a layout and its field, a host, the cause."""
    at: datetime
    """When it was about to be told, by the database's clock."""


async def read_told(database: Database, crawl: str) -> list[Told]:
    """Return what people were told of *crawl* since it was last finished, in that order."""
    document = await database["crawls"].find_one({"_id": crawl}, {FIELD: 1}) or {}
    told = [
        Told(kind=kind, what=claim["what"], at=claim["at"])
        for kind, claims in document.get(FIELD, {}).items()
        for claim in claims.values()
        if claim["is_told"]
    ]
    return sorted(told, key=lambda one: one.at)


class Claims:
    """The incidents of a crawl, each with a *kind* and *what* tells it from others of the kind.

    Each worker has one of its own, and claims with it for itself.
    """

    def __init__(self, database: Database, crawl: str, patience: Patience) -> None:
        self._crawls = database["crawls"]
        self._crawl = crawl
        self._patience = patience
        self._owner = secrets.token_hex(8)

    async def claim(self, kind: str, what: str) -> bool:
        """Whether the caller is to tell of the incident: nobody has, and nobody is about to.

        It must then :meth:`keep` the claim, or :meth:`give_back` it; until then it is told the
        same again.
        """
        field = claim_field(kind, what)
        dead = {"$subtract": ["$$NOW", DELIVERY * 1000]}
        claim = {
            "what": {"$literal": what},
            "by": self._owner,
            "at": "$$NOW",
            "is_told": {"$literal": False},
        }
        # A claim of ours may be one whose answer was lost.
        is_of_another = {"$ne": [f"${field}.by", self._owner]}
        is_claimed = {
            "$or": [
                f"${field}.is_told",
                {"$and": [{"$gt": [f"${field}.at", dead]}, is_of_another]},
            ]
        }
        claimed = await self._patience(
            lambda: self._crawls.update_one(
                {"_id": self._crawl, "$expr": {"$not": [is_claimed]}}, [{"$set": {field: claim}}]
            )
        )
        return claimed.matched_count == 1

    async def keep(self, kind: str, what: str) -> None:
        """Note that somebody was told, where the claim is still the caller's."""
        field = claim_field(kind, what)
        await self._patience(
            lambda: self._crawls.update_one(
                {"_id": self._crawl, f"{field}.by": self._owner},
                {"$set": {f"{field}.is_told": True}},
            )
        )

    async def give_back(self, kind: str, what: str) -> None:
        """Let others tell, where the claim is still the caller's: nobody could be told."""
        field = claim_field(kind, what)
        await self._unset(field, {f"{field}.by": self._owner})

    async def release(self, kind: str, what: str) -> None:
        """Let the incident be one that nobody was told of, whoever did tell: it is over."""
        await self._unset(claim_field(kind, what), {})

    async def release_earlier(self, kind: str, what: str) -> None:
        """Release it if it was claimed before any worker that is now at the crawl joined."""
        field = claim_field(kind, what)
        workers = {"$objectToArray": {"$ifNull": ["$workers", {}]}}
        is_earlier = {"$gt": ["$$this.v.joined_at", f"${field}.at"]}
        all_joined_later = {"$allElementsTrue": [{"$map": {"input": workers, "in": is_earlier}}]}
        await self._unset(field, {"$expr": all_joined_later})

    async def _unset(self, field: str, condition: Document) -> None:
        await self._patience(
            lambda: self._crawls.update_one(
                {"_id": self._crawl, **condition}, {"$unset": {field: ""}}
            )
        )


def claim_field(kind: str, what: str) -> str:
    """Return where the claim is in a crawl's document; hosts have dots, which names must not."""
    return f"{FIELD}.{kind}.{blake2b(what.encode(), digest_size=8).hexdigest()}"
