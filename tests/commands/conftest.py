"""Storing articles, and running the commands that read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.items import Article
from netease_crawler.storage.connection import Database
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import SEEN
from tests.conftest import InDatabase
from tests.scrapy_process import ScrapyProject

Store = Callable[..., None]


@pytest.fixture
def store(in_database: InDatabase[Any]) -> Store:
    """Stores articles as a crawl does."""

    def run(*articles: Article) -> None:
        entries = [Entry(article=article, page=article.doc_id) for article in articles]

        async def scenario(database: Database) -> None:
            await ArticleWriter(database, "c1").write(entries, SEEN)

        in_database(scenario)

    return run


@pytest.fixture
def project(tmp_path: Path, mongo_uri: str, database_name: str) -> ScrapyProject:
    """The project in an empty directory, on the test's database."""
    return ScrapyProject(tmp_path, {"MONGO_URI": mongo_uri, "MONGO_DATABASE": database_name})
