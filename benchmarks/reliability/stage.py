"""The stage of a scenario: a demo site with its access log, a MongoDB, a subject's workers."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.reliability.errors import TimeLimitError
from benchmarks.reliability.mongod import Mongod
from benchmarks.reliability.subject import DEPTH, Factory, Subject
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from netease_crawler.urls import doc_id_from_url
from tests.replica_set import ReplicaSet

Database = Mongod | ReplicaSet

_POLL = 0.02  # seconds
_STOP_SECONDS = 60
_QUIET = 10  # seconds without a request after which a subject is asked whether it is done
_VAIN_RUNS = 2  # after which nothing more is to be expected


class AccessLog:
    """The requests for articles that a demo site was asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_to = 0
        self._by_path: Counter[str] = Counter()

    def by_path(self) -> Counter[str]:
        """Return how often each article was asked for."""
        if self._path.exists():
            with self._path.open("rb") as log:
                log.seek(self._read_to)
                new = log.read()
            whole = new[: new.rfind(b"\n") + 1]  # the last line may be half written
            self._read_to += len(whole)
            paths = (json.loads(line)["path"] for line in whole.splitlines())
            self._by_path.update(path for path in paths if "/article/" in path)
        return self._by_path


def reachable(site: Site) -> Collection[str]:
    """Return the doc ids of the pages that a whole crawl of *site* fetches."""
    return site.reachable(doc_id_from_url(site.seeds()[0]), DEPTH)


class Stage:
    """Lets a subject crawl, and waits for it, within *limit* seconds for everything."""

    def __init__(
        self, subject: Subject, site: Site, log: AccessLog, database: Database, limit: float
    ) -> None:
        self.subject = subject
        self.database = database
        self.log = log
        self.pages = reachable(site)
        self._workers: list[subprocess.Popen[bytes]] = []
        self._limit = limit
        self._deadline = time.monotonic() + limit

    def start(self) -> subprocess.Popen[bytes]:
        """Start one more worker."""
        worker = self.subject.start()
        self._workers.append(worker)
        return worker

    @property
    def living(self) -> list[subprocess.Popen[bytes]]:
        """The workers that have not ended."""
        return [worker for worker in self._workers if worker.poll() is None]

    @property
    def exit_codes(self) -> list[int | None]:
        """Of all workers, in the order in which they were started; None of one that runs."""
        return [worker.poll() for worker in self._workers]

    @property
    def gave_up(self) -> str:
        """What a scenario that asks no worker to stop adds to what happened: who ended too soon."""
        codes = [code for code in self.exit_codes if code is not None and code > 0]
        return f"; workers gave up: {codes}" if codes else ""

    def moments(self, times: int) -> list[int]:
        """Return at which requests something is to happen, *times* times, at random.

        Raises ValueError where the site has fewer pages.
        """
        return sorted(random.sample(range(1, len(self.pages) * 98 // 100), times))

    def wait_until(self, claim: Callable[[], bool], what: str) -> None:
        """Return when *claim* holds.

        Raises TimeLimitError where the scenario's time is over before.
        """
        while not claim():
            if time.monotonic() > self._deadline:
                raise TimeLimitError(f"not within {self._limit:.0f} s: {what}")
            time.sleep(_POLL)  # nobody tells

    def wait_for_fetches(self, count: int) -> bool:
        """Return when the site was asked *count* times; False where all workers end before."""

        def is_there() -> bool:
            return self.log.by_path().total() >= count

        self.wait_until(lambda: is_there() or not self.living, f"{count} requests")
        return is_there()

    def wait_for_exit(self, worker: subprocess.Popen[bytes]) -> int:
        """Return the exit code of *worker*, which was told to stop.

        Raises TimeLimitError where it does not.
        """
        try:
            return worker.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise TimeLimitError(f"a worker does not stop within {_STOP_SECONDS} s") from None

    def to_the_end(self) -> int:
        """Go on until nothing is left; return how often the crawl had to be started again.

        Ends too where starting it again adds nothing.
        """
        restarts = vain = 0
        before = -1
        while True:
            self._wait_for_workers()
            if self.subject.is_done():
                return restarts
            stored = self.subject.stored().total()
            vain = vain + 1 if stored == before else 0
            if vain == _VAIN_RUNS:
                return restarts
            before = stored
            self.start()
            restarts += 1

    def disband(self) -> None:
        """End every worker at once."""
        for worker in self._workers:
            worker.kill()
            worker.wait()

    def _wait_for_workers(self) -> None:
        """Return when all workers have ended; those that idle after the end are told to."""
        fetched, since = -1, time.monotonic()

        def is_over() -> bool:
            nonlocal fetched, since
            if not self.living:
                return True
            if (now_fetched := self.log.by_path().total()) != fetched:
                fetched, since = now_fetched, time.monotonic()
            if time.monotonic() - since < _QUIET:
                return False
            since = time.monotonic()
            return self.subject.is_done()

        self.wait_until(is_over, "the crawl to end")
        for worker in self.living:
            worker.terminate()
            self.wait_for_exit(worker)


@contextmanager
def staged(
    create: Factory, site: Site, database: Database, directory: Path, limit: float
) -> Iterator[Stage]:
    """Set the stage in *directory*; at the end of the block no worker is left on it."""
    access_log = directory / "access.log"
    home = directory / "subject"
    home.mkdir()
    with (
        DemoSite(site.articles, site.seed, access_log) as demo,
        closing(create(home, demo, site.seeds()[0], database.uri)) as subject,
    ):
        stage = Stage(subject, site, AccessLog(access_log), database, limit)
        try:
            yield stage
        finally:
            stage.disband()
