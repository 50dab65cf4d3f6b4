"""The explorer: how fast its pages come, how soon a browser shows them, how smooth the graph is."""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import islice, pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode, urlsplit

from playwright.sync_api import Browser, sync_playwright

from benchmarks.database import temporary_server
from benchmarks.report import progress, publish, table, verdict
from benchmarks.search_corpus import Corpus
from netease_crawler.items import Article
from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import Bucket, End, Page
from netease_crawler.storage.connection import Database, open_client
from netease_crawler.storage.indexes import ensure_indexes
from netease_crawler.storage.writer import ArticleWriter, Entry

_ROOT = Path(__file__).parents[1]
_NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
_BATCH = 64  # articles, as a crawl writes them
_CRAWL = "benchmark"
_ASKED = 100  # times, each page another
_OPENED = 10  # times in a browser
_WARM, _PAINT, _FRAMES = 150, 1000, 50  # the goals: ms, ms, frames per second
_NODES = 500  # of the graph that moves
_MOVED = 4  # seconds
_EPILOG = """example:
  python -m benchmarks.explorer --articles 5000
"""

Paths = Mapping[str, Sequence[str]]
"""Addresses by kind of page."""


@dataclass(frozen=True)
class Measured:
    """What the pages took, in milliseconds by kind."""

    articles: int
    answers: Mapping[str, Sequence[float]]
    paints: Mapping[str, Sequence[float]]
    nodes: int
    edges: int
    frames: Sequence[float]
    """Milliseconds between frames while the graph settles and is dragged."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.explorer",
        description="Fill an archive with made-up articles, and look at it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=100_000, help="default: 100000")
    publish("explorer", section(measure(parser.parse_args().articles)))


def measure(count: int) -> Measured:
    """Fill an archive of *count* articles, serve it with ``scrapy explore``, and measure."""
    corpus = Corpus()
    with TemporaryDirectory() as name, temporary_server(Path(name)) as server:
        asyncio.run(_fill(server.uri, corpus, count))
        with _explorer(server.uri) as address:
            paths = _paths(corpus, count)
            answers = {kind: list(_answers(address, asked)) for kind, asked in paths.items()}
            progress("in the browser")
            with sync_playwright() as playwright:
                program = shutil.which("chromium") or shutil.which("chromium-browser")
                browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
                paints = {
                    kind: [_paint(browser, address + path) for path in asked[:_OPENED]]
                    for kind, asked in paths.items()
                }
                [popular, *_] = corpus.article(0).recommendations  # of many articles
                nodes, edges, frames = _frames(browser, f"{address}/graph?page={popular.doc_id}")
                browser.close()
    return Measured(count, answers, paints, nodes, edges, frames)


async def _fill(uri: str, corpus: Corpus, count: int) -> None:
    async with open_client(uri) as client:
        database = client["netease"]
        await ensure_indexes(database)
        writer = ArticleWriter(database, _CRAWL)
        articles = corpus.articles(count)
        written = 0
        while batch := list(islice(articles, _BATCH)):
            await writer.write([Entry(article=one, page=one.doc_id) for one in batch], _NOW)
            written += len(batch)
            if written % (100 * _BATCH) == 0:
                progress(f"{written} articles written")
        await _fill_crawl(database, corpus, count)


async def _fill_crawl(database: Database, corpus: Corpus, count: int) -> None:
    """Make the crawl whose pages the articles are, and of which one worker still runs."""
    crawls, frontier = Crawls(database), Frontier(database, _CRAWL)
    await crawls.join(_CRAWL, "article", {"depth": "2"}, "worker")
    articles: Iterator[Article] = corpus.articles(count)
    while batch := list(islice(articles, 1000)):
        pages = [Page(key=one.doc_id, url=one.url, depth=1) for one in batch]
        await frontier.discover(pages)
        await frontier.end([End(page=page, bucket=Bucket.STORED) for page in pages])


@contextmanager
def _explorer(uri: str) -> Iterator[str]:
    """Run ``scrapy explore`` and give its address."""
    command = [sys.executable, "-m", "scrapy", "explore", "-s", f"MONGO_URI={uri}"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield line.split()[0].rstrip("/")
        finally:
            process.send_signal(signal.SIGINT)


def _paths(corpus: Corpus, count: int) -> Paths:
    draw = random.Random(5)
    numbers = [draw.randrange(count) for _ in range(_ASKED)]
    some = [corpus.article(number) for number in numbers]
    words = [_words(article, draw) for article in some]

    def search(**criteria: str) -> str:
        return f"/search?{urlencode(criteria)}"

    def accounts() -> Iterator[str]:
        for article in some:
            assert article.account is not None
            yield article.account.name or ""

    return {
        "search: no criterion": [search(limit=str(20 + n % 3)) for n in range(_ASKED)],
        "search: one word": [search(text=word) for word, _ in words],
        "search: two words": [search(text=f"{word} {other}") for word, other in words],
        "search: two words, newest": [
            search(text=f"{word} {other}", order="newest") for word, other in words
        ],
        "search: an account": [search(account=name) for name in accounts()],
        "search: a word and a place": [
            search(text=word, location=article.location or "")
            for (word, _), article in zip(words, some, strict=True)
        ],
        "article": [f"/articles/{article.doc_id}" for article in some],
        "account": [f"/account?name={quote(name)}" for name in accounts()],
        "graph": [f"/graph?page={article.doc_id}" for article in some],
        "crawls": ["/crawls"] * _ASKED,
        "crawl": [f"/crawl?name={_CRAWL}"] * _ASKED,
    }


def _words(article: Article, draw: random.Random) -> tuple[str, str]:
    """Return two pairs of characters of *article*, wherever they stand."""
    runs = [run for run in re.findall(r"[\u4e00-\u9fff]+", article.text) if len(run) > 1]

    def cut() -> str:
        run = draw.choice(runs)
        begin = draw.randrange(len(run) - 1)
        return str(run[begin : begin + 2])

    return cut(), cut()


def _answers(address: str, paths: Sequence[str]) -> Iterator[float]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    for path in paths:
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status}")
        yield (time.perf_counter() - began) * 1000
    connection.close()


_PAINTED = """() => new Promise((found) => new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) found(entry.startTime);
}).observe({type: "paint", buffered: true}))"""


def _paint(browser: Browser, url: str) -> float:
    """Return when the first content of *url* was painted, in a browser without a cache."""
    page = browser.new_context().new_page()
    page.goto(url, wait_until="load")
    painted = page.evaluate(_PAINTED)
    page.context.close()
    return float(painted)


_BEGIN = """() => {
    const times = [];
    const note = (time) => { times.push(time); requestAnimationFrame(note); };
    requestAnimationFrame(note);
    window.frameTimes = times;
}"""


def _frames(browser: Browser, url: str) -> tuple[int, int, list[float]]:
    """Return nodes and edges of the graph at *url*, and the time between frames as it moves.

    It settles at first, while the pointer drags it to and fro.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{url}&limit={_NODES}", wait_until="networkidle")
    shown = page.evaluate(
        "fetch(document.querySelector('[data-graph]').dataset.graph).then((one) => one.json())"
    )
    box = page.locator("[data-graph] canvas").bounding_box()
    assert box is not None
    page.reload(wait_until="load")
    page.wait_for_selector("[data-graph] .chosen h2")
    page.evaluate(_BEGIN)
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    end = time.monotonic() + _MOVED
    while time.monotonic() < end:
        page.mouse.move(box["x"] + 200, box["y"] + 100, steps=20)
        page.mouse.move(box["x"] + 10, box["y"] + 10, steps=20)
    page.mouse.up()
    times = page.evaluate("window.frameTimes")
    page.close()
    between = [later - earlier for earlier, later in pairwise(times)]
    return len(shown["nodes"]), len(shown["edges"]), between


