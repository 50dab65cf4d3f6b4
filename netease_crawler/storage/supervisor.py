"""The background process that owns a directory's mongod: starts, restarts and stops it.

``python -m netease_crawler.storage.supervisor DIRECTORY BINARY LOCK IDLE_SECONDS`` returns
at once and goes on in the background. LOCK is the descriptor of the locked
``supervisor.lock``, inherited from the starter: the lock is never free in between, and it is
free again when both this process and its mongod are gone.

Whoever uses the server holds ``users.lock`` shared; getting it exclusively means that nobody
does. Only the standard library is imported, as the process stays in memory.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from netease_crawler.storage.locks import try_lock

HOST = "127.0.0.1"
REPLICA_SET = "netease"
DATA = "data"
USERS_LOCK = "users.lock"
SUPERVISOR_LOCK = "supervisor.lock"
SUPERVISOR_LOG = "supervisor.log"

# Below the ports that Linux and macOS give to outgoing connections: one of those could take
# the port while mongod restarts, even a client's own attempt to reach it.
_PORTS = range(20_000, 32_768)
_POLL_SECONDS = 0.2
_STOP_SECONDS = 20
_ATTEMPTS = 4
_STABLE_SECONDS = 10
_MAX_LOG_BYTES = 16_000_000
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# At a new port mongod looks for itself at the one that its replica set remembers, for 30
# seconds if the program that is there now does not answer. It is told that both checks it
# makes at start have failed, which leaves it waiting for a new configuration, as it would.
_LOOK_NOWHERE_ELSE = (
    "--setParameter=enableTestCommands=1",
    "--setParameter=failpoint.failIsSelfCheck={mode: {times: 2}}",
)

logger = logging.getLogger(__name__)


def main(directory: Path, binary: str, lock: int, idle_seconds: float) -> None:
    """Detach and supervise; the last line of the log says why it ended."""
    if os.fork():
        os._exit(0)  # so that the starter has no child to wait for
    os.chdir("/")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s: %(message)s")
    try:
        os.ftruncate(lock, 0)
        os.write(lock, b"%d\n" % os.getpid())
        _supervise(directory, binary, lock, idle_seconds)
    except (OSError, _GaveUpError) as error:
        logger.error("%s", error)


def read_port(directory: Path) -> int | None:
    """Return the port that the server of *directory* has, or had last."""
    try:
        port = int((directory / "port").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return port if port in range(1, 65_536) else None


class _GaveUpError(Exception):
    """mongod ended several times in a row soon after it was started."""


def _supervise(directory: Path, binary: str, lock: int, idle_seconds: float) -> None:
    failures = 0
    while True:
        started = time.monotonic()
        log_start = _rotate(directory / "mongod.log")
        last_port = read_port(directory)
        port = _claim_port(directory, last_port)
        mongod = _start(directory, binary, port, moved=port != last_port, lock=lock)
        # Held until this process is gone: who comes now waits, and starts anew.
        users_lock = _wait_until_unused(mongod, directory / USERS_LOCK, idle_seconds)
        if users_lock is not None:
            _stop(mongod)
            logger.info("mongod %d stopped: nobody used it", mongod.pid)
            return
        reason = _reason(directory, log_start, mongod.returncode)
        failures = 1 if time.monotonic() - started > _STABLE_SECONDS else failures + 1
        if failures == _ATTEMPTS:
            raise _GaveUpError(reason)
        logger.warning("lost mongod %d: %s", mongod.pid, reason)
        if try_lock(directory / USERS_LOCK) is not None:
            return  # nobody needs another
        time.sleep(0.2 * 3 ** (failures - 1))


def _claim_port(directory: Path, last: int | None) -> int:
    """Return the *last* port, which the replica set remembers, or a new one if it is taken."""
    if last is not None and _is_free(last):
        return last
    for port in random.sample(_PORTS, 100):
        if _is_free(port):
            fresh = directory / "port.new"
            fresh.write_text(f"{port}\n")
            fresh.replace(directory / "port")
            return port
    raise OSError(f"no free port on {HOST}")


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        # As mongod does: connections that have just ended do not keep the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError:
            return False
    return True


def _start(
    directory: Path, binary: str, port: int, *, moved: bool, lock: int
) -> subprocess.Popen[bytes]:
    supervisor = os.getpid()
    libc = ctypes.CDLL(None)

    def die_with_supervisor() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:  # it died before the line above
            os._exit(1)

    with (directory / "mongod.err").open("wb") as errors:
        mongod = subprocess.Popen(
            [
                binary,
                f"--dbpath={directory / DATA}",
                f"--bind_ip={HOST}",
                f"--port={port}",
                "--nounixsocket",
                "--networkMessageCompressors=disabled",
                f"--replSet={REPLICA_SET}",
                "--oplogSize=128",  # MB
                "--wiredTigerCacheSizeGB=0.5",  # what searches read of 100,000 articles fits
                "--setParameter=diagnosticDataCollectionEnabled=false",
                "--quiet",
                f"--logpath={directory / 'mongod.log'}",
                "--logappend",
                *(
                    _LOOK_NOWHERE_ELSE
                    if moved and (directory / DATA / "WiredTiger").exists()
                    else ()
                ),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=(lock,),
            preexec_fn=die_with_supervisor if sys.platform == "linux" else None,
        )
    logger.info("mongod %d started on port %d", mongod.pid, port)
    return mongod


def _wait_until_unused(
    mongod: subprocess.Popen[bytes], users: Path, idle_seconds: float
) -> int | None:
    """Return the users' lock once nobody has held it for *idle_seconds*.

    None if mongod ended before.
    """
    last_used = time.monotonic()
    while mongod.poll() is None:
        lock = try_lock(users)
        if lock is None:
            last_used = time.monotonic()
        elif time.monotonic() - last_used >= idle_seconds:
            return lock
        else:
            os.close(lock)
        time.sleep(_POLL_SECONDS)
    return None


def _stop(mongod: subprocess.Popen[bytes]) -> None:
    mongod.terminate()
    try:
        mongod.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        mongod.kill()  # its journal has every acknowledged write
        mongod.wait()


def _rotate(log: Path) -> int:
    """Put a long *log* aside, keeping one; return where the next line will be, in bytes."""
    size = log.stat().st_size if log.exists() else 0
    if size <= _MAX_LOG_BYTES:
        return size
    log.replace(log.with_name(f"{log.name}.1"))
    return 0


def _reason(directory: Path, log_start: int, status: int) -> str:
    """Return why mongod ended: the last error it logged since *log_start*, or wrote."""
    errors = (directory / "mongod.err").read_text(errors="replace").strip()
    if errors:  # it did not get as far as its log
        return errors.splitlines()[-1]
    last = None
    log = directory / "mongod.log"
    if log.exists():
        with log.open("rb") as lines:
            lines.seek(log_start)
            for line in lines:
                last = _logged_error(line) or last
    if last:
        return last
    return f"mongod ended with signal {-status}" if status < 0 else f"mongod exited with {status}"


def _logged_error(line: bytes) -> str | None:
    # {"t":{…},"s":"E","c":"CONTROL",…,"msg":"DBException in initAndListen, terminating",
    #  "attr":{"error":"DBPathInUse: Unable to lock the lock file: …"}}
    try:
        entry = json.loads(line)
    except ValueError:  # cut off by a crash
        return None
    error = entry.get("attr", {}).get("error")
    if entry.get("s") not in ("E", "F") or not error:
        return None
    if isinstance(error, dict):
        error = error.get("errmsg")
    # WiredTiger's are numbers; the sentence follows in the line of what failed for it.
    return " ".join(error.split()) if isinstance(error, str) else None


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
