"""From lists of NetEase to their entries: channels, rankings, accounts, comments.

One module a shape; nothing here fetches, logs or stores. Every ``parse_…(body, url, encoding)``
takes what the server sent, where from, and the charset it declared, and raises a PageError, never
anything else: BlockedPageError where the site refused, UnknownListingError where the answer has
another shape. Each says whether a real answer of its shape was seen, or only code that reads it.
"""

from __future__ import annotations

from netease_crawler.pages.errors import BlockedPageError, PageError, UnknownListingError

from .account_lists import parse_account_list
from .account_page import parse_account_page
from .channels import parse_channel_feed
from .comments import parse_comment_summary, parse_comment_thread, parse_comments
from .feeds import parse_feed
from .links import parse_link_list
from .mobile_lists import parse_mobile_list
from .rolling import parse_rolling_list

__all__ = [
    "BlockedPageError",
    "PageError",
    "UnknownListingError",
    "parse_account_list",
    "parse_account_page",
    "parse_channel_feed",
    "parse_comment_summary",
    "parse_comment_thread",
    "parse_comments",
    "parse_feed",
    "parse_link_list",
    "parse_mobile_list",
    "parse_rolling_list",
]
