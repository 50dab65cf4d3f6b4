"""An account as the app loads it: ``c.m.163.com/nc/subscribe/list/T…/all/0-20.html``."""

from __future__ import annotations

import re
from typing import Any

from netease_crawler.items import Account, AccountListing
from netease_crawler.pages.markup import absolute_url, original_image

from .answers import literal, unknown
from .entries import listed, number, text

_MEDIA_ID = re.compile(r"T[0-9]{13}")


def parse_account_list(body: bytes | str, url: str, encoding: str | None = None) -> AccountListing:
    """Return the account and its articles and videos, newest first.

    The list is ``tab_list`` of the answer or of its ``data`` (``wangyihao/list``). No real
    answer was seen [code].
    """
    found = literal(body, url, encoding)
    data = found.get("data", found) if isinstance(found, dict) else None
    entries = data.get("tab_list") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(entries, list):
        raise unknown(url, "tab_list", found)
    info = data.get("subscribe_info")
    info = info if isinstance(info, dict) else {}
    return AccountListing(
        account=_account(info, url),
        articles=listed(entries, url),
    )


def _account(info: dict[str, Any], url: str) -> Account:
    # {"ename":"T1512345678901","tname":"…","alias":"…","topic_icons":"http://…","subnum":"3.9万"}
    in_answer = _MEDIA_ID.fullmatch(text(info, "ename") or "")
    match = in_answer or _MEDIA_ID.search(url)
    media_id = match[0] if match else None
    avatar = absolute_url(text(info, "topic_icons"), url)
    return Account(
        media_id=media_id,
        name=text(info, "tname"),
        url=f"https://www.163.com/dy/media/{media_id}.html" if media_id else None,
        description=text(info, "alias"),
        avatar_url=original_image(avatar),
        follower_count=number(info, "subnum"),
    )
