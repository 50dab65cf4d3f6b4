"""Literals of JavaScript, read as what they say; nothing is evaluated."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

# A string, open at the end where the text was cut off; a name, which JSON wants quoted where it
# is a key; or a comma after the last entry, which JSON does not allow. Each alternative takes all
# it can, so that no text is looked at twice.
_NOT_JSON = re.compile(
    r'"(?P<string>[^"\\]*(?:\\.[^"\\]*)*)"?|(?P<name>[A-Za-z_$][\w$]*)(?P<colon>\s*:)?|,(?=\s*[\]}])',
    re.DOTALL,
)
# \ud83d\ude00 is one character; half of such a pair, where a text was cut off, is none
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?P<half>u[dD][89a-fA-F])[\da-fA-F]{2}|.)",
    re.DOTALL | re.ASCII,
)
_DECODER = json.JSONDecoder(strict=False)  # titles may hold a tab


def read_literal(text: str) -> tuple[Any, str]:
    """Return the list or object that *text* begins with, with Python's types, and what follows.

    Unquoted keys and a comma after the last entry are allowed, as JavaScript allows them.

    Raises ValueError where that is no literal, or not a whole one.
    """
    try:
        if "\\u" not in text:  # which may be half a character
            with suppress(ValueError):
                return _read_json(text)
        return _read_json(_NOT_JSON.sub(_as_json, text))
    except RecursionError as error:
        raise ValueError("too deep") from error


def _read_json(text: str) -> tuple[Any, str]:
    found, end = _DECODER.raw_decode(text)
    return found, text[end:]


def _as_json(part: re.Match[str]) -> str:
    if part["name"] is not None:
        return f'"{part["name"]}"{part["colon"]}' if part["colon"] else part["name"]
    if part["string"] is not None:
        return _ESCAPE.sub(_json_escape, part[0])
    return ""


def _json_escape(escape: re.Match[str]) -> str:
    if escape["half"] is not None:
        return ""
    return "'" if escape[0] == "\\'" else escape[0]  # \' is none in JSON
