"""Where a page of results ended, as a text that says nothing to others."""

from __future__ import annotations

import base64
import binascii


def token(cursor: str) -> str:
    """Return *cursor* as it stands in addresses."""
    return base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")


def cursor(text: str) -> str:
    """Return the cursor that :func:`token` made *text* of; raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise ValueError("is not where a page ended") from None
