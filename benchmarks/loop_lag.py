"""A Scrapy add-on that measures how long the event loop of its process keeps others waiting."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from typing_extensions import Self

_SLEEP = 0.01  # seconds


class LoopLag:
    """The add-on: ``ADDONS={"benchmarks.loop_lag.LoopLag": 0}``."""

    def update_settings(self, settings: BaseSettings) -> None:
        settings.setdefault_in_component_priority_dict("EXTENSIONS", LoopLagExtension, 0)


class LoopLagExtension:
    """Sleeps 10 ms again and again, and notes how much longer each took.

    Writes a JSON list of [unix time, seconds too late] to the file MEASURED.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lags: list[tuple[float, float]] = []
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(Path(crawler.settings["MEASURED"]))
        crawler.signals.connect(extension.engine_started, signals.engine_started)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def engine_started(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._measure())

    async def engine_stopped(self) -> None:
        assert self._task is not None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._file.write_text(json.dumps(self._lags))

    async def _measure(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_SLEEP)
            self._lags.append((time.time(), time.perf_counter() - began - _SLEEP))
