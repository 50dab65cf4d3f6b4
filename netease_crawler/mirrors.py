"""Where requests really go: to NetEase, or to the mirrors of SITE_MIRRORS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.misc import build_from_crawler, load_object

from netease_crawler.middlewares.breaker import CircuitBreaker
from netease_crawler.signals import request_sent
from netease_crawler.urls import is_netease_host

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader.handlers import DownloadHandlerProtocol
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from scrapy.signalmanager import SignalManager
    from typing_extensions import Self


class OffSiteError(IgnoreRequest):
    """The site sent us to a host that is neither NetEase's nor mirrored."""


class MirrorsError(ValueError):
    """SITE_MIRRORS cannot be used; one line that says what it must be."""


def read_mirrors(settings: BaseSettings) -> dict[str, str]:
    """Return the setting SITE_MIRRORS: host → origin (``http://127.0.0.1:8163``).

    Raises MirrorsError.
    """
    value: Any = settings.get("SITE_MIRRORS") or {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    form = 'SITE_MIRRORS: a JSON object like {"www.163.com": "http://127.0.0.1:8163"}'
    if not isinstance(value, Mapping):
        raise MirrorsError(f"{form}, not {settings.get('SITE_MIRRORS')!r}")
    for host, origin in value.items():
        try:
            parts = urlsplit(str(origin))
        except ValueError:
            raise MirrorsError(f"{form}; the origin of {host} is {origin!r}") from None
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise MirrorsError(f"{form}; the origin of {host} is {origin!r}")
    return {str(host).lower(): str(origin).rstrip("/") for host, origin in value.items()}


class MirrorDownloadHandler(BaseDownloadHandler):
    """Scrapy's own HTTP handler, asking a mirror where the host has one.

    Everything above it (robots.txt, throttle, redirects, spiders) sees the real address. A
    host that is neither NetEase's nor mirrored is never contacted, redirects included.
    """

    lazy = True

    def __init__(
        self,
        handler: DownloadHandlerProtocol,
        mirrors: Mapping[str, str],
        breaker: CircuitBreaker | None,
        signals: SignalManager,
    ) -> None:
        self._handler = handler
        self._mirrors = mirrors
        self._breaker = breaker
        self._signals = signals

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        handler = load_object(crawler.settings["DOWNLOAD_HANDLERS_BASE"]["https"])
        return cls(
            build_from_crawler(handler, crawler),
            read_mirrors(crawler.settings),
            crawler.get_downloader_middleware(CircuitBreaker),
            crawler.signals,
        )

    async def download_request(self, request: Request) -> Response:
        if self._breaker is not None:
            self._breaker.check(request)
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        origin = self._mirrors.get(host)
        if origin is None and not is_netease_host(host):
            raise OffSiteError(f"off-site: {host} is neither NetEase's nor mirrored")
        self._signals.send_catch_log(request_sent, request=request)
        if origin is None:
            return await self._handler.download_request(request)
        asked = request.replace(url=origin + parts._replace(scheme="", netloc="").geturl())
        asked.headers["Host"] = parts.netloc
        response = await self._handler.download_request(asked)
        if "download_latency" in asked.meta:  # what AutoThrottle goes by
            request.meta["download_latency"] = asked.meta["download_latency"]
        return response.replace(url=request.url)

    async def close(self) -> None:
        await self._handler.close()
