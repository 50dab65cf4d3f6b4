"""The answers of a site that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from netease_crawler.demo.misbehaviour import STATUS, Misbehaviour

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MB = bytes(1_000_000)
_HUGE = 200  # MB
_BOMB = gzip.compress(_MB) * _HUGE  # gzip may have several members
_PAUSE = 1  # seconds: between two bytes of a drip, before looking whether the client left

VERIFICATION: Final = """<!DOCTYPE html>
<html>
<head>
    <meta charset="utf-8">
    <title>安全验证</title>
</head>
<body>
    <div class="verify_box">
        <h1>安全验证</h1>
        <p>您的访问过于频繁，请完成验证后继续浏览。</p>
        <div id="captcha"></div>
    </div>
</body>
</html>
"""


async def bad_answer(
    rule: Misbehaviour, request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Answer *request* as *rule* says; *handler* answers it rightly."""
    if rule.answer == STATUS:
        return _as_said(rule, request)
    if rule.answer in _ALONE:
        return await _ALONE[rule.answer](request)
    return await _OF_A_PAGE[rule.answer](request, await _page(request, handler))


def _as_said(rule: Misbehaviour, request: web.Request) -> web.Response:
    headers = {name: value.replace("{path}", request.path) for name, value in rule.headers.items()}
    headers.setdefault("Content-Type", "text/html; charset=utf-8")
    return web.Response(status=rule.status, headers=headers, body=rule.body.encode())


async def _page(request: web.Request, handler: Handler) -> bytes:
    response = await handler(request)
    assert isinstance(response, web.Response)
    assert isinstance(response.body, bytes)
    return response.body


async def _verification(request: web.Request) -> web.StreamResponse:
    return _html(VERIFICATION.encode())


async def _empty(request: web.Request) -> web.StreamResponse:
    return _html(b"")


async def _empty_list(request: web.Request) -> web.StreamResponse:
    return web.json_response([])


async def _hang(request: web.Request) -> web.StreamResponse:
    while request.transport is not None:  # noqa: ASYNC110 - no event says that the client left
        await asyncio.sleep(_PAUSE)
    return web.Response()  # which nobody gets


async def _reset(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def _huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    for _ in range(_HUGE):
        await response.write(_MB)
    return response


async def _bomb(request: web.Request) -> web.StreamResponse:
    return _html(_BOMB, {"Content-Encoding": "gzip"})


async def _title_only(request: web.Request, page: bytes) -> web.StreamResponse:
    return _html(page.split(b'<div class="post_body">')[0] + b"</body></html>")


async def _drip(request: web.Request, page: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    for position in range(len(page)):
        await response.write(page[position : position + 1])
        await asyncio.sleep(_PAUSE)
    return response


async def _truncated_gzip(request: web.Request, page: bytes) -> web.StreamResponse:
    compressed = gzip.compress(page)
    return _html(compressed[: len(compressed) // 2], {"Content-Encoding": "gzip"})


async def _too_long(request: web.Request, page: bytes) -> web.StreamResponse:
    return _raw(request, page, len(page) + 1000)


async def _too_short(request: web.Request, page: bytes) -> web.StreamResponse:
    return _raw(request, page, len(page) - 1000)


async def _cut(request: web.Request, page: bytes) -> web.StreamResponse:
    return _raw(request, page[: len(page) // 2], len(page))


async def _cookies(request: web.Request, page: bytes) -> web.StreamResponse:
    if "Cookie" in request.headers:
        return web.Response(status=400, text="Request Header Or Cookie Too Large")
    response = _html(page)
    for number in range(50):
        response.set_cookie(f"track{number}", "x" * 200)
    return response


_ALONE = {
    "verification": _verification,
    "empty": _empty,
    "empty_list": _empty_list,
    "hang": _hang,
    "reset": _reset,
    "huge": _huge,
    "bomb": _bomb,
}
_OF_A_PAGE = {
    "title_only": _title_only,
    "drip": _drip,
    "truncated_gzip": _truncated_gzip,
    "too_long": _too_long,
    "too_short": _too_short,
    "cut": _cut,
    "cookies": _cookies,
}


def _html(body: bytes, headers: dict[str, str] | None = None) -> web.Response:
    declared = {"Content-Type": "text/html; charset=utf-8"}
    return web.Response(body=body, headers=declared | (headers or {}))


def _raw(request: web.Request, body: bytes, length: int) -> web.Response:
    """Send *body* with another *length*, which aiohttp would not, and close the connection."""
    assert request.transport is not None
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}"
    request.transport.write(f"{head}\r\n\r\n".encode() + body)
    request.transport.close()
    return web.Response()  # which nobody gets
