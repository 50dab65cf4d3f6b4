"""scrapy-redis: the queue and what was seen are in a Redis, and outlive the workers."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from benchmarks.reliability.redis_server import NotInstalledError, RedisServer
from benchmarks.reliability.stock_crawl import StockCrawl
from netease_crawler.demo.process import DemoSite

# As its README says for any spider. Its queue is by priority as it comes, so DEPTH_PRIORITY of
# the project crawls breadth first; its serializer is pickle, as JSON takes no request.
_SETTINGS = {
    "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
    "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
    "SCHEDULER_PERSIST": True,  # else a worker that ends removes queue and filter
}
_QUEUE = "stock:requests"  # its name by default: that of the spider, and what it holds


class RedisCrawl(StockCrawl):
    """Goes on by the same command with the same Redis.

    The spider is the plain one. The package's RedisSpider would take the seed from a list of the
    same Redis, and wait for more of them when there is nothing left to do.
    """

    name = "scrapy-redis"

    def __init__(self, directory: Path, demo: DemoSite, seed_url: str, mongo_uri: str) -> None:
        """Raises NotInstalledError where scrapy-redis or redis-server is missing."""
        if find_spec("scrapy_redis") is None:
            raise NotInstalledError(
                "scrapy-redis is not installed (pip install -r requirements-benchmarks.txt)"
            )
        self._server = RedisServer(directory / "redis")
        super().__init__(
            directory, demo, seed_url, mongo_uri, {**_SETTINGS, "REDIS_URL": self._server.url}
        )

    def is_done(self) -> bool:
        from redis import Redis

        with Redis.from_url(self._server.url) as redis:
            return self.has_finished() and redis.zcard(_QUEUE) == 0

    def close(self) -> None:
        self._server.close()
