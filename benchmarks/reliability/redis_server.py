"""A Redis on a free port of this machine, whose data is in a directory of the caller's."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path


class NotInstalledError(Exception):
    """What is to be compared with is missing here; one line that says what to install."""


class RedisServer:
    """A redis-server that is stopped by ``close()``.

    Every write is in its log of commands, which is flushed to the disk once a second
    (``appendonly``, ``appendfsync everysec``): a killed worker loses nothing of it.
    """

    def __init__(self, directory: Path) -> None:
        """Start the server and wait until it answers. *directory* may be missing.

        Raises NotInstalledError where there is none, RuntimeError where it does not start.
        """
        binary = shutil.which("redis-server")
        if binary is None:
            raise NotInstalledError(
                "redis-server is not installed (Debian: apt-get install redis-server)"
            )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        directory.mkdir(parents=True, exist_ok=True)
        log = directory / "redis.log"
        self._process = subprocess.Popen(
            [
                binary,
                *("--bind", "127.0.0.1", "--port", str(self.port)),
                *("--dir", str(directory), "--logfile", str(log)),
                *("--appendonly", "yes", "--appendfsync", "everysec"),
            ],
            stdin=subprocess.DEVNULL,
        )
        while not self._answers():
            if self._process.poll() is not None:
                end = log.read_text().splitlines()[-3:] if log.exists() else []
                raise RuntimeError("\n".join(("redis-server did not start", *end)))
            time.sleep(0.05)  # it says nowhere that it listens

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
