"""What a topic consists of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A topic's place on the site, and the rules of its stories.

    The grammar has at least the rules ``title``, ``lead``, ``detail`` (sentences of the
    body) and ``tag`` (keywords); the words of :mod:`..vocabulary` are at hand.
    """

    name: str
    """Name of the channel as the site shows it (``体育``)."""
    channel: str
    """The channel's part of addresses (``sports``)."""
    category: str
    """``data.article.category`` of its pages."""
    rec_category: str
    """``data.article.recCategory`` of its pages."""
    grammar: str
