"""Search: how fast it answers, what it costs to write, and whether it finds what is there."""

from __future__ import annotations

import argparse
import asyncio
import gc
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from unittest.mock import patch

from benchmarks.database import temporary_server
from benchmarks.report import progress, publish
from benchmarks.search_corpus import Corpus
from benchmarks.search_queries import TWO_WORDS, Asked, Text, made_up_queries
from benchmarks.search_section import PAGE, ROUND, ROUNDS, Measured, section
from netease_crawler.grams import fold
from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database, open_client
from netease_crawler.storage.indexes import ensure_indexes
from netease_crawler.storage.searching import Search
from netease_crawler.storage.writer import ArticleWriter, Entry

_NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
_BATCH = 64  # articles, as a crawl writes them
_COLD = 10  # restarts of mongod
_SCANS = 3  # of each kind
_CHECKED = 20  # of each kind, against all texts
_COLLECTIONS = ("articles", "search", "search_pairs", "search_shelves")

_EPILOG = """example:
  python -m benchmarks.search --articles 20000
"""


T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.search",
        description="Write made-up articles, and search in them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=100_000, help="default: 100000")
    publish("search", section(measure(parser.parse_args().articles)))


def measure(articles: int) -> Measured:
    """Write *articles* articles into a MongoDB of their own and search in them."""
    corpus = Corpus()
    with TemporaryDirectory() as name:
        directory = Path(name)
        with temporary_server(directory) as server:
            rates = asyncio.run(_in_database(server.uri, lambda database: _rates(database, corpus)))
            texts = asyncio.run(
                _in_database(server.uri, lambda database: _fill(database, corpus, articles))
            )
        queries, before = (made_up_queries(corpus, texts, seed) for seed in (11, 12))
        gc.freeze()  # the texts are ours alone: who searches has not to look after them
        cold = []
        for query in queries[TWO_WORDS][:_COLD]:
            with temporary_server(directory) as server:
                cold += asyncio.run(_in_database(server.uri, partial(_ask, asked=[query])))
        with temporary_server(directory) as server:

            async def rest(database: Database) -> Measured:
                await _ask(database, before[TWO_WORDS])
                warm = {kind: await _ask(database, asked) for kind, asked in queries.items()}
                progress("scans")
                scans = {
                    kind: await _scan(database, asked[:_SCANS]) for kind, asked in queries.items()
                }
                progress("checks")
                hits, wrong = await _check(database, queries, texts)
                return Measured(
                    articles=articles,
                    characters=sum(len(text.text) for text in texts) / len(texts),
                    bytes_each=await _sizes(database, articles),
                    rates=rates,
                    warm=warm,
                    cold=cold,
                    scans=scans,
                    hits=hits,
                    wrong=wrong,
                )

            return asyncio.run(_in_database(server.uri, rest))


async def _in_database(uri: str, work: Callable[[Database], Awaitable[T]]) -> T:
    async with open_client(uri) as client:
        return await work(client["netease"])


# --- Writing


async def _rates(database: Database, corpus: Corpus) -> dict[str, list[float]]:
    """Return how many articles a second are written, with and without search data, in turn."""
    articles = list(corpus.articles(ROUND))
    rates: dict[str, list[float]] = {"with": [], "without": []}
    for _ in range(ROUNDS):
        for kind, measured in rates.items():
            await database.client.drop_database(database.name)
            await ensure_indexes(database)
            with _without_search() if kind == "without" else nullcontext():
                began = time.perf_counter()
                await _write(database, iter(articles))
                measured.append(len(articles) / (time.perf_counter() - began))
            progress(f"{kind} search data: {measured[-1]:.0f} articles/s")
    await database.client.drop_database(database.name)
    return rates


@contextmanager
def _without_search() -> Iterator[None]:
    """Let the writer do nothing for search."""

    async def nothing(*_: object, **__: object) -> bool:
        return False

    writer = "netease_crawler.storage.writer"
    with (
        patch(f"{writer}.write_texts", nothing),
        patch(f"{writer}.mend_texts", nothing),
        patch(f"{writer}.fill_shelf", nothing),
        patch("netease_crawler.storage.copies.mark_texts", nothing),
    ):
        yield


async def _write(database: Database, articles: Iterator[Article]) -> None:
    writer = ArticleWriter(database, "benchmark")
    while batch := list(islice(articles, _BATCH)):
        await writer.write([Entry(article=one, page=one.doc_id) for one in batch], _NOW)


async def _fill(database: Database, corpus: Corpus, count: int) -> list[Text]:
    texts: list[Text] = []

    def each() -> Iterator[Article]:
        for article in corpus.articles(count):
            assert article.account is not None
            assert article.published_at is not None
            texts.append(
                Text(
                    article.doc_id,
                    article.account.name,
                    article.published_at,
                    fold(f"{article.title}\n{article.text}"),
                )
            )
            if len(texts) % 10_000 == 0:
                progress(f"{len(texts)} articles written")
            yield article

    await ensure_indexes(database)
    await _write(database, each())
    return texts


async def _sizes(database: Database, count: int) -> dict[str, tuple[int, int]]:
    await database.client.admin.command("fsync")
    sizes = {}
    for name in _COLLECTIONS:
        stats = await database.command("collStats", name)
        sizes[name] = stats["storageSize"] // count, stats["totalIndexSize"] // count
    return sizes


# --- Asking


async def _ask(database: Database, asked: Sequence[Asked]) -> list[float]:
    """Return the milliseconds that the first page of each takes."""
    archive = Archive(database)
    taken = []
    for one in asked:
        began = time.perf_counter()
        await archive.search(one.query, limit=PAGE)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def _scan(database: Database, asked: Sequence[Asked]) -> list[float]:
    """Return the milliseconds in which regular expressions find all of each, without any order."""
    taken = []
    for one in asked:
        began = time.perf_counter()
        patterns = [re.escape(word) for word in one.required]
        await database["articles"].count_documents(
            {
                "$and": [
                    {"$or": [{"title": {"$regex": pattern}}, {"text": {"$regex": pattern}}]}
                    for pattern in patterns
                ]
            }
        )
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def _check(
    database: Database, asked: Mapping[str, Sequence[Asked]], texts: Sequence[Text]
) -> tuple[dict[str, list[int]], int]:
    """Return by kind how many articles are found, and how many queries find others than these."""
    hits: dict[str, list[int]] = {}
    wrong = 0
    for kind, queries in asked.items():
        for one in queries[:_CHECKED]:
            found = [stored async for stored in _doc_ids(database, one.query)]
            hits.setdefault(kind, []).append(len(found))
            wrong += sorted(found) != sorted(text.doc_id for text in texts if one.matches(text))
    return hits, wrong


async def _doc_ids(database: Database, query: ArticleQuery) -> AsyncGenerator[str, None]:
    async for doc_ids in Search(database, query).newest():
        for doc_id in doc_ids:
            yield doc_id


if __name__ == "__main__":
    main()
