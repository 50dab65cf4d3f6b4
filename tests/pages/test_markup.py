from __future__ import annotations

import doctest
from datetime import datetime, timezone

import pytest
from selectolax.lexbor import LexborHTMLParser

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
    [
        ("江边 老周 2025-08-13 20:00:00", "江边 老周"),
        ("2025-08-13 20:00", None),
        ("江边老周 3小时前", None),
        ("江边老周 2025-08-13", None),
        (None, None),
    ],
)
def test_the_source_stands_before_the_time(text: str | None, before: str | None) -> None:
    assert markup.before_time(text) == before


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024-05-23T07:20:03+08:00", 3),
        ("2024-05-23T07:20:03+0800", 3),
        ("2024-05-23 07:20", 0),
        ("2024-05-23T07:20:03Z", None),
        ("2024-05-22T23:20:03+00:00", None),
        ("2024-05-23 07:20:034", None),
        ("112024-05-23 07:20", None),
    ],
)
def test_time_is_beijing_s_or_none(text: str, seconds: int | None) -> None:
    expected = None
    if seconds is not None:
        expected = datetime(2024, 5, 22, 23, 20, seconds, tzinfo=timezone.utc)
    assert markup.beijing_time(text) == expected


@pytest.mark.parametrize(
    ("text", "editor"),
    [
        ("责任编辑：赵二_NN0001", "赵二_NN0001"),
        ("责任编辑 : 赵二 _NN0001\n", "赵二 _NN0001"),
        ("（责任编辑：赵二）", "赵二"),
        ("责任编辑：赵二_NN0001 本文来源：某日报", "赵二_NN0001"),
        ("本文来源：某日报 责任编辑：赵二", "赵二"),
        ("责任编辑：", None),
    ],
)
def test_editor_is_named_up_to_the_next_credit(text: str, editor: str | None) -> None:
    assert markup.editor_in(text) == editor


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("2024-03-08 09:30:00\u3000来源: 某某 客户端 ", "某某 客户端"),
        ("2015-07-03 07:50:35\u3000来源：某日报(上海)\u3000作者：赵二", "某日报"),
        ("来源: 某日报 举报", "某日报"),
        ("2024-03-08 09:30:00\u3000来源: ", None),
    ],
)
def test_source_is_named_up_to_what_follows(text: str, source: str | None) -> None:
    assert markup.source_in(text) == source


def test_line_break_is_a_space() -> None:
    heading = LexborHTMLParser("<h1> 上半句<br>下 半句<b>！</b></h1><h2>一句</h2>")
    assert markup.line_of(heading.css_first("h1")) == "上半句 下 半句！"
    assert markup.line_of(heading.css_first("h2")) == "一句"
    assert markup.line_of(None) is None
