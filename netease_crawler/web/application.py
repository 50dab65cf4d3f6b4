"""The explorer as an application of aiohttp: addresses, answers, problems."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError

from netease_crawler.json_text import as_json
from netease_crawler.storage.connection import Database, StorageUnavailableError
from netease_crawler.web import security
from netease_crawler.web.openapi import description
from netease_crawler.web.page import LANGUAGE, Asked, Page
from netease_crawler.web.problems import ProblemDetails, ProblemError
from netease_crawler.web.rendering import environment
from netease_crawler.web.views import PAGES
from netease_crawler.web.wording import LANGUAGES, Wording

logger = logging.getLogger(__name__)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_STATIC = Path(__file__).parent / "static"
_LONGEST = 10.0  # seconds that a page may take
_AT_ONCE = 8  # pages; of two hundred read at once nearly all would take longer than that
_YEAR = 365 * 86400


def create_application(database: Database, *, with_images: bool = False) -> web.Application:
    """Return the explorer of *database*.

    With *with_images*, browsers may fetch the pictures of articles from NetEase; else nothing
    that a page shows is asked for elsewhere.
    """
    return _Explorer(database, with_images=with_images).application()


class _Explorer:
    def __init__(self, database: Database, *, with_images: bool) -> None:
        self._database = database
        self._with_images = with_images
        self._headers = security.headers(with_images=with_images)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._templates = environment()
        self._description = description(PAGES)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._explained, security.own_name_only])
        application.on_response_prepare.append(self._add_headers)
        application.router.add_get("/", _to_search)
        application.router.add_get("/openapi.json", self._openapi)
        application.router.add_get("/api", self._api)
        application.router.add_static("/static/", _STATIC)
        for page in PAGES:
            application.router.add_get(page.twin, partial(self._json, page))
            application.router.add_get(page.path, partial(self._html, page))
        return application

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(self._headers)
        if request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-cache"  # ask whether it has changed
        else:
            response.headers["Cache-Control"] = "no-store"  # articles may be forgotten

    async def _json(self, page: Page, request: web.Request) -> web.Response:
        shown = await self._read(page, request, list(request.query.items()))
        return web.Response(text=as_json(shown), content_type="application/json")

    async def _html(self, page: Page, request: web.Request) -> web.Response:
        query = [(name, value) for name, value in request.query.items() if name != LANGUAGE]
        shown = await self._read(page, request, query)
        return self._page(request, page.template, shown, HTTPStatus.OK)

    async def _openapi(self, request: web.Request) -> web.Response:
        return web.Response(text=as_json(self._description), content_type="application/json")

    async def _api(self, request: web.Request) -> web.Response:
        return self._page(request, "api.html", self._description, HTTPStatus.OK)

    async def _read(self, page: Page, request: web.Request, query: list[tuple[str, str]]) -> Any:
        asked = Asked(self._database, page.read(request.match_info, query))
        async with self._turns:
            return await asyncio.wait_for(page.view(asked), _LONGEST)

    def _page(
        self, request: web.Request, template: str, shown: Any, status: HTTPStatus | int
    ) -> web.Response:
        language = _language(request)
        text = self._templates.get_template(template).render(
            shown=shown,
            t=Wording(language),
            language=language,
            path=request.path,
            query={name: value for name, value in request.query.items() if name != LANGUAGE},
            with_images=self._with_images,
        )
        response = web.Response(text=text, content_type="text/html", status=status)
        if LANGUAGE in request.query:
            response.set_cookie(
                LANGUAGE, language, max_age=_YEAR, httponly=True, samesite="Lax", path="/"
            )
        return response

    @web.middleware
    async def _explained(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Answer every failure with its problem, as HTML or JSON like what was asked for."""
        try:
            return await handler(request)
        except web.HTTPRedirection:
            raise
        except Exception as error:  # noqa: BLE001 - each has its page
            failure = error
        details = _details(failure, request)
        if request.path.endswith(".json"):
            response = web.Response(
                text=as_json(details),
                content_type="application/problem+json",
                status=details.status,
            )
        else:
            response = self._page(request, "problem.html", details, details.status)
        if isinstance(failure, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = failure.headers["Allow"]
        return response


def _language(request: web.Request) -> str:
    chosen = request.query.get(LANGUAGE) or request.cookies.get(LANGUAGE)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


async def _to_search(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/search")


def _details(failure: Exception, request: web.Request) -> ProblemDetails:
    """Return what to say of *failure*; what is a fault is logged."""
    if isinstance(failure, ProblemError):
        return failure.details
    if isinstance(failure, web.HTTPException):
        return _of_status(failure)
    if isinstance(failure, (asyncio.TimeoutError, ExecutionTimeout)):
        return _unavailable("it takes too long: give more words, a source, a period, a lower limit")
    away = failure.__cause__ if isinstance(failure, StorageUnavailableError) else failure
    if isinstance(away, ConnectionFailure):  # in one line: a live page asks again and again
        logger.warning("MongoDB does not answer (%s)", str(away).split(",", 1)[0])
        return _unavailable("MongoDB does not answer: load the page again when it is back")
    if isinstance(failure, StorageUnavailableError):
        return _unavailable(str(failure))
    logger.error("%s", request.rel_url, exc_info=failure)
    if isinstance(failure, PyMongoError):
        return _unavailable(f"MongoDB: {failure}".splitlines()[0])
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the terminal says what it was")


def _of_status(error: web.HTTPException) -> ProblemDetails:
    status = HTTPStatus(error.status)
    detail = {
        HTTPStatus.NOT_FOUND: "there is no such page",
        HTTPStatus.METHOD_NOT_ALLOWED: "the explorer only reads: GET",
    }.get(status, error.reason)
    return _problem(status, detail)


def _unavailable(detail: str) -> ProblemDetails:
    return _problem(HTTPStatus.SERVICE_UNAVAILABLE, detail)


def _problem(status: HTTPStatus, detail: str) -> ProblemDetails:
    return ProblemError(status, detail).details
