"""The archive for callers that do not await: it is open in a thread of its own.

An event loop runs in that thread, so it does not matter whether one runs in the caller's, as it
does in notebooks.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet

from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError

from netease_crawler.storage.connection import StorageUnavailableError
from netease_crawler.storage.opening import Storage, open_storage

T = TypeVar("T")

_used: WeakSet[ThreadedStorage] = WeakSet()
"""What somebody refers to, if only the thread that closes it."""


class ThreadedStorage:
    """The archive *database* at *uri*, or in the embedded MongoDB where that is empty.

    The first call starts the thread and opens the archive; any thread may call.
    """

    def __init__(self, uri: str, database: str, mongod_binary: str = "") -> None:
        self._open = partial(open_storage, uri, database, mongod_binary)
        # Garbage collection may end a stream of ours, which calls, while we hold it.
        self._lock = threading.RLock()
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        # Not asyncio.run(), nor a thread that Python waits for: both are too late at its exit.
        self._thread = threading.Thread(target=self._work, name="netease_crawler", daemon=True)
        # what only the thread touches:
        self._closing = asyncio.Event()
        self._opening: asyncio.Task[Storage] | None = None
        self._calls: set[asyncio.Task[Any]] = set()
        _used.add(self)

    def call(self, operation: Callable[[Storage], Awaitable[T]]) -> T:
        """Return what *operation* on the open archive returns.

        It is cancelled where KeyboardInterrupt ends the wait. Raises StorageUnavailableError where
        MongoDB does not answer, or the archive is closed; the next call tries to open it again.
        """
        future = self._post(operation)
        try:
            return future.result()
        except CancelledError:
            raise _closed() from None
        except ConnectionFailure as error:
            raise StorageUnavailableError("MongoDB went away: ask again when it is back") from error
        except ExecutionTimeout:
            raise StorageUnavailableError("MongoDB took too long: ask for less") from None
        except PyMongoError as error:
            raise StorageUnavailableError(f"MongoDB: {error}") from error
        finally:
            future.cancel()  # where it is not done

    def stream(self, operation: Callable[[Storage], AsyncGenerator[T, None]]) -> Iterator[T]:
        """Give what *operation* gives, which is closed when nobody wants more of it."""

        async def begin(storage: Storage) -> AsyncGenerator[T, None]:
            return operation(storage)

        given = self.call(begin)
        try:
            while (one := self.call(lambda _: anext(given, None))) is not None:
                yield one
        finally:
            with suppress(StorageUnavailableError):  # closed, and so is what was given
                # Not waited for: garbage collection may be what ends us, in the thread itself.
                self._post(lambda _: given.aclose())

    def _post(self, operation: Callable[[Storage], Awaitable[T]]) -> Future[T]:
        with self._lock:
            if self._is_closed:
                raise _closed()
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(self._call(operation), self._loop)

    def close(self) -> None:
        """Cancel what runs, close the archive and let go of the embedded server."""
        self.end()
        if self._thread.is_alive():
            self._thread.join()

    def end(self) -> None:
        """Begin to close, and wait for nothing.

        Garbage collection calls this, in any thread and whatever lock that holds.
        """
        with self._lock:
            if self._loop is not None and not self._is_closed:
                self._loop.call_soon_threadsafe(self._closing.set)
            self._is_closed = True

    def _work(self) -> None:
        assert self._loop is not None
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        await self._closing.wait()
        for task in self._calls:
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_asyncgens()
        if self._opening is not None:
            await asyncio.wait([self._opening])
            if self._opening.exception() is None:
                await _close(self._opening.result())

    async def _call(self, operation: Callable[[Storage], Awaitable[T]]) -> T:
        task = asyncio.current_task()
        assert task is not None
        self._calls.add(task)
        try:
            return await operation(await self._storage())
        finally:
            self._calls.discard(task)

    async def _storage(self) -> Storage:
        if self._opening is None or (self._opening.done() and self._opening.exception()):
            self._opening = asyncio.create_task(self._open())
        # A call that is cancelled leaves the opening to the others, and to close().
        return await asyncio.shield(self._opening)


async def _close(storage: Storage) -> None:
    try:
        await storage.close()
    except RuntimeError:
        # Python exits, and asyncio looks up no host any more to tell the server of what was
        # cancelled. The driver does so first, once.
        await storage.close()


@atexit.register
def _close_all() -> None:
    for storage in list(_used):
        storage.close()


def _closed() -> StorageUnavailableError:
    return StorageUnavailableError("this Archive is closed: make another")
