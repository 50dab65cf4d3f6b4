"""The site over HTTP, on this machine only.

It answers for whatever host a request names, as the hosts of NetEase share their pages.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TextIO

from aiohttp import web

from netease_crawler import urls
from netease_crawler.demo import other_pages
from netease_crawler.demo.bad_answers import bad_answer
from netease_crawler.demo.misbehaviour import Misbehaviour, Script
from netease_crawler.demo.site import Site

_CLASS = re.compile(r'class="[^"]*"')
_LOOPBACK: Final = "127.0.0.1"
_MOBILE_HOSTS = frozenset({"m.163.com", "3g.163.com"})


class Server:
    """Answers requests for the pages of *site*, and counts them."""

    def __init__(
        self,
        site: Site,
        access_log: TextIO | None = None,
        renamed: tuple[str, str] | None = None,
        renamed_after: int = 0,
        misbehaviour: Iterable[Misbehaviour] = (),
    ) -> None:
        """*access_log* gets one JSON line per request, written at once.

        The class *renamed* has its second name on every article after *renamed_after* of them.
        To whom a rule of *misbehaviour* applies gets its answer instead.
        """
        self._site = site
        self._access_log = access_log
        self._renamed = renamed
        self._renamed_after = renamed_after
        self._articles = 0
        self._misbehaviour = Script(misbehaviour)
        self._requests: Counter[str] = Counter()

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._record, self._misbehave])
        application.add_routes(
            [
                web.get("/", self._index),
                web.get("/robots.txt", self._robots),
                web.get(r"/{channel:dy|news}/article/{doc_id:\w{16}}.html", self._article),
                web.get(r"/{host:v2|article}/{path:.*}", self._moved),
                web.get(r"/dy/media/{media_id:T\d{13}}.html", self._account),
                web.get(r"/v/video/{video_id:V[0-9A-V]{8}}.html", self._video),
                web.get("/__truth__", self._truth),
                web.get("/__access__", self._access),
            ]
        )
        return application

    @web.middleware
    async def _record(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        status = 0  # until it is answered
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            self._requests[request.path] += 1
            if self._access_log is not None:
                line = {"t": time.time(), "host": request.host, "path": request.path}
                print(json.dumps(line | {"status": status}), file=self._access_log, flush=True)
        return response

    @web.middleware
    async def _misbehave(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        article = self._site.index(request.match_info.get("doc_id", ""))
        rule = self._misbehaviour.rule_for(request.path, article)
        if rule is None:
            return await handler(request)
        try:
            return await bad_answer(rule, request, handler)
        except ConnectionError:  # the client left, having had enough
            return web.Response()

    async def _index(self, request: web.Request) -> web.Response:
        return _html(self._site.index_page())

    async def _robots(self, request: web.Request) -> web.Response:
        return web.Response(text=other_pages.ROBOTS)

    async def _article(self, request: web.Request) -> web.Response:
        doc_id = request.match_info["doc_id"]
        index = self._site.index(doc_id)
        if index is None or self._site.is_deleted(index):
            return _html(other_pages.gone(), status=404)
        if (request.url.host or "") in _MOBILE_HOSTS:
            raise web.HTTPMovedPermanently(urls.article_url(doc_id))
        page = self._site.page(index, rendered="rendered" in request.query)
        self._articles += 1
        if self._renamed is not None and self._articles > self._renamed_after:
            page = rename_class(page, *self._renamed)
        return _html(page)

    async def _moved(self, request: web.Request) -> web.Response:
        # dy.163.com/v2/article/detail/X.html, dy.163.com/article/X.html
        try:
            location = urls.canonical_url(f"https://dy.163.com{request.path}")
        except ValueError:
            return _html(other_pages.gone(), status=404)
        raise web.HTTPMovedPermanently(location)

    async def _account(self, request: web.Request) -> web.Response:
        return _found(self._site.account_page(request.match_info["media_id"]))

    async def _video(self, request: web.Request) -> web.Response:
        return _found(self._site.video_page(request.match_info["video_id"]))

    async def _truth(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/jsonl; charset=utf-8"})
        await response.prepare(request)
        for index in range(self._site.articles):
            await response.write(truth_line(self._site, index).encode())
        await response.write_eof()
        return response

    async def _access(self, request: web.Request) -> web.Response:
        return web.json_response(dict(self._requests))


def rename_class(html: str, old: str, new: str) -> str:
    """Return *html* with the class *old* called *new*, as the site does when it changes."""
    whole = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    return _CLASS.sub(lambda attribute: whole.sub(new, attribute[0]), html)


def truth_line(site: Site, index: int) -> str:
    """Return the truth of the article *index* as a line of JSON."""
    return json.dumps(site.truth(index), ensure_ascii=False) + "\n"


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")


def _found(page: str | None) -> web.Response:
    return _html(other_pages.gone(), status=404) if page is None else _html(page)


async def serve(
    server: Server, port: int, announce: Callable[[str], Any], until_stdin_closes: bool = False
) -> None:
    """Serve on *port* (0: a free one) until SIGTERM or SIGINT; *announce* gets the origin.

    Raises OSError if the port is taken.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, stop.set)
    if until_stdin_closes:
        watch = threading.Thread(target=_wait_for_end_of_stdin, args=(loop, stop), daemon=True)
        watch.start()
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, _LOOPBACK, port)
        await site.start()
        announce(f"http://{_LOOPBACK}:{runner.addresses[0][1]}")
        await stop.wait()
    finally:
        await runner.cleanup()


def _wait_for_end_of_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # not sys.stdin: a thread that waits in it would hold its lock at exit
    while os.read(0, 1024):
        pass
    with contextlib.suppress(RuntimeError):  # the loop is closed: a signal came before
        loop.call_soon_threadsafe(stop.set)
