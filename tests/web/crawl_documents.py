"""Crawls as the ledger keeps them, written without one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from netease_crawler.storage.connection import Database, Document
from tests.conftest import InDatabase

BEGAN = datetime(2025, 3, 4, 8, tzinfo=timezone.utc)
URL = "https://www.163.com/dy/article/K0A1B2C305149ABC.html"


def crawl(name: str = "spring", **values: Any) -> Document:
    return {
        "_id": name,
        "spider": "article",
        "arguments": {"urls": URL, "depth": "3"},
        "started_at": BEGAN,
        "workers": {},
    } | values


def ended(outcome: str, after: float = 100, **states: int) -> Document:
    at = BEGAN + timedelta(seconds=after)
    return {"outcome": outcome, "ended_at": at, "states": states}


def workers(silent: float = 0, joined: float = 600) -> Document:
    now = datetime.now(timezone.utc)
    return {
        "workers": {
            "machine:1:a": {
                "joined_at": now - timedelta(seconds=joined),
                "heartbeat_at": now - timedelta(seconds=silent),
            }
        }
    }


def pages(name: str, reason: str | None = None, **states: int) -> list[Document]:
    return [
        {
            "_id": f"{name}/{state}{reason}{number}",
            "crawl": name,
            "key": f"{state}{number}",
            "depth": 0,
            "state": state,
            "reason": reason,
        }
        for state, several in states.items()
        for number in range(several)
    ]


def record(name: str, number: int, at: datetime, sent: list[int], **values: Any) -> Document:
    return {
        "_id": f"{name}/w/{number}",
        "crawl": name,
        "worker": "w",
        "rate": 1.0,
        "host": "www.163.com",
        "precision": 2,
        "at": at,
        "sent": sent,
        "counts": {},
    } | values


def keep(in_database: InDatabase[Any], **documents: list[Document]) -> None:
    async def scenario(database: Database) -> None:
        for collection, several in documents.items():
            await database[collection].insert_many(several)

    in_database(scenario)
