from __future__ import annotations

import doctest

import pytest

from netease_crawler.pages import markup


def test_examples_in_docstrings_hold() -> None:
    failed, tried = doctest.testmod(markup)
    assert tried >= 1
    assert failed == 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 88\n", 88),
        ("0", 0),
        ("847458", 847458),
        ("19跟贴", 19),
        ("3.9万", 39_000),
        ("2.3万跟贴", 23_000),
        ("0.29万", 2_900),  # 2899.9999999999995 in floating point
        ("1.2亿", 120_000_000),
        ("12万", 120_000),
        ("10万+", None),
        ("跟贴", None),
        ("万", None),
        ("3.9", None),
        (".5万", None),
        ("3.9 万", None),
        ("1,234", None),
        ("1.23456万", None),
        ("１２", None),
        ("٣", None),
        ("-1", None),
        ("-3.9万", None),
        ("1e3", None),
        ("1" * 13, None),
        ("", None),
        (None, None),
    ],
)
def test_count_is_the_number_that_is_shown(text: str | None, number: int | None) -> None:
    assert markup.count(text) == number


@pytest.mark.parametrize(
    ("text", "before"),
    [("江边 老周 2025-08-13 20:00:00", "江边 老周"), ("2025-08-13 20:00", None), (None, None)],
)
def test_the_source_stands_before_the_time(text: str | None, before: str | None) -> None:
    assert markup.before_time(text) == before
