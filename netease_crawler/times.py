"""Times as people write and read them: in Beijing, where the site and its readers are."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?P<zone>Z|[+-]\d\d:\d\d)?)?", re.ASCII
)


def beijing_instant(text: str) -> datetime:
    """Return the date or time that *text* says, in UTC; a date is its first moment.

    Beijing's unless it names another zone. Raises ValueError with what is allowed.

    >>> beijing_instant("2024-05-31").isoformat()
    '2024-05-30T16:00:00+00:00'
    """
    match = _INSTANT.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if match["zone"] is None:
            instant = instant.replace(tzinfo=BEIJING)
        return instant.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise ValueError(
            f"a date like 2024-05-31 or a time like 2024-05-31T08:00 (Beijing), not {text!r}"
        ) from None


def beijing_text(instant: datetime) -> str:
    """Return *instant* as the site shows it, to the second: ``2024-05-31 08:00:00``."""
    return f"{instant.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
