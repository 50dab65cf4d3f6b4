"""What keeps the explorer to itself: headers of every answer, and whom it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from netease_crawler.web.problems import bad_request

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_OWN_NAMES = frozenset({"127.0.0.1", "localhost"})
IMAGE_HOSTS = ("126.net", "127.net", "163.com")
"""NetEase's: pictures may come from what is below them, over https."""


def policy(*, with_images: bool) -> str:
    """Return the Content-Security-Policy: nothing inline, nothing from elsewhere.

    With *with_images*, pictures of NetEase's hosts.
    """
    hosts = IMAGE_HOSTS if with_images else ()
    images = " ".join(["'self'", *(f"https://*.{host}" for host in hosts)])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        f" img-src {images}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def headers(*, with_images: bool) -> dict[str, str]:
    """Return the headers of every answer."""
    return {
        "Content-Security-Policy": policy(with_images=with_images),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


@web.middleware
async def own_name_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Answer only who asks for this machine.

    A page of the web whose name was made to lead here (DNS rebinding) could read the archive.
    """
    name, _, _ = request.headers.get("Host", "").lower().partition(":")
    if name not in _OWN_NAMES:
        raise bad_request("the explorer answers at 127.0.0.1 and localhost only")
    return await handler(request)
