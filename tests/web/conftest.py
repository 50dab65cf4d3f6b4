"""The explorer over HTTP, and a browser that looks at it."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from playwright.sync_api import Page, sync_playwright

from netease_crawler.storage.connection import open_client
from netease_crawler.web.application import create_application


@dataclass(frozen=True)
class Answer:
    """What the explorer answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, if it is JSON."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Explorer:
    """The explorer of the test's database."""

    address: str
    """``http://127.0.0.1:PORT``."""

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for *path*, as it stands."""
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read().decode())
        finally:
            connection.close()


@contextmanager
def serving(uri: str, database: str, *, with_images: bool = False) -> Iterator[Explorer]:
    """Serve the explorer of *database*."""
    started: Future[tuple[int, Callable[[], object]]] = Future()

    async def serve() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with open_client(uri) as client:
            application = create_application(client[database], with_images=with_images)
            runner = web.AppRunner(application, shutdown_timeout=1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            port = runner.addresses[0][1]
            started.set_result((port, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()
            await runner.cleanup()

    with ThreadPoolExecutor(1) as thread:
        served = thread.submit(lambda: asyncio.run(serve()))
        wait([started, served], return_when=FIRST_COMPLETED)
        if served.done():
            served.result()
        port, stop = started.result()
        try:
            yield Explorer(f"http://127.0.0.1:{port}")
        finally:
            stop()
        served.result()


@pytest.fixture
def explorer(mongo_uri: str, database_name: str) -> Iterator[Explorer]:
    """The explorer, as it is without options."""
    with serving(mongo_uri, database_name) as explorer:
        yield explorer


@pytest.fixture
def picture_explorer(mongo_uri: str, database_name: str) -> Iterator[Explorer]:
    """The explorer with --images."""
    with serving(mongo_uri, database_name, with_images=True) as explorer:
        yield explorer


@contextmanager
def browser_page(**context: Any) -> Iterator[Page]:
    """Open a page in Debian's Chromium; at the end nothing may have gone wrong in it.

    While it is open, asyncio cannot be used in this thread.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 800}, **context})
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.on("requestfailed", lambda request: troubles.append(f"failed: {request.url}"))
        page.on("request", lambda request: _only_here(request.url, troubles))
        yield page
        browser.close()
    assert troubles == []


def _only_here(url: str, troubles: list[str]) -> None:
    if urlsplit(url).hostname != "127.0.0.1":
        troubles.append(f"asked elsewhere: {url}")
