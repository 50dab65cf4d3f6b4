"""HTML of what views read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from netease_crawler.storage.graph import MOST_COUNTED
from netease_crawler.times import beijing_text
from netease_crawler.web.security import IMAGE_HOSTS

_PICTURE = re.compile(
    rf"https?://((?:[\w-]+\.)+(?:{'|'.join(map(re.escape, IMAGE_HOSTS))})/.*)",
    re.ASCII | re.DOTALL | re.IGNORECASE,
)


def environment() -> Environment:
    """Return what renders our templates. Everything that they are given is escaped."""
    templates = Environment(
        loader=PackageLoader("netease_crawler.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters.update(
        time=_time,
        moment=beijing_text,
        date=_date,
        day_before=_day_before,
        machine_time=_machine_time,
        number=_number,
        in_degree=_in_degree,
        web_address=_web_address,
        picture_address=_picture_address,
    )
    templates.globals |= {"address": address, "most_counted": MOST_COUNTED}
    return templates


def address(path: str, values: Mapping[str, Any], **changes: Any) -> str:
    """Return *path* with *values* and *changes* as its query; None, False and "" are left out."""
    query = {**values, **changes}
    shown = {
        name: "1" if value is True else value
        for name, value in query.items()
        if value not in (None, False, "")
    }
    return f"{path}?{urlencode(shown)}" if shown else path


def _time(instant: datetime | None) -> str:
    """Return *instant* to the minute in Beijing."""
    return "" if instant is None else beijing_text(instant)[: len("2024-05-13 09:16")]


def _date(instant: datetime | None) -> str:
    return "" if instant is None else beijing_text(instant)[: len("2024-05-13")]


def _day_before(instant: datetime) -> str:
    """Return the last day of a period that ends at *instant*."""
    return _date(instant - timedelta(days=1))


def _machine_time(instant: datetime) -> str:
    return instant.isoformat()


def _in_degree(edges: int) -> str:
    """Return *edges* as text; of more than are counted, that there are more."""
    return _number(edges) + ("" if edges < MOST_COUNTED else "+")


def _number(value: float) -> str:
    return f"{value:,}"


def _web_address(text: str | None) -> str | None:
    """Return *text* if it is the address of a page of the web: what may be a link."""
    is_one = text is not None and text.lower().startswith(("http://", "https://"))
    return text if is_one else None


def _picture_address(url: str | None) -> str | None:
    """Return *url* over https where browsers may fetch pictures from it, else None."""
    match = _PICTURE.match(url or "")
    return f"https://{match[1]}" if match else None
