"""Delivering a message to everybody whom the settings name."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, Protocol

from netease_crawler.alerting.message import Message

logger = logging.getLogger(__name__)

_PAUSES: Final = (1, 3)  # seconds between the tries
TIMEOUT: Final = 10
"""Seconds that a try takes at most, from its beginning to its end: each channel sees to it."""
LONGEST: Final = sum(_PAUSES) + TIMEOUT * (1 + len(_PAUSES))
"""Seconds that a delivery takes at most, all tries together."""


class DeliveryError(Exception):
    """The message was not taken; why, in a line without an address or a password."""


class Channel(Protocol):
    """A way to tell somebody."""

    @property
    def name(self) -> str:
        """What it is and where, without an address or a password."""

    async def send(self, message: Message) -> None:
        """Return when *message* was taken.

        Raises DeliveryError, after TIMEOUT seconds where nothing answers.
        """


async def deliver(channels: Sequence[Channel], message: Message) -> bool:
    """Return whether any of *channels* took *message*; each that did not is logged."""
    return any(await asyncio.gather(*(_deliver(channel, message) for channel in channels)))


async def _deliver(channel: Channel, message: Message) -> bool:
    for pause in (*_PAUSES, None):
        try:
            await channel.send(message)
        except DeliveryError as error:
            if pause is not None:
                await asyncio.sleep(pause)
                continue
            logger.error(
                "The alert was not delivered to %s: %s. It was: %s",
                *(channel.name, error, message.reason),
            )
            return False
        return True
    raise AssertionError  # the last try has returned
