"""Whether pages that lack a field do so by chance, or because the site changed its markup.

Pure statistics: what an article shows comes from :mod:`.coverage`, where pages go is decided
by the ledger.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import dropwhile, islice
from math import exp, lgamma, log
from operator import itemgetter

Name = tuple[str, str]
"""A layout and a field that its pages may show."""

UNREAD: Name = ("?", "layout")
"""What pages of articles lack that no layout reads."""

USUAL: Mapping[str, frozenset[str]] = {
    "post2020_dy": frozenset(
        {
            *("published_at", "source", "has_statement"),
            *("account", "account.name", "account.media_id", "account.avatar_url"),
            *("account.article_count", "account.follower_count"),
            *("related.title", "related.source", "related.published_at"),
            *("hot.title", "hot.source", "hot.published_at"),
        }
    ),
    "mobile_hbs": frozenset({"published_at", "source", "account", "account.name"}),
    "dy_v2": frozenset({"published_at", "source", "account", "account.name"}),
    "post1603": frozenset({"published_at", "source", "hot.title", "hot.source"}),
    "ep": frozenset({"published_at", "source"}),
}
"""Fields that every page known by layout shows, where it can be asked: the saved pages of
2012-2025 with checked values (2 post2020_dy, 1 mobile_hbs, 1 dy_v2, 5 post1603, 9 ep), and for
post2020_dy every article of the demo site, whose pages are modelled on those of 2021-2026. Lists
as a whole are not among them: who saves a page may cut them off."""

WINDOW = 50
"""Pages of a layout in which a change has to be noticed."""
CHANCE = 1e-3
"""What is less likely than this, at the end of a crawl, is not taken for chance."""
_CHANCE_SO_FAR = 1e-6  # the same after any page: there are thousands in a crawl
_CHANCE_OF_A_RUN = 1e-5
_STRICT = 0.95  # usual share from which on a page without the field is a suspect
_OPTIONAL = 1 / 3  # least usual share whose end can be noticed within the window
_RESEMBLANCE = 2 / 3
"""Of the usual share, what is expected of an optional field: pages of one account resemble
each other, so that it varies more than chance has it."""
_FEWEST_EARLIER = 100
_MOST_UNREAD = 10  # pages in the window that no layout reads


@dataclass(slots=True)
class Coverage:
    """Of how many pages a field was asked, and how many showed it."""

    asked: float = 0
    shown: float = 0

    def add(self, asked: float, shown: float) -> None:
        self.asked += asked
        self.shown += shown

    @property
    def share(self) -> float:
        return self.shown / self.asked if self.asked else 0.0


Coverages = dict[Name, Coverage]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fall:
    """A field that pages of a layout show significantly more rarely than usual."""

    layout: str
    """``?``: no layout reads the pages."""
    field: str
    usual: float
    """Share of pages that show it usually."""
    seen: float
    """Share of the pages looked at that show it."""
    asked: int
    """How many were looked at: those since the first of late without it."""
    pages: tuple[str, ...]
    """Addresses of pages without it, three at most."""

    @property
    def name(self) -> Name:
        return self.layout, self.field

    @property
    def line(self) -> str:
        """The fall in a line."""
        return (
            f"{self.layout} shows {self.field} on {self.seen:.0%} of {self.asked} pages,"
            f" usually on {self.usual:.1%}: {' '.join(self.pages)}"
        )


def chance(lacking: int, asked: int, share: float) -> float:
    """Return how likely at least *lacking* of *asked* pages lack what *share* of all show."""
    if lacking <= 0 or share <= 0:
        return 1.0
    if share >= 1:
        return 0.0
    lacks, shows = log(1 - share), log(share)
    fewer = sum(
        exp(
            lgamma(asked + 1)
            - lgamma(k + 1)
            - lgamma(asked - k + 1)
            + k * lacks
            + (asked - k) * shows
        )
        for k in range(lacking)
    )
    return max(0.0, 1.0 - fewer)


def usual_share(name: Name, *known: Mapping[Name, Coverage]) -> float:
    """Return the share of pages that show *name*, as far as *known*.

    What every page known shows is taken as shown by 99.8 of 100 pages to begin with, anything
    else by 10 of 20: no share is certain, and an optional field does not pass for a usual one
    because the first pages happen to show it.
    """
    layout, field = name
    asked, shown = (100.0, 99.8) if field in USUAL.get(layout, ()) else (20.0, 10.0)
    for coverages in known:
        if (coverage := coverages.get(name)) is not None:
            asked += coverage.asked
            shown += coverage.shown
    return shown / asked


def is_strict(share: float) -> bool:
    """Whether a page without a field that *share* of all show must not pass unlooked at."""
    return share >= _STRICT


def expected_share(share: float) -> float:
    """Return the least share that pages which happen to be alike are expected to show."""
    return share if is_strict(share) else share * _RESEMBLANCE


class Sentinel:
    """Watches the pages of one worker, in the order in which they come."""

    def __init__(self) -> None:
        self.archive: Coverages = {}
        """Of earlier crawls."""
        self.crawl: Coverages = {}
        """Of this crawl, by all workers, as far as they are written."""
        self.alerts: set[Name] = set()
        """What has fallen already: a page that lacks it does not pass."""
        self._recent: dict[Name, deque[tuple[bool, str]]] = {}
        self._earlier: Coverages = {}  # of this worker, before the recent ones

    def begin(self) -> None:
        """Take what this crawl has so far as what optional fields are measured against."""
        self._earlier = {
            name: Coverage(coverage.asked, coverage.shown) for name, coverage in self.crawl.items()
        }

    def watch(
        self, layout: str, shows: Mapping[str, bool], url: str
    ) -> tuple[list[Name], list[Fall]]:
        """Return what the page at *url* lacks so that it must not pass, and what fell with it."""
        lacked: list[Name] = []
        falls: list[Fall] = []
        for field, is_shown in shows.items():
            name = (layout, field)
            recent = self._remember(name, is_shown, url)
            if is_shown:
                continue
            share = usual_share(name, self.archive, self.crawl)
            if name not in self.alerts:
                fall = (
                    _fall(name, recent, share)
                    if is_strict(share)
                    else self._end_of_optional(name, recent)
                )
                if fall is not None:
                    falls.append(fall)
                    self.alerts.add(name)
            if is_strict(share) or name in self.alerts:
                lacked.append(name)
        return lacked, falls

    def watch_reading(self, is_read: bool, url: str) -> list[Fall]:
        """Return the fall, if it is one, that the article's page at *url* is read by no layout."""
        recent = self._remember(UNREAD, is_read, url)
        if is_read or UNREAD in self.alerts:
            return []
        unread = sum(not was_read for was_read, _ in recent)
        if unread < _MOST_UNREAD:
            return []
        self.alerts.add(UNREAD)
        return [_as_fall(UNREAD, recent, 1.0)]

    def _remember(self, name: Name, is_shown: bool, url: str) -> deque[tuple[bool, str]]:
        recent = self._recent.get(name)
        if recent is None:
            recent = self._recent[name] = deque()
        recent.append((is_shown, url))
        if len(recent) > WINDOW:
            self._earlier.setdefault(name, Coverage()).add(1, recent.popleft()[0])
        return recent

    def _end_of_optional(self, name: Name, recent: deque[tuple[bool, str]]) -> Fall | None:
        # Archives differ in what they hold: only this crawl's own pages tell what is usual in it.
        earlier = self._earlier.get(name)
        if earlier is None or earlier.asked < _FEWEST_EARLIER or earlier.share < _OPTIONAL:
            return None
        run = next((n for n, (is_shown, _) in enumerate(reversed(recent)) if is_shown), len(recent))
        if (1 - expected_share(earlier.share)) ** run >= _CHANCE_OF_A_RUN:
            return None
        return _as_fall(name, islice(recent, len(recent) - run, None), earlier.share)


def _fall(name: Name, recent: deque[tuple[bool, str]], share: float) -> Fall | None:
    lacking = sum(not is_shown for is_shown, _ in recent)
    if chance(lacking, len(recent), share) >= _CHANCE_SO_FAR:
        return None
    return _as_fall(name, recent, share)


def _as_fall(name: Name, recent: Iterable[tuple[bool, str]], usual: float) -> Fall:
    pages = list(dropwhile(itemgetter(0), recent))
    layout, field = name
    return Fall(
        layout=layout,
        field=field,
        usual=usual,
        seen=sum(is_shown for is_shown, _ in pages) / len(pages),
        asked=len(pages),
        pages=tuple(url for is_shown, url in pages if not is_shown)[:3],
    )


def counted(coverages: Coverages, layout: str, shows: Mapping[str, bool]) -> None:
    """Count in *coverages* a page of *layout* that *shows* its fields."""
    for field, is_shown in shows.items():
        coverages.setdefault((layout, field), Coverage()).add(1, is_shown)
