"""The forms of NetEase's identifiers and of its addresses of images."""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# two digits at a time: a page shows some fifty doc ids
_PAIRS = {
    base: [high + low for high in _DIGITS[:base] for low in _DIGITS[:base]] for base in (32, 36)
}


def encode(number: int, base: int, width: int) -> str:
    """Return *number* in *base* (32 or 36), padded to *width* characters (an even number).

    >>> encode(33, 32, 4)
    '0011'
    """
    pairs = _PAIRS[base]
    text = ""
    for _ in range(width // 2):
        number, pair = divmod(number, base * base)
        text = pairs[pair] + text
    return text


def image_url(host: str, day: str, number: int) -> str:
    """Return the address of the image uploaded on *day* (``2024-05-13…``)."""
    path = f"{day[:4]}/{day[5:7]}{day[8:10]}"
    return f"http://{host}.ws.126.net/{path}/{number:012x}j00sdegbm000yd000be.jpg"
