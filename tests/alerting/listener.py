"""Servers that take alerts, on 127.0.0.1, in a thread of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

T = TypeVar("T")
TAKEN = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}
"""What robots answer, all of them in one."""


@dataclass(frozen=True)
class Received:
    path: str
    query: dict[str, str]
    body: Any


@dataclass
class Listener:
    """A webhook: what it received, and what it answers."""

    answers: list[tuple[int, Any]] = field(default_factory=list)
    """Status and JSON of the next answers; then everything is taken."""
    received: list[Received] = field(default_factory=list)
    port: int = 0
    on_post: Callable[[], object] = lambda: None
    until: threading.Event | None = None
    """What it waits for before it answers."""

    def address(self, kind: str = "json", path: str = "/alerts/Tok3nSecret") -> str:
        return f"{kind}+http://127.0.0.1:{self.port}{path}"

    async def post(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.on_post()
        if self.until is not None:
            await asyncio.to_thread(self.until.wait)
        self.received.append(Received(request.path, dict(request.query), body))
        status, answer = self.answers.pop(0) if self.answers else (200, TAKEN)
        location = {"Location": "/elsewhere"} if status == 302 else None
        return web.json_response(answer, status=status, headers=location)

    async def start(self) -> Callable[[], Awaitable[None]]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.post)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        self.port = runner.addresses[0][1]
        return runner.cleanup


@dataclass
class Mailbox:
    """An SMTP server without TLS: the envelopes and mails it took."""

    login: tuple[str, str] | None = None
    """AUTH PLAIN as base64, and what it is answered with; None: nobody can log in."""
    received: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    port: int = 0
    pause: float = 0
    """Seconds before each of its answers."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await self.talk(reader, writer)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender, to = "", []
        extensions = "250-mailbox\r\n250 AUTH PLAIN" if self.login else "250 mailbox"
        writer.write(b"220 mailbox\r\n")
        while line := (await reader.readline()).decode().strip():
            command, answer = line.upper(), "250 ok"
            if command.startswith("EHLO"):
                answer = extensions
            elif command.startswith("AUTH PLAIN") and self.login:
                given = line.rpartition(" ")[2]
                answer = self.login[1] if given == self.login[0] else "535 not you: " + given
            elif command.startswith("MAIL FROM:"):
                sender, to = line[10:].split()[0].strip("<>"), []
            elif command.startswith("RCPT TO:"):
                to.append(line[8:].strip("<>"))
            elif command == "DATA":
                await asyncio.sleep(self.pause)
                writer.write(b"354 go on\r\n")
                mail = await reader.readuntil(b"\r\n.\r\n")
                self.received.append((sender, to, mail.removesuffix(b".\r\n")))
            elif command == "QUIT":
                answer = "221 bye"
            await asyncio.sleep(self.pause)
            writer.write(f"{answer}\r\n".encode())

    async def start(self) -> Callable[[], Awaitable[None]]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

        async def stop() -> None:
            server.close()

        return stop


Server = TypeVar("Server", Listener, Mailbox)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Give *server* while it listens."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        stop = asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
        yield server
        asyncio.run_coroutine_threadsafe(_ended(stop), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(stop: Callable[[], Awaitable[None]]) -> None:
    await stop()
    others: Sequence[asyncio.Task[Any]]
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
