"""Answers of our own in the shapes that the site sends."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

_DIRECTORY = Path(__file__).parents[2] / "fixtures" / "listings"


def saved(name: str) -> bytes:
    return (_DIRECTORY / name).read_bytes()


def beijing(shown: str) -> datetime:
    return datetime.fromisoformat(f"{shown}+08:00")
