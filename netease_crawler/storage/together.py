"""Several operations on the database at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

__all__ = ["together"]

if TYPE_CHECKING:
    from asyncio import gather as together  # whose types depend on how many there are
else:

    async def together(*operations: Awaitable[Any]) -> list[Any]:
        """Return what each of *operations* returns; raise what one of them raises.

        Unlike with asyncio.gather(), all have ended then. One that fails does not cancel the
        others: mostly all wait for the same server and give up at the same moment, and on Python
        3.10 and 3.11 an operation that is cancelled as it gives up may keep a lock of the driver
        for ever, and with it whoever asks next, or the end of the event loop.
        """
        given = await asyncio.gather(*operations, return_exceptions=True)
        for one in given:
            if isinstance(one, BaseException):
                raise one
        return given
