"""MongoDB goes away: in the middle of a crawl, at its ends, again and again, for want of disk."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from benchmarks.reliability.mongod import Mongod, ballast
from benchmarks.reliability.stage import Stage
from tests.replica_set import ReplicaSet

_SHORT = 5  # seconds
_FLAPS = 5
_FLAP = (2, 4)  # seconds away, and back
_FULL = 20  # seconds for which the disk stays full after mongod has given up


def away_for(seconds: int) -> Callable[[Stage, int], str]:
    """Return a scenario: killed after a third of the pages, back after *seconds*."""

    def act(stage: Stage, _: int) -> str:
        stage.start()
        stage.wait_for_fetches(len(stage.pages) // 3)
        _mongod(stage).away(seconds)
        return _ended(stage, f"{seconds} s away")

    return act


def away_at_start(stage: Stage, _: int) -> str:
    """Away when the command is given, and again when the first article is asked for."""
    mongod = _mongod(stage)
    mongod.kill()
    code = stage.wait_for_exit(stage.start())
    mongod.bring_back()
    stage.start()
    stage.wait_for_fetches(1)
    mongod.away(_SHORT)
    return _ended(stage, f"away: exit code {code}; then {_SHORT} s away at the first page")


def away_at_close(stage: Stage, _: int) -> str:
    """Away when everything is fetched, and the last pages are being written."""
    stage.start()
    stage.wait_until(
        lambda: len(stage.log.by_path()) >= len(stage.pages), "every page to be fetched"
    )
    _mongod(stage).away(_SHORT)
    return _ended(stage, f"{_SHORT} s away")


def flapping(stage: Stage, _: int) -> str:
    """Away for some seconds and back for some, several times."""
    stage.start()
    stage.wait_for_fetches(len(stage.pages) // 10)
    for _ in range(_FLAPS):
        _mongod(stage).away(random.uniform(*_FLAP))
        time.sleep(random.uniform(*_FLAP))  # the crawl goes on meanwhile
    return _ended(stage, f"{_FLAPS} times {_FLAP[0]}-{_FLAP[1]} s away")


def primary_killed(stage: Stage, _: int) -> str:
    """The primary of three nodes is killed; it follows another when it is back."""
    nodes = stage.database
    assert isinstance(nodes, ReplicaSet)
    stage.start()
    stage.wait_for_fetches(len(stage.pages) // 3)
    killed = nodes.kill_primary()
    nodes.primary()  # another was elected
    nodes.start(killed)
    return _ended(stage, "1 kill")


def disk_full(stage: Stage, _: int) -> str:
    """A file fills mongod's disk until mongod gives up, and is removed."""
    mongod = _mongod(stage)
    stage.start()
    stage.wait_for_fetches(len(stage.pages) // 3)

    with ballast(mongod.directory) as fill:

        def has_given_up() -> bool:
            fill()  # whatever mongod has let go of since
            return mongod.is_away()

        stage.wait_until(has_given_up, "mongod to give up")
        time.sleep(_FULL)  # the crawl does without meanwhile
        waits = "the crawl waits" if stage.living else f"exit code {stage.exit_codes[-1]}"
    mongod.bring_back()
    return _ended(stage, f"full for {_FULL} s: {waits}")


def _mongod(stage: Stage) -> Mongod:
    assert isinstance(stage.database, Mongod)
    return stage.database


def _ended(stage: Stage, happened: str) -> str:
    """Let the crawl end; return what *happened*, and whether it had to be started again."""
    restarts = stage.to_the_end()
    return f"{happened}; command given again" if restarts else happened
