"""What the description of the API says of our dataclasses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pytest

from netease_crawler.web.schemas import Schemas


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part."""

    name: str | None


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Something with
    ``parts``.
    """

    parts: Sequence[Part]
    """What it consists of,
    in order."""
    by_name: Mapping[str, tuple[int, float]]
    kind: Literal["a", "b"]
    at: datetime


def test_a_dataclass_becomes_a_component_with_what_its_docstrings_say() -> None:
    schemas = Schemas()
    assert schemas.of(Whole) == {"$ref": "#/components/schemas/Whole"}
    assert schemas.components == {
        "Part": {
            "type": "object",
            "description": "A part.",
            "properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
            "required": ["name"],
            "additionalProperties": False,
        },
        "Whole": {
            "type": "object",
            "description": "Something with parts.",
            "properties": {
                "parts": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/Part"},
                    "description": "What it consists of, in order.",
                },
                "by_name": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "array",
                        "prefixItems": [{"type": "integer"}, {"type": "number"}],
                        "items": False,
                    },
                },
                "kind": {"enum": ["a", "b"]},
                "at": {"type": "string", "format": "date-time"},
            },
            "required": ["parts", "by_name", "kind", "at"],
            "additionalProperties": False,
        },
    }


def test_what_has_no_schema_is_an_error() -> None:
    with pytest.raises(TypeError, match="no schema for <class 'bytes'>"):
        Schemas().of(bytes)
