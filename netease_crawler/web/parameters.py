"""What may be asked of a page: each parameter reads its value, and says what it may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from netease_crawler.times import beijing_instant

_LONGEST = 200  # characters of a value
_INSTANT = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$"
)


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A part of an address. An empty value is none, as forms send it."""

    name: str
    description: str
    read: Callable[[str], Any]
    """Gives what the text stands for; raises ValueError, with one line."""
    schema: Mapping[str, Any]
    """JSON schema of the text."""
    default: Any = None
    is_required: bool = False


def text(
    name: str, description: str, *, is_required: bool = False, longest: int = _LONGEST
) -> Parameter:
    """Return a parameter that may be any text of at most *longest* characters."""

    def read(value: str) -> str:
        if len(value) > longest:
            raise ValueError(f"has {len(value)} characters, at most {longest} are allowed")
        if "\0" in value:
            raise ValueError("contains a NUL character")
        return value

    schema = {"type": "string", "maxLength": longest, "pattern": r"^[^\u0000]*$"}
    return Parameter(
        name=name, description=description, read=read, schema=schema, is_required=is_required
    )


def choice(name: str, description: str, *choices: str) -> Parameter:
    """Return a parameter that is one of *choices*; the first where none is given."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}, not {value!r}")
        return value

    schema = {"type": "string", "enum": [*choices, ""], "default": choices[0]}
    return Parameter(
        name=name, description=description, read=read, schema=schema, default=choices[0]
    )


def flag(name: str, description: str) -> Parameter:
    """Return a parameter that is set by ``1``."""

    def read(value: str) -> bool:
        if value != "1":
            raise ValueError(f"1 or nothing, not {value!r}")
        return True

    schema = {"type": "string", "enum": ["1", ""]}
    return Parameter(name=name, description=description, read=read, schema=schema, default=False)


def yes_or_no(name: str, description: str) -> Parameter:
    """Return a parameter that is ``yes`` or ``no``, and means neither where it is not given."""

    def read(value: str) -> bool:
        if value not in ("yes", "no"):
            raise ValueError(f"yes or no, not {value!r}")
        return value == "yes"

    schema = {"type": "string", "enum": ["yes", "no", ""]}
    return Parameter(name=name, description=description, read=read, schema=schema)


def instant(name: str, description: str) -> Parameter:
    """Return a parameter that is a date or a time, of Beijing where it names no zone."""

    def read(value: str) -> datetime:
        return beijing_instant(value)

    schema = {"type": "string", "pattern": _INSTANT, "examples": ["2024-05-31"]}
    return Parameter(name=name, description=description, read=read, schema=schema)


def number(name: str, description: str, *, default: int, most: int) -> Parameter:
    """Return a parameter that is a whole number from 1 to *most*."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= most:
            raise ValueError(f"a whole number from 1 to {most}, not {value!r}")
        return int(value)

    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Parameter(name=name, description=description, read=read, schema=schema, default=default)


def matching(name: str, description: str, pattern: str, *, is_required: bool = False) -> Parameter:
    """Return a parameter whose text *pattern* matches as a whole."""

    def read(value: str) -> str:
        if not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(f"{value!r} cannot be one")
        return value

    schema = {"type": "string", "pattern": f"^(?:{pattern})$"}
    return Parameter(
        name=name, description=description, read=read, schema=schema, is_required=is_required
    )
