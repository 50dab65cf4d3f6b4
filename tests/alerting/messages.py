"""A message that people may get, and one that tries to do more than to be read."""

from __future__ import annotations

from datetime import datetime, timezone

from netease_crawler.alerting.message import Message
from netease_crawler.incident import Incident, Kind

AT = datetime(2024, 7, 3, 9, 46, 40, tzinfo=timezone.utc)

REFUSED = Message(
    crawl="metro_daily",
    spider="article",
    incident=Incident(
        kind=Kind.REFUSED,
        what="www.163.com",
        reason="www.163.com refuses: 10 of 13 answers were refusals",
        examples=(
            ("https://www.163.com/dy/article/J22CN60P0514R9KQ.html", "HTTP 403"),
            ("https://www.163.com/dy/article/J22CN60P0514R9KR.html", "HTTP 403"),
            ("file:///srv/saved/a_b.html", "DownloadFailedError"),
        ),
    ),
    at=AT,
)

HOSTILE = Message(
    crawl="c",
    spider="article",
    incident=Incident(
        kind=Kind.ENDED,
        what="x",
        reason='<at user_id="all">所有人</at> @all [点我](https://a.cn)\n\n# **大奖** `x`'
        "\u202e&lt;",
        examples=(
            ("https://www.163.com/a_(b)*[c]<@all>\n# x", '"}],"at":{"isAtAll":true}\r\n![]'),
        ),
    ),
    at=AT,
)
