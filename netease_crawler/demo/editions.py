"""What the articles of one time share beside them: headlines and 态度原创."""

from __future__ import annotations

from functools import lru_cache

from netease_crawler.demo import sidebar
from netease_crawler.demo.catalogue import EDITIONS, Catalogue, Target
from netease_crawler.demo.draw import Draw
from netease_crawler.demo.recommendations import Listing
from netease_crawler.demo.sidebar import Original

_SHOWN_ORIGINALS = 4
"""How many of its pool 态度原创 shows once JavaScript has run."""


class Editions:
    """The side boxes of a site's pages."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._boxes = lru_cache(EDITIONS)(self._boxes_of_edition)

    def side(self, number: int, channel: str, *, rendered: bool) -> str:
        """Return the boxes beside the article *number*, that of its own channel first."""
        boxes = self._boxes(self._catalogue.edition(number))
        channels = sorted(sidebar.CHANNELS, key=lambda name: name != channel)
        shown = self.originals(number) if rendered else []
        originals = sidebar.originals_box(self._pool(number), shown)
        return "".join(
            (boxes["top"], *(boxes[name] for name in channels), originals, boxes["tabs"])
        )

    def originals(self, number: int) -> list[Original]:
        return self._pool(number)[:_SHOWN_ORIGINALS]

    def _pool(self, number: int) -> list[Original]:
        draw = Draw(self._catalogue.seed, "originals", self._catalogue.edition(number))
        listings = self._listings(len(sidebar.TAGS), draw)
        return list(map(Original, sidebar.TAGS, listings))

    def _boxes_of_edition(self, edition: int) -> dict[str, str]:
        draw = Draw(self._catalogue.seed, "boxes", edition)
        boxes = {
            channel: sidebar.channel_box(name, home, self._listings(5, draw))
            for channel, (name, home) in sidebar.CHANNELS.items()
        }
        return boxes | {
            "top": sidebar.headlines_box(self._listings(5, draw)),
            "tabs": sidebar.tabs_box(self._listings(14, draw)),
        }

    def _listings(self, count: int, draw: Draw) -> list[Listing]:
        numbers = [draw.below(self._catalogue.size) for _ in range(count)]
        return [self._catalogue.listing(Target(number)) for number in numbers]
