"""The database's time is told whatever this machine's clock says."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest

from netease_crawler.storage.clock import DatabaseClock, server_time
from netease_crawler.storage.connection import Database


def test_time_is_the_database_s_to_the_precision(in_database):
    async def scenario(database: Database) -> tuple[timedelta, timedelta]:
        clock = DatabaseClock(database)
        await clock.look()
        before, told, after = await server_time(database), clock.now(), await server_time(database)
        precision = timedelta(milliseconds=clock.precision)
        return told - before + precision, after - told + precision

    early, late = in_database(scenario)
    assert early >= timedelta() <= late


def test_a_clock_that_is_set_changes_nothing(in_database, monkeypatch: pytest.MonkeyPatch):
    async def scenario(database: Database) -> datetime:
        monkeypatch.setattr(time, "time", lambda: 0.0)
        clock = DatabaseClock(database)
        await clock.look()
        return clock.now()

    told = in_database(scenario)
    assert abs(told - datetime.now(timezone.utc)) < timedelta(minutes=1)
    assert told.microsecond % 1000 == 0
