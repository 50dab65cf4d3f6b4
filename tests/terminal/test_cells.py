from __future__ import annotations

import pytest

from netease_crawler.terminal.cells import fit, printable, shorten, width


@pytest.mark.parametrize(
    ("text", "cells"),
    [("", 0), ("abc", 3), ("地铁", 4), ("二号线 A", 8), ("Ａ，", 4), ("e\u0301", 1)],
)
def test_width(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("地铁", 6, "地铁  "),
        ("地铁", 4, "地铁"),
        ("地铁开通", 6, "地铁… "),
        ("地铁开通", 7, "地铁开…"),
    ],
)
def test_fit_fills_the_cells_exactly(text: str, cells: int, shown: str) -> None:
    assert fit(text, cells) == shown
    assert width(fit(text, cells)) == cells


def test_shorten_leaves_what_fits() -> None:
    assert shorten("地铁", 5) == "地铁"


def test_a_page_cannot_control_the_terminal() -> None:
    assert printable("红\x1b[31m\r\n字\u2028\x9b") == "红 [31m  字  "
