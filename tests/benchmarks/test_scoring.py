"""Extractors are scored by what they find, however they write it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from benchmarks.scoring import body_f1, is_exact, normalised

BEIJING = timezone(timedelta(hours=8))
PUBLISHED_AT = datetime(2024, 5, 13, 9, 16, 4, tzinfo=BEIJING)


def test_normalised_text_has_single_spaces_and_nothing_invisible():
    assert normalised("\u3000\u3000双洲市\u200b的\xa0\n 客人\ufeff ") == "双洲市的 客人"
    assert normalised(" \u200b ") is None
    assert normalised(None) is None


@pytest.mark.parametrize(
    ("found", "f1"),
    [
        ("游客早上出发\n夜里回到双洲", 1),  # 9 grams
        ("游客早上出发夜里回\u200b到双洲\u3000", 1),
        ("游客早上出发", 2 * 3 / (3 + 9)),
        (
            "游客早上出发夜里回到双洲" * 2,
            2 * 9 / (21 + 9),
        ),  # each gram counts as often as it is there
        ("上午九点开门", 0),
        ("", 0),
    ],
)
def test_body_f1_is_of_the_grams_of_four_characters(found, f1):
    assert body_f1(found, ["游客早上出发", "夜里回到双洲"]) == pytest.approx(f1)


@pytest.mark.parametrize("found", ["游客早上出发 视频：山路", "游客早上出发"])
def test_optional_paragraph_may_be_there_or_not(found):
    assert body_f1(found, ["游客早上出发", "视频：山路"], optional=[1]) == 1


def test_required_paragraph_may_not_be_missing():
    assert body_f1("游客早上出发", ["游客早上出发", "视频：山路"], optional=[]) < 1


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("2024-05-13 09:16:04", True),
        ("2024-05-13T09:16:04+08:00", True),
        ("2024-05-13T01:16:04+00:00", True),
        ("2024-05-13T09:16:05+08:00", False),
        ("2024-05-13T09:16:04+00:00", False),
        ("2024-05-13 09:16", False),
        ("2024-05-13", False),
        (None, False),
    ],
)
def test_time_is_exact_to_the_second(found, expected):
    assert is_exact(found, PUBLISHED_AT) is expected


def test_date_alone_is_not_midnight():
    assert not is_exact("2024-05-13", PUBLISHED_AT.replace(hour=0, minute=0, second=0))


def test_text_is_exact_when_its_normalised_form_is():
    assert is_exact("双洲市\u3000早报 ", "双洲市 早报")
    assert not is_exact("双洲市早报", "双洲市 早报")
    assert not is_exact(None, "双洲市 早报")