def section(measured: Measured) -> str:
    """Return what was measured, for the documentation."""
    rows = []
    for kind, times in measured.answers.items():
        painted = measured.paints[kind]
        middle, most = _percentiles(times)
        rows.append(
            (kind, f"{middle:.0f}", f"{most:.0f}", f"{median(painted):.0f}", f"{max(painted):.0f}")
        )
    slowest = max(_percentiles(times)[1] for times in measured.answers.values())
    latest = max(max(times) for times in measured.paints.values())
    rate = 1000 / (sum(measured.frames) / len(measured.frames))
    longest = _percentiles(measured.frames)[1]
    heads = ("page", "p50, ms", "p95, ms", "first paint, ms", "latest, ms")
    return f"""\
{table(heads, rows)}

{measured.articles:,} made-up articles, each with some 50 recommendations, in one crawl. Each
kind is asked {_ASKED} times one after another, each time for another page (crawls: the same), as
HTML over HTTP; {_OPENED} of each are opened in Chromium without its cache (*first paint*:
first-contentful-paint, median and latest).

The graph with {measured.nodes:,} pages and {measured.edges:,} edges, while it settles and is
dragged about: {rate:.0f} frames a second, p95 between two frames {longest:.0f} ms (Chromium, no
graphics card).

Goals:

* p95 of each page under {_WARM} ms: the slowest {slowest:.0f} ms, {verdict(slowest < _WARM)};
* first paint under {_PAINT / 1000:.0f} s: the latest {latest:.0f} ms, {verdict(latest < _PAINT)};
* a graph of {_NODES} pages stays smooth, {_FRAMES} frames a second: {rate:.0f},
  {verdict(rate >= _FRAMES)}."""


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    return median(times), quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
