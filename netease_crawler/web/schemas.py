"""JSON schemas of our dataclasses, with what their docstrings say.

Written here as no library reads the docstrings below the fields of plain dataclasses.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

_PLAIN: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
    Any: {},
}


class Schemas:
    """Collects the schemas of dataclasses, each once, for ``#/components/schemas``."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}
        self._types: dict[str, type] = {}

    def of(self, kind: Any) -> Schema:
        """Return the schema of *kind* as :mod:`netease_crawler.json_text` writes it.

        Raises TypeError for what has none.
        """
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(one) for one in arguments]}
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is tuple and Ellipsis not in arguments:
            places = [self.of(one) for one in arguments]
            return {"type": "array", "prefixItems": places, "items": False}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return {"type": "array", "items": self.of(arguments[0])}
        if is_dataclass(kind) and isinstance(kind, type):
            return {"$ref": f"#/components/schemas/{self._component(kind)}"}
        raise TypeError(f"no schema for {kind!r}")

    def _component(self, kind: type) -> str:
        name = kind.__name__
        if self._types.setdefault(name, kind) is not kind:
            raise TypeError(f"two classes are called {name}: {kind!r}, {self._types[name]!r}")
        if name not in self.components:
            self.components[name] = {}  # it may contain itself
            self.components[name] = self._object(kind)
        return name

    def _object(self, kind: type) -> Schema:
        hints = get_type_hints(kind)
        said: dict[str, str] = {}
        for base in reversed(kind.__mro__):
            if is_dataclass(base):
                said |= _said(base)
        properties = {}
        for field in fields(kind):
            properties[field.name] = self.of(hints[field.name])
            if field.name in said:
                properties[field.name]["description"] = said[field.name]
        return {
            "type": "object",
            "description": _plain(inspect.getdoc(kind) or ""),
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }


@cache
def _said(kind: type) -> dict[str, str]:
    """Return the docstrings below the fields of *kind*."""
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)
    return {
        node.target.id: _plain(inspect.cleandoc(below.value.value))
        for node, below in pairwise(definition.body)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def _plain(docstring: str) -> str:
    return " ".join(docstring.replace("``", "").split())
