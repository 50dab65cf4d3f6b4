"""Text in the cells of a terminal, where a Chinese character takes two."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    """Return *text* with a space for each control character: it may come from any page."""
    return "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text
    )


def width(text: str) -> int:
    """Return how many cells *text* takes."""
    return sum(map(_width, text))


def fit(text: str, cells: int) -> str:
    """Return *text* in exactly *cells* cells: filled up with spaces, or cut and marked so."""
    shown = shorten(text, cells)
    return shown + " " * (cells - width(shown))


def shorten(text: str, cells: int) -> str:
    """Return *text* in at most *cells* cells, with ``…`` at its end where it was cut."""
    if width(text) <= cells:
        return text
    left = cells - width("…")
    kept = 0
    for char in text:
        left -= _width(char)
        if left < 0:
            break
        kept += 1
    return text[:kept] + "…"


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):  # on the character before; unseen
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
