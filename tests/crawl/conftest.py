"""The project's commands against a demo site, with a database of their own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from netease_crawler.demo.misbehaviour import Misbehaviour
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from tests.scrapy_process import ScrapyProject

_QUICK = {"RETRY_BACKOFF": 0.05, "BREAKER_PAUSE": 0.02}  # seconds


class Crawling:
    """A demo site of some articles, and the project set up to crawl it."""

    def __init__(self, site: Site, project: ScrapyProject, access_log: Path) -> None:
        self.site = site
        self.project = project
        self.access_log = access_log
        self.seed = site.seeds()[0]


StartCrawling = Callable[..., Crawling]


@pytest.fixture
def start_crawling(mongo_uri: str, database_name: str, tmp_path: Path) -> Iterator[StartCrawling]:
    """Starts a demo site; ``embedded=True`` leaves MONGO_URI empty."""
    with ExitStack() as stack:

        def start(
            articles: int,
            *,
            embedded: bool = False,
            misbehaviour: Sequence[Misbehaviour] = (),
            **settings: object,
        ) -> Crawling:
            access_log = tmp_path / "access.log"
            server = stack.enter_context(
                DemoSite(articles=articles, access_log=access_log, misbehaviour=misbehaviour)
            )
            database = (
                {}
                if embedded
                else {
                    "MONGO_URI": mongo_uri,
                    "MONGO_DATABASE": database_name,
                }
            )
            project = ScrapyProject(
                tmp_path, {"CRAWL_RATE": 0, "SITE_MIRRORS": server.mirrors, **database, **settings}
            )
            return Crawling(Site(articles), project, access_log)

        yield start


class Misbehave(Protocol):
    """Starts a demo site that misbehaves, and the project set up to crawl it without waiting."""

    def __call__(
        self, rules: Sequence[Misbehaviour], articles: int = 120, **settings: object
    ) -> Crawling: ...


@pytest.fixture
def misbehave(start_crawling: StartCrawling) -> Misbehave:
    def start(rules: Sequence[Misbehaviour], articles: int = 120, **settings: object) -> Crawling:
        return start_crawling(articles, misbehaviour=rules, **{**_QUICK, **settings})

    return start


@pytest.fixture
def closed_door() -> Iterator[socket.socket]:
    """A port where nobody is to knock."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        yield door
