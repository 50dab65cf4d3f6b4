"""What articles show more rarely than they should."""

from __future__ import annotations

import pytest

from netease_crawler.ledger.coverages import is_rare


@pytest.mark.parametrize(
    ("field", "asked", "shown", "rare"),
    [
        ("source", 1000, 1000, False),
        ("source", 1000, 998, False),  # what chance has
        ("source", 1000, 950, True),
        ("source", 1, 0, False),  # of one page nothing can be said
        ("source", 3, 0, True),
        ("source", 0, 0, False),
        ("editor", 1000, 0, False),  # not every page has one
    ],
)
def test_rare_is_what_chance_does_not_explain(field, asked, shown, rare):
    assert is_rare(("post2020_dy", field), asked, shown) is rare


def test_of_an_unknown_layout_nothing_is_usual():
    assert not is_rare(("tomorrow", "source"), 1000, 0)
