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
        ("3.9万", None),
        ("１２", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_digits_are_a_count(text: str | None, number: int | None) -> None:
    assert markup.count(text) == number


@pytest.mark.parametrize(
    ("text", "before"),
    [("江边 老周 2025-08-13 20:00:00", "江边 老周"), ("2025-08-13 20:00", None), (None, None)],
)
def test_the_source_stands_before_the_time(text: str | None, before: str | None) -> None:
    assert markup.before_time(text) == before
