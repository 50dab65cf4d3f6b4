"""``scrapy explore``: the archive in a browser."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from argparse import ArgumentParser, Namespace
from typing import Any, ClassVar

from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.selection import no_argument

_HOST = "127.0.0.1"
_LAST_PORT = 65535


class Command(ArchiveCommand):
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}
    example = "scrapy explore --port 8164"

    def short_desc(self) -> str:
        return "Look at the archive in a browser"

    def long_desc(self) -> str:
        return (
            "Serves the archive as pages for people and JSON for programs, read only and for this"
            " machine alone (127.0.0.1), at an address that it prints, until ctrl-C. Nothing that"
            " a page shows is fetched from elsewhere, unless --images allows pictures."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", metavar="N", default="0", help="(default: one that is free)")
        parser.add_argument(
            "--images",
            action="store_true",
            help="let the browser fetch the pictures of articles from NetEase",
        )

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        # Here, as Scrapy imports all commands whichever is run
        from aiohttp import web

        from netease_crawler.web.application import create_application

        no_argument(args)
        port = _port(opts.port)
        async with await self.open_archive() as storage:
            application = create_application(storage.database, with_images=opts.images)
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)
            await runner.setup()
            try:
                site = web.TCPSite(runner, _HOST, port)
                try:
                    await site.start()
                except PermissionError:
                    raise CommandError(f"port {port} is not for us: give another", 2) from None
                except OSError:
                    raise CommandError(f"port {port} is taken: give another, or none", 2) from None
                host, bound = runner.addresses[0][:2]
                print(f"http://{host}:{bound}/  (ctrl-C ends it)", flush=True)
                await _until_told()
            finally:
                await runner.cleanup()


def _port(value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or int(value) > _LAST_PORT:
        raise CommandError(f"port: a whole number from 0 (any) to {_LAST_PORT}, not {value!r}", 2)
    return int(value)


async def _until_told() -> None:
    """Return at SIGTERM or ctrl-C."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT"):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(getattr(signal, name), told.set)
    await told.wait()
