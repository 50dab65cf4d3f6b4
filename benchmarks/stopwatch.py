"""A Scrapy add-on that measures the crawl of its process, without the start of the process."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from typing_extensions import Self


class Stopwatch:
    """The add-on: ``ADDONS={"benchmarks.stopwatch.Stopwatch": 0}``."""

    def update_settings(self, settings: BaseSettings) -> None:
        settings.setdefault_in_component_priority_dict("EXTENSIONS", StopwatchExtension, 0)


class StopwatchExtension:
    """Writes ``pages``, ``seconds`` and ``cpu_seconds`` as JSON to the file MEASURED.

    From the first request that is sent until everything is written and the engine stops.
    """

    def __init__(self, crawler: Crawler, file: Path) -> None:
        self._crawler = crawler
        self._file = file
        self._started: tuple[float, float] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler, Path(crawler.settings["MEASURED"]))
        crawler.signals.connect(extension.request_sent, signals.request_reached_downloader)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def request_sent(self) -> None:
        if self._started is None:
            self._started = (time.perf_counter(), time.process_time())

    def engine_stopped(self) -> None:
        assert self._started is not None, "no request was sent"
        seconds, cpu_seconds = self._started
        measured = {
            "pages": self._crawler.stats.get_value("response_received_count", 0),
            "seconds": time.perf_counter() - seconds,
            "cpu_seconds": time.process_time() - cpu_seconds,
        }
        self._file.write_text(json.dumps(measured))
