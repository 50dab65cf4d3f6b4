"""态度原创, the site's own columns, where JavaScript has not yet shown them.

The page carries the whole pool, of which JavaScript shows four at random.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from netease_crawler.items import Link
from netease_crawler.urls import page_id_from_url

from .markup import SITE, absolute_url, beijing_time, original_image
from .scripts import assigned_json


@lru_cache(maxsize=32)  # the same pool stands on every page of some days
def original_pool(script: str) -> tuple[Link, ...]:
    """Return the columns that *script* assigns to ``taiduYuanC``, in its order."""
    # var taiduYuanC = [ {"tag" : "谈心社", "link" : "https://…", "time" : "2024-05-23 10:00:00",
    # "title" : "…", "imgurl" : "http://cms-bucket…", "defaultimg":"https://static…" }, …]
    entries = assigned_json(script, "taiduYuanC")
    links = (_link(entry) for entry in entries if isinstance(entry, dict)) if entries else ()
    return tuple(link for link in links if link is not None)


def _link(entry: dict[str, Any]) -> Link | None:
    values = {name: value.strip() for name, value in entry.items() if isinstance(value, str)}
    url, title = absolute_url(values.get("link"), SITE), values.get("title")
    if url is None or not title:
        return None
    image = absolute_url(values.get("imgurl"), SITE)
    return Link(
        url=url,
        title=title,
        doc_id=page_id_from_url(url),
        tag=values.get("tag") or None,
        published_at=beijing_time(values.get("time")),
        image_url=original_image(image),
    )
