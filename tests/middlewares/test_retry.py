"""How long Retry-After asks to wait."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from scrapy.http import Response

from netease_crawler.middlewares.retry import retry_after

NOW = datetime(2024, 5, 31, 8, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Fri, 31 May 2024 08:00:30 GMT", 30.0),
        ("Friday, 31-May-24 08:01:00 GMT", 60.0),
        ("Fri, 31 May 2024 16:02:00 +0800", 120.0),
        ("Fri, 31 May 2024 08:00:30 -0000", 30.0),
        ("Fri, 31 May 2024 07:00:00 GMT", 0.0),  # past
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("9" * 400, float("inf")),
        ("Fri, 31 May 99999999999 08:00:30 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    response = Response(
        "https://www.163.com/", status=503, headers={"Retry-After": value.encode("latin-1")}
    )
    assert retry_after(response, NOW) == seconds


@pytest.mark.parametrize("minutes_off", [-5, 0, 5])
def test_a_date_is_read_by_the_site_s_own_clock(minutes_off: int) -> None:
    headers = {
        "Date": "Fri, 31 May 2024 08:00:00 GMT",
        "Retry-After": "Fri, 31 May 2024 08:02:00 GMT",
    }
    response = Response("https://www.163.com/", status=503, headers=headers)
    assert retry_after(response, NOW + timedelta(minutes=minutes_off)) == 120.0


def test_answer_without_the_header_asks_for_nothing() -> None:
    assert retry_after(Response("https://www.163.com/", status=503), NOW) is None
