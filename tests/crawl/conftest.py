"""The project's commands against a demo site, with a database of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from tests.scrapy_process import ScrapyProject


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

        def start(articles: int, *, embedded: bool = False, **settings: object) -> Crawling:
            access_log = tmp_path / "access.log"
            server = stack.enter_context(DemoSite(articles=articles, access_log=access_log))
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
