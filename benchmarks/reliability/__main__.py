"""What becomes of a crawl when its workers, its database or its machine die."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator

from benchmarks.reliability.cost import cost
from benchmarks.reliability.errors import NotPossibleError
from benchmarks.reliability.jobdir import JobdirCrawl
from benchmarks.reliability.ours import Ours
from benchmarks.reliability.redis_queue import RedisCrawl
from benchmarks.reliability.redis_server import NotInstalledError
from benchmarks.reliability.scenarios import SCENARIOS, play
from benchmarks.reliability.section import Row, section
from benchmarks.report import progress, publish

_SUBJECTS: dict[str, type[Ours] | type[JobdirCrawl] | type[RedisCrawl]] = {
    "ours": Ours,
    "jobdir": JobdirCrawl,
    "redis": RedisCrawl,
}
_SHARE = 5  # of the articles of a scenario that kills, one in so many is enough for another
_STOPS = 5  # times that a worker is stopped in order
_FEWEST = 100
_COST = "the cost"

_EPILOG = """example:
  python -m benchmarks.reliability --articles 600 --kills 5 --subjects ours --only kill
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reliability",
        description="Crawl a made-up site while things die, and compare what is stored with it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--articles",
        type=int,
        default=5000,
        help="of the site where workers are killed; a fifth elsewhere (default: 5000)",
    )
    parser.add_argument("--kills", type=int, default=50, help="of a crawl (default: 50)")
    parser.add_argument(
        "--only",
        default="",
        metavar="NAME",
        help=f"what has this in its name ({_COST!r} is one); the page keeps nothing else then",
    )
    parser.add_argument(
        "--subjects",
        nargs="+",
        choices=_SUBJECTS,
        default=list(_SUBJECTS),
        help="who plays those that make sense for others than ours (default: all)",
    )
    arguments = parser.parse_args()
    if arguments.articles < max(_FEWEST, 2 * arguments.kills):
        parser.error(f"--articles: at least {_FEWEST}, and two for each kill")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends with us
    costs = None
    if "ours" in arguments.subjects and arguments.only in _COST:
        costs = cost(arguments.articles // _SHARE)
    rows = list(_rows(arguments))
    if not rows and costs is None:
        parser.error(f"--only: these subjects have no scenario with {arguments.only!r} in its name")
    publish("reliability", section(rows, costs))


def _rows(arguments: argparse.Namespace) -> Iterator[Row]:
    for scenario in SCENARIOS:
        if arguments.only not in scenario.name:
            continue
        for key in arguments.subjects:
            subject = _SUBJECTS[key]
            if key != "ours" and not scenario.is_for_all:
                continue
            progress(f"{scenario.name}: {key}")
            articles, times = (
                (arguments.articles, arguments.kills)
                if scenario.is_killing
                else (arguments.articles // _SHARE, _STOPS)
            )
            try:
                result = play(scenario, subject, articles, times)
            except (NotPossibleError, NotInstalledError) as error:
                progress(f"not done: {error}")
                yield Row(scenario, key, subject.name, not_done=str(error))
            else:
                progress(f"{result}")
                yield Row(scenario, key, subject.name, result)


if __name__ == "__main__":
    main()
