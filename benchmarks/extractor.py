"""What an extractor takes and gives, and whether it is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page to read, in each of the forms that extractors take."""

    url: str
    body: bytes
    """As the server sent it."""
    text: str
    utf8: bytes


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an extractor found on a page."""

    body: str
    title: str | None
    published_at: str | None = None
    source: str | None = None
    """Name after 来源; from other extractors their author, the nearest that they have."""
    account: str | None = None
    """Name of the 网易号; from other extractors their author."""


Extract = Callable[[Page], Found | None]


@dataclass(frozen=True, kw_only=True)
class Extractor:
    """One row of the tables."""

    label: str
    package: str | None = None
    """Distribution that has to be installed."""
    least_python: tuple[int, int] = (3, 10)
    """The lowest Python that the package runs on."""
    load: Callable[[], Extract]
    is_loaded_anew: bool = False
    """Whether it is loaded before each page, and so remembers none."""
    lacks: frozenset[str] = frozenset()
    """Fields of Found that it does not give."""
    is_bare_parse: bool = False
    """Whether it builds the tree only, as a measure for the others."""

    @property
    def obstacle(self) -> str | None:
        """Why it cannot run here; None if it can."""
        try:
            if self.package:
                version(self.package)
        except PackageNotFoundError:
            least = ".".join(map(str, self.least_python))
            needs = f", as it needs Python {least}" if sys.version_info < self.least_python else ""
            return f"not installed{needs}"
        return None

    @property
    def name(self) -> str:
        """The label, with the version that is installed."""
        if self.package is None or self.obstacle:
            return self.label
        return f"{self.label} {version(self.package)}"
