"""How fast the crawl is, beside Scrapy's own speed on the same pages."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.database import temporary_server
from benchmarks.report import progress, publish, table, verdict
from benchmarks.static_site import served
from benchmarks.worker import finish, start_worker
from netease_crawler.demo.process import HOSTS
from netease_crawler.demo.site import Site
from netease_crawler.urls import article_url, doc_id_from_url

_DEPTH = 30
_GOAL = 0.6  # of the bare spider's speed
_LONGEST = 900  # seconds for one spider
_SPIDERS = {
    "bare": "bare: fetches, reads nothing",
    "css": "css: reads title, time, source, text and recommendations with `response.css`",
    "article": "article: our spider, reads and stores every field durably",
}

_EPILOG = """example:
  python -m benchmarks.throughput --articles 300 --rounds 1
"""


@dataclass(frozen=True)
class Run:
    """One spider's crawl of the whole site."""

    pages: int
    seconds: float
    cpu_seconds: float
    """Of the spider's process: user and system."""

    @property
    def speed(self) -> float:
        """Pages per second."""
        return self.pages / self.seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.throughput",
        description="Crawl a made-up site with three spiders in turn and compare their speed.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=3000, help="of the site (default: 3000)")
    parser.add_argument("--rounds", type=int, default=3, help="of all spiders (default: 3)")
    arguments = parser.parse_args()
    site = Site(arguments.articles)
    with TemporaryDirectory() as directory, served(site, Path(directory)) as server:
        rounds = measure(site, server.origin, Path(directory), arguments.rounds)
    publish("throughput", _section(rounds, server.by))


def measure(site: Site, origin: str, directory: Path, rounds: int) -> list[dict[str, Run]]:
    """Return what each spider needed in each of *rounds*.

    Raises WorkerError, or ValueError where the spiders did not fetch the same pages.
    """
    seed = site.seeds()[0]
    reachable = site.reachable(doc_id_from_url(seed), _DEPTH)
    urls_file = directory / "urls"
    urls_file.write_text("\n".join(map(article_url, reachable)))
    measured = directory / "measured"
    common = {
        "CRAWL_RATE": 0,
        "SITE_MIRRORS": json.dumps(dict.fromkeys(HOSTS, origin)),
        "ADDONS": '{"benchmarks.stopwatch.Stopwatch": 0}',
        "MEASURED": measured,
    }
    plain = {"SPIDER_MODULES": "benchmarks.plain_spiders", "ITEM_PIPELINES": "{}"}

    def run(spider: str, arguments: Mapping[str, object], settings: Mapping[str, object]) -> Run:
        worker = start_worker(directory, spider, arguments, {**common, **settings})
        finish(worker, directory, _LONGEST)
        result = Run(**json.loads(measured.read_text()))
        progress(f"{spider}: {result.pages} pages, {result.speed:.0f} pages/s")
        if result.pages != len(reachable) + 1:  # robots.txt
            raise ValueError(f"{spider} fetched {result.pages} of {len(reachable) + 1} pages")
        return result

    with temporary_server(directory / "mongodb") as server:
        results = []
        for number in range(1, rounds + 1):
            progress(f"round {number} of {rounds}")
            database = {"MONGO_URI": server.uri, "MONGO_DATABASE": f"round_{number}"}
            results.append(
                {
                    "bare": run("bare", {"urls_file": urls_file}, plain),
                    "css": run("css", {"urls_file": urls_file}, plain),
                    "article": run("article", {"urls": seed, "depth": _DEPTH}, database),
                }
            )
    return results


def _section(rounds: Sequence[dict[str, Run]], server: str) -> str:
    def ratio(spider: str, other: str) -> float:
        return median(results[spider].speed / results[other].speed for results in rounds)

    rows = []
    for spider, description in _SPIDERS.items():
        runs = [results[spider] for results in rounds]
        speeds = sorted(run.speed for run in runs)
        cpu = median(run.cpu_seconds / run.pages for run in runs)
        rows.append(
            (
                description,
                *(f"{speed:.0f}" for speed in (speeds[0], median(speeds), speeds[-1])),
                f"{cpu * 1000:.2f}",
                f"{ratio(spider, 'bare'):.0%}",
            )
        )
    heads = ("spider", "pages/s, least", "median", "most", "CPU ms per page", "of bare")
    of_bare, of_css = ratio("article", "bare"), ratio("article", "css")
    return "\n".join(
        (
            table(heads, rows),
            "",
            f"All {rounds[0]['bare'].pages} pages of a made-up site, without a rate limit; rounds"
            f" of the three spiders in turn: {len(rounds)}. The last column is the median of the"
            f" rounds' ratios. Pages come from {server}. It and mongod share the cores with the"
            " spider, of whose process alone the CPU time is.",
            "",
            f"Goals: at least {_GOAL:.0%} of bare: {of_bare:.0%}, {verdict(of_bare >= _GOAL)};"
            f" faster than css: {of_css:.0%} of it, {verdict(of_css > 1)}.",
        )
    )


if __name__ == "__main__":
    main()
