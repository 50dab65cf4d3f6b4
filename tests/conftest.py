"""A real mongod for all tests, a database of its own for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from netease_crawler.items import Article
from netease_crawler.storage.connection import Database, open_client
from netease_crawler.storage.indexes import ensure_indexes
from netease_crawler.storage.server import ensure_server
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import SEEN

T = TypeVar("T")
InDatabase = Callable[[Callable[[Database], Awaitable[T]]], T]
Store = Callable[..., None]


@pytest.fixture(scope="session")
def mongo_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a mongod that lives as long as the test run."""
    directory = tmp_path_factory.mktemp("mongod")
    with ensure_server(Path(directory), idle_seconds=1) as server:
        yield server.uri


@pytest.fixture
def database_name(mongo_uri: str) -> Iterator[str]:
    """Name of a database that is dropped after the test."""
    name = f"test_{uuid4().hex[:12]}"
    yield name

    async def drop() -> None:
        async with open_client(mongo_uri) as client:
            await client.drop_database(name)

    asyncio.run(drop())


@pytest.fixture
def in_database(mongo_uri: str, database_name: str) -> InDatabase[T]:
    """Runs a coroutine function on the test's database, which has its indexes."""

    def run(operation: Callable[[Database], Awaitable[T]]) -> T:
        async def connected() -> T:
            async with open_client(mongo_uri) as client:
                await ensure_indexes(client[database_name])
                return await operation(client[database_name])

        return asyncio.run(connected())

    return run


@pytest.fixture
def store(in_database: InDatabase[Any]) -> Store:
    """Stores articles as a crawl does."""

    def run(*articles: Article) -> None:
        entries = [Entry(article=article, page=article.doc_id) for article in articles]

        async def scenario(database: Database) -> None:
            await ArticleWriter(database, "c1").write(entries, SEEN)

        in_database(scenario)

    return run
