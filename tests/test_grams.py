from __future__ import annotations

import random

import pytest

from netease_crawler.grams import fold, needed_pairs, pairs

CHARACTERS = "经济經濟台臺后後么麼著a Bｃ１2①㎡ﬁß，。（「\n\u3000\u200bé㍿한𠮷😀_-"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["经济", "經濟"], "经济"),
        (["GDP１２", "ｇｄｐ12", "ＧＤＰ12", "g\u200bdp12"], "gdp12"),
        (["台湾", "臺灣"], "台湾"),
        (["什么时候", "什麼時候"], "什么时候"),
        (["了解", "瞭解"], "了解"),
        (["看着", "看著"], "看着"),
        (["头发", "頭髮"], "头发"),
        (["发展", "發展"], "发展"),
        (["“经济”（一）", "“經濟”(一)"], "“经济”(一)"),
        (["坏"], "坏"),  # OpenCC has 坏 for 坏 and 坯; simplified texts have both
        (["㎡"], "m2"),
        (["\u200b\ufeff"], ""),
    ],
)
def test_texts_that_are_compared_as_the_same(texts: list[str], expected: str) -> None:
    assert [fold(text) for text in texts] == [expected] * len(texts)


def test_a_part_of_a_text_is_a_part_of_it_folded() -> None:
    draw = random.Random(1)
    for _ in range(500):
        text = "".join(draw.choices(CHARACTERS, k=12))
        begin, end = sorted(draw.sample(range(13), 2))
        assert fold(text) == fold(text[:begin]) + fold(text[begin:end]) + fold(text[end:])


def test_folding_again_changes_nothing() -> None:
    for text in (CHARACTERS, "瞭解臺灣後來什麼著作"):
        assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("地铁通车", {"地铁", "铁通", "通车", "车 "}),
        ("5g,好\n好_x", {"5g", "g ", "好 ", "x "}),
        ("——", set()),
        ("", set()),
    ],
)
def test_pairs_of_a_text(folded: str, expected: set[str]) -> None:
    assert pairs(folded) == expected


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("地铁", ["地铁"]),
        ("我", ["我"]),
        ("c++ 语言", ["c", "语言"]),
        ("地铁地铁", ["地铁", "铁地"]),
        ("++", []),
    ],
)
def test_pairs_that_a_phrase_needs(folded: str, expected: list[str]) -> None:
    assert needed_pairs(folded) == expected


def test_what_contains_a_phrase_has_the_pairs_that_it_needs() -> None:
    draw = random.Random(2)
    for _ in range(500):
        text = fold("".join(draw.choices(CHARACTERS, k=12)))
        begin, end = sorted(draw.sample(range(len(text) + 1), 2))
        there = pairs(text)
        needed = needed_pairs(text[begin:end])
        assert all(
            need in there if len(need) == 2 else any(pair[0] == need for pair in there)
            for need in needed
        )
