"""What is crawled with while things die: ours, and others in the same place.

A subject's module has a factory, ``(directory, demo, seed_url, mongo_uri) -> Subject``, for
``contextlib.closing``. *directory* is the subject's own: it keeps its project, logs and data
there. The scenario owns the demo site and its access log, the MongoDB of *mongo_uri* and the
processes that ``start()`` returns: it kills them and waits for them.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from netease_crawler.demo.process import DemoSite

DEPTH: Final = 30
"""How many links from the seed a subject follows: on the demo site, to every article."""


class Subject(Protocol):
    """A crawl of the demo site that can be begun, killed and gone on with."""

    name: str
    """As the table shows it: ``netease_crawler``, ``Scrapy + JOBDIR``, ``scrapy-redis``."""

    def start(self) -> subprocess.Popen[bytes]:
        """Start one worker, which begins the crawl or goes on with it.

        The command is the one that the subject's documentation gives for it.
        """

    def is_done(self) -> bool:
        """Whether the crawl believes that nothing is left, by its own means."""

    def stored(self) -> Counter[str]:
        """Return how many documents are stored of each doc id."""

    def close(self) -> None:
        """End what the subject started besides its workers, a queue's server for one."""


Factory = Callable[[Path, DemoSite, str, str], Subject]
