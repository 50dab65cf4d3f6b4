"""What the crawls with stock Scrapy have in common: the command, its log, what is stored."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from pymongo import MongoClient

from netease_crawler.demo.process import DemoSite
from netease_crawler.urls import doc_id_from_url

_ROOT = Path(__file__).parents[2]


class StockCrawl:
    """``scrapy crawl stock`` with *settings*, the same command each time."""

    def __init__(
        self,
        directory: Path,
        demo: DemoSite,
        seed_url: str,
        mongo_uri: str,
        settings: Mapping[str, object],
    ) -> None:
        self._directory = directory
        self._arguments = {"origin": demo.origin, "doc_id": doc_id_from_url(seed_url)}
        self._mongo_uri = mongo_uri
        self._database = f"stock_{uuid4().hex[:8]}"
        self._settings = {
            "MONGO_URI": mongo_uri,
            "MONGO_DATABASE": self._database,
            **settings,
        }
        self._runs = 0

    def start(self) -> subprocess.Popen[bytes]:
        self._runs += 1
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", "scrapy", "crawl", "stock"),
                    *(f"-a{name}={value}" for name, value in self._arguments.items()),
                    *(f"-s{name}={value}" for name, value in self._settings.items()),
                ],
                cwd=self._directory,
                env=os.environ
                | {
                    "PYTHONPATH": str(_ROOT),
                    "SCRAPY_SETTINGS_MODULE": "benchmarks.reliability.stock_settings",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def has_finished(self) -> bool:
        """Whether the worker that was started last ended because it had nothing left to do.

        One that was stopped has closed with another reason, one that was killed with none.
        """
        return self._runs > 0 and b"Spider closed (finished)" in self._log.read_bytes()

    def stored(self) -> Counter[str]:
        """Return how many documents are stored of each doc id."""
        with MongoClient[dict[str, Any]](self._mongo_uri) as client:
            counts = client[self._database]["items"].aggregate(
                [{"$group": {"_id": "$doc_id", "count": {"$sum": 1}}}]
            )
            return Counter({row["_id"]: row["count"] for row in counts})

    @property
    def _log(self) -> Path:
        return self._directory / f"worker-{self._runs}.log"
