"""An incident: what somebody is to be told of a crawl, once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What has happened."""

    DRIFT = "drift"
    """Pages ceased to show a field."""
    REFUSED = "refused"
    """A host refuses, and is left alone for a while."""
    GAVE_UP = "gave_up"
    """A host refused after every pause; the worker stopped."""
    ENDED = "ended"
    """The crawl has ended with another outcome than ``finished``."""
    STOPPED = "stopped"
    """A worker stopped because it cannot write."""
    NOT_STARTED = "not_started"
    """A worker could not begin."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """Something that went wrong in a crawl."""

    kind: Kind
    what: str
    """Tells it from others of its kind: a layout and its field, a host, the cause."""
    reason: str
    """Why it is one, in a line."""
    examples: tuple[tuple[str, str], ...] = ()
    """Pages that show it, three at most: the address of each, and what became of it."""
