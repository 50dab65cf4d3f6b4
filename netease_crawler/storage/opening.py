"""Opening the archive: the MongoDB of ``MONGO_URI``, or the embedded one."""

from __future__ import annotations

import asyncio
import logging
import threading
from types import TracebackType

from pymongo import AsyncMongoClient
from pymongo.errors import InvalidName
from typing_extensions import Self

from netease_crawler.storage.connection import (
    Document,
    StorageUnavailableError,
    check,
    open_client,
)
from netease_crawler.storage.server import EmbeddedServer, ServerError, ensure_server

logger = logging.getLogger(__name__)


class Storage:
    """An open archive; it belongs to the event loop that opened it."""

    def __init__(
        self, client: AsyncMongoClient[Document], database: str, server: EmbeddedServer | None
    ) -> None:
        self.client = client
        self.database = client[database]
        self._server = server
        self._uri = server.uri if server is not None else None
        self._reviving = threading.Lock()

    def revive(self) -> None:
        """Bring the embedded server back if it is down; blocks while it starts.

        Raises StorageUnavailableError where it had to move to another port.
        """
        if self._server is None or not self._reviving.acquire(blocking=False):
            return
        try:
            self._server.ensure()
        except ServerError as error:
            logger.warning("The embedded MongoDB does not start: %s", error)
        finally:
            self._reviving.release()
        if self._server.uri != self._uri:
            raise StorageUnavailableError(
                "another program took the port of the embedded MongoDB, which has a new one now:"
                " run the same command again"
            )

    async def close(self) -> None:
        """Close the connection and let go of the embedded server."""
        await _close(self.client, self._server)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


async def open_storage(uri: str, database: str, mongod_binary: str = "") -> Storage:
    """Return the archive *database* at *uri*, or in the embedded MongoDB where that is empty.

    The server answers when this returns. Raises StorageUnavailableError, after 5 seconds
    where a given server does not answer, and as :func:`~.connection.check` does.
    """
    server = None
    if not uri:
        try:
            server = await asyncio.to_thread(ensure_server, binary=mongod_binary or None)
        except ServerError as error:
            raise StorageUnavailableError(str(error)) from error
    client = open_client(server.uri if server is not None else uri)
    try:
        storage = Storage(client, database, server)
        await check(storage.database)
    except InvalidName as error:
        await _close(client, server)
        raise StorageUnavailableError(f"MONGO_DATABASE: {database!r}: {error}") from error
    except BaseException:
        await _close(client, server)
        raise
    return storage


async def _close(client: AsyncMongoClient[Document], server: EmbeddedServer | None) -> None:
    await client.close()
    if server is not None:
        server.close()
