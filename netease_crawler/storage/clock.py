"""The database's clock, by which times are recorded: those of workers may differ by minutes."""

from __future__ import annotations

from datetime import datetime

from netease_crawler.storage.connection import Database


async def server_time(database: Database) -> datetime:
    """Return what time it is for the database: UTC, to the millisecond, as old as its answer."""
    hello = await database.command("hello", codec_options=database.codec_options)
    at: datetime = hello["localTime"]
    return at
