"""A MongoDB that can be killed, filled up and brought back."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

from benchmarks.database import temporary_server
from benchmarks.reliability.errors import NotPossibleError
from netease_crawler.storage.locks import try_lock
from netease_crawler.storage.supervisor import DATA, SUPERVISOR_LOCK

_POLL = 0.05  # seconds
_DISK = "600m"  # five of mongod's journal files are preallocated at most, of 100 MB each


class Mongod:
    """A one-node replica set in *directory*, for the length of a ``with`` block."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @property
    def uri(self) -> str:
        return self._server.uri

    def __enter__(self) -> Mongod:
        with ExitStack() as stack:
            self._server = stack.enter_context(temporary_server(self.directory))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def kill(self) -> None:
        """End it, as a power cut does; it stays away."""
        if self.is_away():  # the ids that it left behind may be those of others
            return
        pid = self._pid()
        os.kill(int((self.directory / SUPERVISOR_LOCK).read_text()), signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        while not self.is_away():
            time.sleep(_POLL)  # a lock on a file wakes nobody

    def kill_mongod(self) -> None:
        """End mongod; its supervisor starts another, which takes writes on return."""
        killed = self._pid()
        os.kill(killed, signal.SIGKILL)
        while self._pid() in (0, killed):
            time.sleep(_POLL)  # the next one says nowhere else that it is there
        self.bring_back()

    def bring_back(self) -> None:
        """Return when it takes writes.

        Raises ServerError where it does not start.
        """
        self._server.ensure()

    def away(self, seconds: float) -> None:
        """Kill it, and bring it back after *seconds*."""
        self.kill()
        time.sleep(seconds)  # the outage
        self.bring_back()

    def is_away(self) -> bool:
        """Whether neither mongod nor its supervisor lives."""
        lock = try_lock(self.directory / SUPERVISOR_LOCK)
        if lock is not None:
            os.close(lock)
        return lock is not None

    def _pid(self) -> int:
        """Return the process id that mongod has written; 0 while one is starting."""
        written = (self.directory / DATA / "mongod.lock").read_text().strip()
        return int(written or 0)


@contextmanager
def on_small_disk(directory: Path) -> Iterator[Mongod]:
    """Run a MongoDB whose disk is a small one in memory.

    Raises NotPossibleError where nothing can be mounted.
    """
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=700", "tmpfs", str(directory)]
    if os.geteuid() != 0:
        raise NotPossibleError("needs root, to mount a small disk")
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        raise NotPossibleError(f"needs to mount a small disk: {mounted.stderr.strip()}")
    try:
        with Mongod(directory) as mongod:
            yield mongod
    finally:
        subprocess.run(["umount", "--lazy", directory], check=True)


@contextmanager
def ballast(directory: Path) -> Iterator[Callable[[], None]]:
    """Give what writes into a file until the disk of *directory* is full.

    May be called again for what is free by then; the file is removed after the block.
    """
    file = directory / "ballast"

    def fill() -> None:
        try:
            with file.open("ab", buffering=0) as weight:
                while True:
                    weight.write(bytes(1_000_000))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise

    try:
        yield fill
    finally:
        file.unlink(missing_ok=True)
