"""A connection to the archive's database, and waiting for one that is away."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pymongo import AsyncMongoClient
from pymongo.asynchronous.cursor import AsyncCursor
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConfigurationError, ConnectionFailure, InvalidURI, PyMongoError

logger = logging.getLogger(__name__)

T = TypeVar("T")
Document = dict[str, Any]
Database = AsyncDatabase[Document]

_SELECTION_TIMEOUT = 5.0  # seconds until the driver says that no server answers
_LONGEST_ELECTION = 30.0  # seconds
_LONGEST_OPERATION = 20_000  # milliseconds
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # seconds between two tries


class StorageUnavailableError(Exception):
    """The database does not answer; the message is one line that says what to do."""


def open_client(uri: str) -> AsyncMongoClient[Document]:
    """Return a client for *uri* whose acknowledged writes survive a crash of the server.

    Nothing is contacted yet. Raises StorageUnavailableError where *uri* is not one; its
    message has no password in it.
    """
    if re.match(r"[^/]*//[^/?#]*[/?#].*@", uri, re.DOTALL):
        # The driver would take the rest of the password for a host or a database, and name it.
        raise StorageUnavailableError(
            "MONGO_URI cannot be used: '/', '?', '#' and '@' in a password or an option must be"
            " escaped, as urllib.parse.quote_plus does"
        )
    try:
        return AsyncMongoClient(
            uri,
            tz_aware=True,
            appname="netease_crawler",
            w="majority",
            journal=True,
            serverSelectionTimeoutMS=int(_SELECTION_TIMEOUT * 1000),
            connectTimeoutMS=int(_SELECTION_TIMEOUT * 1000),
        )
    except (InvalidURI, ConfigurationError, OSError, ValueError) as error:
        raise StorageUnavailableError(f"MONGO_URI cannot be used: {error}") from error


async def read(cursor: AsyncCursor[Document]) -> list[Document]:
    """Return all that *cursor* finds; MongoDB gives up after 20 seconds.

    Raises ExecutionTimeout then.
    """
    found: list[Document] = await cursor.max_time_ms(_LONGEST_OPERATION).to_list()
    return found


async def check(database: Database) -> None:
    """Return when the server lets us read *database*.

    Raises StorageUnavailableError, after 5 seconds where nothing answers, and after 30 where a
    replica set has no primary all the time: it elects one in 10 to 12 seconds.
    """
    ends_at = time.monotonic() + _LONGEST_ELECTION
    while await _waits_for_an_election(database):
        if time.monotonic() > ends_at:
            raise StorageUnavailableError(
                f"MongoDB at {_address(database.client)} elects no primary:"
                " start more of its members"
            )


async def _waits_for_an_election(database: Database) -> bool:
    """Whether *database* cannot be read as its replica set has no primary."""
    client = database.client
    try:
        await database["crawls"].find_one({}, {"_id": 1})
    except ConnectionFailure as error:
        topology = client.topology_description
        if topology.known_servers and topology.topology_type_name == "ReplicaSetNoPrimary":
            return True
        raise StorageUnavailableError(
            f"MongoDB does not answer at {_address(client)}: start it, correct MONGO_URI,"
            " or leave MONGO_URI empty to use the embedded one"
        ) from error
    except PyMongoError as error:
        raise StorageUnavailableError(
            f"MongoDB at {_address(client)} refuses us: {error}"
        ) from error
    return False


class Patience:
    """Repeats an idempotent operation until the database answers.

    An outage is announced once when it begins and once when it ends, however many
    operations wait. *revive* is called between tries (it may start an embedded server);
    an operation that gets no answer for *limit* seconds raises StorageUnavailableError.
    """

    def __init__(self, revive: Callable[[], object] | None = None, limit: float = 600.0) -> None:
        self._revive = revive
        self._limit = limit
        self._away_since: float | None = None

    async def __call__(self, operation: Callable[[], Awaitable[T]]) -> T:
        pause = _FIRST_PAUSE
        failing_since: float | None = None
        while True:
            try:
                result = await operation()
            except ConnectionFailure as error:
                failing_since = failing_since or time.monotonic()
                self._give_up_after(time.monotonic() - failing_since, error)
                self._begin_outage(error)
            else:
                self._end_outage()
                return result
            if self._revive is not None:
                await asyncio.to_thread(self._revive)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _begin_outage(self, error: ConnectionFailure) -> None:
        if self._away_since is None:
            self._away_since = time.monotonic()
            logger.warning(
                "MongoDB is away; the crawl waits for it and loses nothing (%s)",
                str(error).split(",", 1)[0],
            )

    def _give_up_after(self, seconds: float, error: ConnectionFailure) -> None:
        if seconds > self._limit:
            raise StorageUnavailableError(
                f"MongoDB was away for {seconds:.0f} s; run the same command again when it is back"
            ) from error

    def _end_outage(self) -> None:
        if self._away_since is not None:
            logger.warning(
                "MongoDB is back after %.0f s; the crawl goes on",
                time.monotonic() - self._away_since,
            )
            self._away_since = None


def _address(client: AsyncMongoClient[Document]) -> str:
    hosts = client.topology_description.server_descriptions()
    return ", ".join(f"{host}:{port}" for host, port in sorted(hosts)) or "MONGO_URI"
