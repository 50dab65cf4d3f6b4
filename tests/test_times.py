from __future__ import annotations

import pytest

from netease_crawler.times import beijing_instant, beijing_text


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-05-31", "2024-05-30T16:00:00+00:00"),
        ("2024-05-31T08:00", "2024-05-31T00:00:00+00:00"),
        ("2024-05-31 08:00:01", "2024-05-31T00:00:01+00:00"),
        ("2024-05-31T08:00Z", "2024-05-31T08:00:00+00:00"),
        ("2024-05-31T08:00-05:00", "2024-05-31T13:00:00+00:00"),
    ],
)
def test_a_time_is_beijings_unless_it_names_a_zone(text: str, instant: str) -> None:
    assert beijing_instant(text).isoformat() == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "2024",
        "2024-5-1",
        "2024-02-30",
        "20240531",
        "2024-W22-5",
        "0001-01-01",
        "２０２４-05-31",
    ],
)
def test_what_is_no_time_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="a date like") as error:
        beijing_instant(text)
    assert str(error.value) == (
        f"a date like 2024-05-31 or a time like 2024-05-31T08:00 (Beijing), not {text!r}"
    )


def test_a_time_is_shown_as_the_site_shows_it() -> None:
    assert beijing_text(beijing_instant("2024-05-30T16:00:09Z")) == "2024-05-31 00:00:09"
