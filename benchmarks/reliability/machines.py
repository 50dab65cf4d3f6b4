"""Machines that sleep past their leases, and machines whose clocks are off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.reliability.errors import NotPossibleError
from benchmarks.reliability.ours import Ours
from benchmarks.reliability.stage import Stage
from netease_crawler.ledger.frontier import LEASE_SECONDS

_ASLEEP = LEASE_SECONDS + 15  # seconds
_OFF = 600  # seconds
_LIBRARIES = Path("/usr/lib")  # Debian's faketime is in MACHINE/faketime/ there


def asleep(stage: Stage, _: int) -> str:
    """One of two workers sleeps past its leases, while the other goes on."""
    ours = stage.subject
    assert isinstance(ours, Ours)
    sleeper, other = stage.start(), stage.start()
    stage.wait_until(lambda: len(stage.living) < 2 or ours.leased_by(other) > 0, "two workers")
    stage.wait_for_fetches(len(stage.pages) // 3)

    def is_stopped_with_leases() -> bool:
        sleeper.send_signal(signal.SIGSTOP)
        if ours.leased_by(sleeper):
            return True
        sleeper.send_signal(signal.SIGCONT)
        return False

    stage.wait_until(is_stopped_with_leases, "a worker with leases")
    leases = ours.leased_by(sleeper)
    time.sleep(_ASLEEP)  # until its leases have run out
    sleeper.send_signal(signal.SIGCONT)
    stage.to_the_end()
    return f"{_ASLEEP} s asleep with {leases} leases{stage.gave_up}"


def clocks_off(stage: Stage, _: int) -> str:
    """Of two workers, one has a clock that is fast, the other one that is slow."""
    for seconds in (_OFF, -_OFF):
        with _clock_off(seconds):
            stage.start()
    stage.to_the_end()
    return f"clocks {_OFF:+} s and {-_OFF:+} s{stage.gave_up}"


@contextmanager
def _clock_off(seconds: int) -> Iterator[None]:
    """Let processes that are started in the block have a clock that is *seconds* ahead.

    Raises NotPossibleError where that is not to be had.
    """
    library = next(_LIBRARIES.glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        raise NotPossibleError("needs libfaketime (Debian: apt-get install faketime)")
    faked = {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{seconds:+}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # time goes on as it does
        "FAKETIME_NO_CACHE": "1",
    }
    before = dict(os.environ)
    os.environ.update(faked)
    try:
        if abs(_clock() - time.time() - seconds) > 5:
            raise NotPossibleError("libfaketime does not change the clock here")
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _clock() -> float:
    """Return what time it is for a process that is started now."""
    shown = subprocess.run(
        [sys.executable, "-c", "import time; print(time.time())"],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(shown.stdout)
