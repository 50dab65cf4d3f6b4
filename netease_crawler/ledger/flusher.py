"""The one task of a worker that writes: ends of pages gather into batches."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from bson.errors import InvalidDocument, InvalidStringData
from pymongo.errors import PyMongoError

from netease_crawler.ledger.batches import BatchWriter
from netease_crawler.ledger.ending import Ending, OpenPage
from netease_crawler.ledger.page import Bucket
from netease_crawler.ledger.watch import Watch
from netease_crawler.storage.connection import Patience

logger = logging.getLogger(__name__)

_FLUSH_PAUSE = 0.05  # seconds in which ends gather into a batch
_LARGEST_BATCH = 64


class Flusher:
    """Writes ends of pages in the order in which they come, after a look for drift."""

    def __init__(
        self,
        batches: BatchWriter,
        watch: Watch,
        *,
        patience: Patience,
        on_written: Callable[[Ending, Bucket], object],
        on_failure: Callable[[Exception], object],
    ) -> None:
        self.failure: Exception | None = None
        """What stopped the writing."""
        self._batches = batches
        self._watch = watch
        self._patience = patience
        self._on_written = on_written
        self._on_failure = on_failure
        self._endings: asyncio.Queue[Ending] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; call it once, in the event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    async def stop(self) -> None:
        """Stop, whatever is left to write."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def put(self, ending: Ending) -> None:
        """Let *ending* be written."""
        self._endings.put_nowait(ending)

    async def _run(self) -> None:
        batch: list[Ending] = []
        try:
            while True:
                batch = [await self._endings.get()]
                await asyncio.sleep(_FLUSH_PAUSE)
                while len(batch) < _LARGEST_BATCH and not self._endings.empty():
                    batch.append(self._endings.get_nowait())
                await self._look(batch)
                await self._flush(batch)
        except Exception as error:  # noqa: BLE001 - nobody else writes: all who wait must know
            self.failure = error
            while not self._endings.empty():
                batch.append(self._endings.get_nowait())
            for ending in batch:
                if ending.written is not None and not ending.written.done():
                    ending.written.set_exception(error)
            self._on_failure(error)

    async def _look(self, batch: Sequence[Ending]) -> None:
        falls = self._watch.look(batch)
        await self._patience(lambda: self._watch.act(falls))

    async def _flush(self, batch: Sequence[Ending]) -> None:
        try:
            buckets = await self._patience(lambda: self._batches.write(batch))
        except (PyMongoError, InvalidDocument, InvalidStringData, ValueError) as error:
            if len(batch) > 1:  # one of them cannot be written: the others can
                for ending in batch:
                    await self._flush([ending])
                return
            await self._give_up(batch[0], error)
            return
        for ending, bucket in zip(batch, buckets, strict=True):
            self._on_written(ending, bucket)

    async def _give_up(self, ending: Ending, error: Exception) -> None:
        """Let a page fail that cannot be written, without what it was to leave behind."""
        logger.error("%s cannot be stored: %s", ending.open.page.key, error)
        reason = f"cannot be stored: {error}"
        failed = Ending(OpenPage(ending.open.page), bucket=Bucket.FAILED, reason=reason)
        [bucket] = await self._patience(lambda: self._batches.write([failed]))
        if ending.written is not None and not ending.written.done():
            ending.written.set_exception(error)
        self._on_written(ending, bucket)
