"""Which incidents of a crawl people were told of: claimed by one worker, kept for the next runs."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from netease_crawler.storage.connection import Database, Patience

FIELD: Final = "told"
"""Of a crawl's document; it goes when the crawl is finished."""
_DELIVERY: Final = 120  # seconds after which a worker that claimed, and did not deliver, has died


class Claims:
    """The incidents of a crawl, each with a *kind* and *what* tells it from others of the kind."""

    def __init__(self, database: Database, crawl: str, patience: Patience) -> None:
        self._crawls = database["crawls"]
        self._crawl = crawl
        self._patience = patience

    async def claim(self, kind: str, what: str) -> bool:
        """Whether the caller is to tell of the incident: nobody has, and nobody is about to.

        It must then :meth:`keep` the claim, or :meth:`give_back` it.
        """
        field = claim_field(kind, what)
        dead = {"$subtract": ["$$NOW", _DELIVERY * 1000]}
        claim = {"what": {"$literal": what}, "at": "$$NOW", "is_told": {"$literal": False}}
        is_claimed = {"$or": [f"${field}.is_told", {"$gt": [f"${field}.at", dead]}]}
        claimed = await self._patience(
            lambda: self._crawls.update_one(
                {"_id": self._crawl, "$expr": {"$not": [is_claimed]}}, [{"$set": {field: claim}}]
            )
        )
        return claimed.modified_count == 1

    async def keep(self, kind: str, what: str) -> None:
        """Note that somebody was told."""
        field = f"{claim_field(kind, what)}.is_told"
        await self._patience(
            lambda: self._crawls.update_one({"_id": self._crawl}, {"$set": {field: True}})
        )

    async def give_back(self, kind: str, what: str) -> None:
        """Let the incident be one that nobody was told of: nobody could be, or it is over."""
        field = claim_field(kind, what)
        await self._patience(
            lambda: self._crawls.update_one({"_id": self._crawl}, {"$unset": {field: ""}})
        )


def claim_field(kind: str, what: str) -> str:
    """Return where the claim is in a crawl's document; hosts have dots, which names must not."""
    return f"{FIELD}.{kind}.{blake2b(what.encode(), digest_size=8).hexdigest()}"
