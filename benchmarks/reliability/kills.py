"""Workers and their database are killed or stopped at random moments, again and again."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle, islice

from benchmarks.reliability.mongod import Mongod
from benchmarks.reliability.stage import Stage

_FLEET = 3  # workers
_LONGEST_OUTAGE = 3.0  # seconds
_BETWEEN_SIGNALS = 0.5  # seconds between the two of an impatient user

Worker = subprocess.Popen[bytes]


def kill_spider(stage: Stage, times: int) -> str:
    """Kill the only worker; the same command goes on."""
    return _counted(_again_and_again(stage, times, Worker.kill), "kill")


def terminate(stage: Stage, times: int) -> str:
    """SIGTERM, as a service manager sends it."""
    return _counted(_again_and_again(stage, times, Worker.terminate), "stop")


def interrupt(stage: Stage, times: int) -> str:
    """Ctrl-C, once: an orderly stop."""
    return _counted(_again_and_again(stage, times, _interrupt), "stop")


def interrupt_twice(stage: Stage, times: int) -> str:
    """Ctrl-C, and again: Scrapy stops without waiting for what is in flight."""

    def insist(worker: Worker) -> None:
        _interrupt(worker)
        time.sleep(_BETWEEN_SIGNALS)  # as a user does
        if worker.poll() is None:
            _interrupt(worker)

    return _counted(_again_and_again(stage, times, insist), "stop")


def kill_fleet(stage: Stage, times: int) -> str:
    """Kill all workers at once; as many go on."""
    for _ in range(_FLEET):
        stage.start()
    done = 0
    for moment in stage.moments(times):
        if not stage.wait_for_fetches(moment):
            break
        stage.disband()
        done += 1
        for _ in range(_FLEET):
            stage.start()
    stage.to_the_end()
    return f"{_counted(done, 'kill')} of all {_FLEET}{stage.gave_up}"


def kill_anything(stage: Stage, times: int) -> str:
    """Kill one worker of several, or all, or mongod, or its supervisor with it."""
    mongod = stage.database
    assert isinstance(mongod, Mongod)

    def one_worker() -> None:
        if living := stage.living:
            worker = random.choice(living)
            worker.kill()
            worker.wait()

    def away() -> None:
        mongod.away(random.uniform(0, _LONGEST_OUTAGE))

    events: list[tuple[str, Callable[[], object]]] = [
        ("of a worker", one_worker),
        ("of all", stage.disband),
        ("of mongod", mongod.kill_mongod),
        ("of mongod and its supervisor", away),
    ]
    drawn = list(islice(cycle(events), times))
    random.shuffle(drawn)
    done: Counter[str] = Counter()
    for moment, (name, event) in zip(stage.moments(times), drawn, strict=True):
        while len(stage.living) < _FLEET:
            stage.start()
        if not stage.wait_for_fetches(moment):
            break
        event()
        done[name] += 1
    stage.to_the_end()
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(done.items()))
    return f"{_counted(done.total(), 'kill')}: {kinds}{stage.gave_up}"


def _counted(times: int, what: str) -> str:
    return f"{times} {what}" if times == 1 else f"{times} {what}s"


def _interrupt(worker: Worker) -> None:
    worker.send_signal(signal.SIGINT)


def _again_and_again(stage: Stage, times: int, stop: Callable[[Worker], object]) -> int:
    """Crawl to the end, stopping the worker at random moments; return how often that was.

    A crawl that takes itself for done before is stopped less often.
    """
    worker = stage.start()
    done = 0
    for moment in stage.moments(times):
        if not stage.wait_for_fetches(moment):
            break
        stop(worker)
        stage.wait_for_exit(worker)
        done += 1
        worker = stage.start()
    stage.to_the_end()
    return done
