"""The archive for callers that do not await."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
from pymongo.errors import AutoReconnect, ExecutionTimeout, OperationFailure, PyMongoError

from netease_crawler.storage.connection import StorageUnavailableError
from netease_crawler.storage.locks import try_lock
from netease_crawler.storage.opening import Storage
from netease_crawler.storage.server import find_mongod
from netease_crawler.storage.threaded import ThreadedStorage

_CLOSED = "this Archive is closed: make another"


@pytest.fixture
def storage(mongo_uri: str, database_name: str) -> Iterator[ThreadedStorage]:
    storage = ThreadedStorage(mongo_uri, database_name)
    yield storage
    storage.close()


async def name(storage: Storage) -> str:
    """Return what the server says of the archive."""
    return str((await storage.database.command("dbStats"))["db"])


async def forever(storage: Storage) -> None:
    await asyncio.Event().wait()


def test_it_is_called_from_a_thread_whose_event_loop_runs(
    storage: ThreadedStorage, database_name: str
) -> None:
    async def notebook() -> str:
        return storage.call(name)

    assert asyncio.run(notebook()) == database_name


def test_threads_that_call_at_once_share_what_the_first_opens(storage: ThreadedStorage) -> None:
    opened: list[Storage] = []
    together = threading.Barrier(8)

    async def itself(storage: Storage) -> Storage:
        return storage

    def call() -> None:
        together.wait()
        opened.append(storage.call(itself))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [opened[0]] * 8


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell's background jobs ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_cancels_the_call_and_no_other(
    storage: ThreadedStorage, database_name: str
) -> None:
    caller = threading.get_ident()
    cancelled = threading.Event()

    async def interrupted(storage: Storage) -> None:
        while sys._current_frames()[caller].f_code.co_name != "wait":  # noqa: ASYNC110
            await asyncio.sleep(0)
        try:
            # Python does not see one that comes just before it sleeps.
            while True:
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.sleep(10)
        finally:
            cancelled.set()

    with pytest.raises(KeyboardInterrupt):
        storage.call(interrupted)
    assert cancelled.wait(30)
    assert storage.call(name) == database_name


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (AutoReconnect("closed"), "MongoDB went away: ask again when it is back"),
        (ExecutionTimeout("exceeded"), "MongoDB took too long: ask for less"),
        (OperationFailure("not authorized"), "MongoDB: not authorized"),
    ],
)
def test_what_the_driver_raises_is_one_line(
    storage: ThreadedStorage, error: PyMongoError, message: str
) -> None:
    async def fail(storage: Storage) -> None:
        raise error

    with pytest.raises(StorageUnavailableError) as raised:
        storage.call(fail)
    assert str(raised.value) == message


def test_closing_ends_what_runs_and_nothing_more_is_taken(storage: ThreadedStorage) -> None:
    running = threading.Event()
    raised: list[str] = []

    async def run(storage: Storage) -> None:
        running.set()
        await forever(storage)

    def call() -> None:
        try:
            storage.call(run)
        except StorageUnavailableError as error:
            raised.append(str(error))

    thread = threading.Thread(target=call)
    thread.start()
    assert running.wait(30)
    storage.close()
    storage.close()
    thread.join()
    call()
    assert raised == [_CLOSED, _CLOSED]


def test_a_stream_that_is_left_is_closed(storage: ThreadedStorage) -> None:
    closed = threading.Event()

    async def numbers(storage: Storage) -> AsyncGenerator[int, None]:
        try:
            for number in range(10):
                yield number
        finally:
            closed.set()

    assert next(storage.stream(numbers)) == 0
    assert closed.wait(30)
    assert list(storage.stream(numbers)) == list(range(10))


def test_a_stream_ends_with_the_archive(storage: ThreadedStorage) -> None:
    closed = threading.Event()

    async def numbers(storage: Storage) -> AsyncGenerator[int, None]:
        try:
            yield 1
            yield 2
        finally:
            closed.set()

    given = storage.stream(numbers)
    assert next(given) == 1
    storage.close()
    assert closed.is_set()
    with pytest.raises(StorageUnavailableError, match=_CLOSED):
        next(given)


def test_the_embedded_server_is_started_when_it_can_be_and_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    binary = tmp_path / "mongod"
    storage = ThreadedStorage("", "netease", str(binary))
    with pytest.raises(StorageUnavailableError) as raised:
        storage.call(name)
    assert str(raised.value) == f"MONGOD_BINARY is {str(binary)!r}, which is not a program to run"

    binary.symlink_to(find_mongod())
    assert storage.call(name) == "netease"
    users = Path(".netease/users.lock")
    assert try_lock(users) is None
    storage.close()
    lock = try_lock(users)
    assert lock is not None
    os.close(lock)
