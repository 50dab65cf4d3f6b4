"""A real replica set of three nodes on this machine, whose nodes can be killed and restarted."""

from __future__ import annotations

import contextlib
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from netease_crawler.storage.server import find_mongod

T = TypeVar("T")

NODES = 3
_NAME = "fleet"
_HOST = "127.0.0.1"
# Not those of outgoing connections: one of them could take the port of a node that is down.
_PORTS = range(20_000, 32_768)
_LONGEST = 60  # seconds until the set is as it is to be

# However pytest ends, no mongod stays behind: 1 is PR_SET_PDEATHSIG, 9 SIGKILL. The process
# keeps both, and its id, when it becomes mongod.
_DIE_WITH_PARENT = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)
os.execv(sys.argv[1], sys.argv[1:])
"""


class ReplicaSet:
    """Three nodes in *directory*, for the length of a ``with`` block. Nodes are numbers from 0."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._mongod = find_mongod()
        self._ports = _free_ports(NODES)
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def uri(self) -> str:
        """Address as MONGO_URI has it: all nodes, and the name of the set."""
        hosts = ",".join(f"{_HOST}:{port}" for port in self._ports)
        return f"mongodb://{hosts}/?replicaSet={_NAME}"

    def __enter__(self) -> ReplicaSet:
        """Start the nodes; they have a primary and two secondaries when this returns."""
        try:
            for node in range(NODES):
                self.start(node)
            self._initiate()
            self.wait_until_whole()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def start(self, node: int) -> None:
        """Start *node*, which is down, with the data it has."""
        data = self._directory / f"node{node}"
        data.mkdir(parents=True, exist_ok=True)
        mongod = [
            str(self._mongod),
            f"--dbpath={data}",
            f"--logpath={data}.log",
            "--logappend",
            f"--bind_ip={_HOST}",
            f"--port={self._ports[node]}",
            "--nounixsocket",
            "--networkMessageCompressors=disabled",
            f"--replSet={_NAME}",
            "--oplogSize=128",  # MB
            "--wiredTigerCacheSizeGB=0.25",
            "--setParameter=diagnosticDataCollectionEnabled=false",
        ]
        self._running[node] = subprocess.Popen(
            [sys.executable, "-c", _DIE_WITH_PARENT, *mongod],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, node: int) -> None:
        """End *node* as a power cut does."""
        process = self._running.pop(node)
        process.kill()
        process.wait()

    def kill_primary(self) -> int:
        """Kill the primary; return which node that was. The others elect another in 10-12 s."""
        node = self.primary()
        self.kill(node)
        return node

    def primary(self) -> int:
        """Return the node that takes writes, once there is one."""

        def find() -> int | None:
            running = sorted(self._running)
            return next((node for node in running if self._is(node, "isWritablePrimary")), None)

        return _wait_for(find, "no primary was elected")

    def wait_until_whole(self) -> None:
        """Return when one node is the primary and the others follow it."""

        def is_whole() -> bool | None:
            primaries = sum(self._is(node, "isWritablePrimary") for node in range(NODES))
            secondaries = sum(self._is(node, "secondary") for node in range(NODES))
            return (primaries, secondaries) == (1, NODES - 1) or None

        _wait_for(is_whole, "the nodes do not form a set")

    def _initiate(self) -> None:
        hosts = [f"{_HOST}:{port}" for port in self._ports]
        members = [{"_id": node, "host": host} for node, host in enumerate(hosts)]
        self._command(0, "replSetInitiate", {"_id": _NAME, "members": members})
        self._command(0, "replSetStepUp")  # else the first election takes ten seconds

    def _command(self, node: int, name: str, value: object = 1) -> None:
        """Run a command as soon as *node* can."""

        def run() -> bool | None:
            try:
                with self._client(node) as client:
                    client.admin.command(name, value)
            except PyMongoError:
                return None
            return True

        _wait_for(run, f"{name} fails")

    def _is(self, node: int, claim: str) -> bool:
        """Whether *node* says ``isWritablePrimary``, or ``secondary``, of itself."""
        try:
            with self._client(node) as client:
                return bool(client.admin.command("hello").get(claim))
        except PyMongoError:
            return False

    def _client(self, node: int) -> MongoClient[dict[str, Any]]:
        return MongoClient(
            _HOST,
            self._ports[node],
            directConnection=True,
            serverSelectionTimeoutMS=1000,
            connectTimeoutMS=1000,
            socketTimeoutMS=20_000,
        )

    def _stop(self) -> None:
        for node in list(self._running):
            self.kill(node)  # in order, each would first let its clients go for 15 seconds


def _wait_for(attempt: Callable[[], T | None], failure: str) -> T:
    deadline = time.monotonic() + _LONGEST
    while time.monotonic() < deadline:
        if (result := attempt()) is not None:
            return result
        time.sleep(0.1)
    raise AssertionError(failure)


def _free_ports(count: int) -> list[int]:
    def free() -> Iterator[int]:
        for port in random.sample(_PORTS, 100):
            with socket.socket() as listener, contextlib.suppress(OSError):
                listener.bind((_HOST, port))
                yield port

    ports = free()
    return [next(ports) for _ in range(count)]
