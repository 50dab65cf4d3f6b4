from __future__ import annotations

import random

import pytest

from netease_crawler.phrases import LONGEST, MOST, Phrases, read_phrases


@pytest.mark.parametrize(
    ("typed", "required", "excluded"),
    [
        ("地铁", [("地铁",)], []),
        (" 地铁\u3000开通\t首日 ", [("地铁",), ("开通",), ("首日",)], []),
        ('"new york" “纽 约”「城 市」', [("new york",), ("纽 约",), ("城 市",)], []),
        ("地铁 -公交 -“出租 车”", [("地铁",)], ["公交", "出租 车"]),
        ("-公交", [], ["公交"]),
        ("上海 OR 北京 地铁", [("上海", "北京"), ("地铁",)], []),
        ("a OR b OR c d", [("a", "b", "c"), ("d",)], []),
        ("地铁 地铁 OR 地铁", [("地铁",)], []),
        # what has no meaning stays text
        ("OR a", [("OR",), ("a",)], []),
        ("a OR", [("a",), ("OR",)], []),
        ("a OR OR b", [("a", "OR"), ("b",)], []),
        ("a OR -b", [("a",), ("OR",)], ["b"]),
        ("-a OR b", [("OR",), ("b",)], ["a"]),
        ('a "OR" b', [("a",), ("OR",), ("b",)], []),
        ("or a", [("or",), ("a",)], []),
        ('"未闭合 引号', [('"未闭合',), ("引号",)], []),
        ('5"6 "a"b', [('5"6',), ('"a"b',)], []),
        ("“反”了”", [("“反”了”",)], []),
        ('- -- ""', [("-",), ('""',)], ["-"]),
        ("{'$where': 'sleep(1)'}", [("{'$where':",), ("'sleep(1)'}",)], []),
        ("(a+)+$ [^x]*", [("(a+)+$",), ("[^x]*",)], []),
    ],
)
def test_what_is_typed_is_read(
    typed: str, required: list[tuple[str, ...]], excluded: list[str]
) -> None:
    assert read_phrases(typed) == Phrases(tuple(required), tuple(excluded))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("\u3000", "is empty"),
        ("\u200b", "is empty"),
        ('"\u200b"', "is empty"),
        ("x" * (LONGEST + 1), "has 201 characters, at most 200 are allowed"),
        ("x " * (MOST + 1), "has 17 words, at most 16 are allowed"),
    ],
)
def test_too_little_or_too_much_is_refused(typed: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_phrases(typed)


def test_nothing_typed_is_an_error() -> None:
    draw = random.Random(3)
    for _ in range(2000):
        typed = "x" + "".join(draw.choices('"“”「」- \u3000ORor$.*(){}[]\\^|经', k=20))
        phrases = read_phrases(typed)
        assert phrases.required or phrases.excluded


def test_phrases_are_folded_to_be_compared() -> None:
    typed = Phrases((("經濟", "ＧＤＰ"),), ("Ａ股",))
    assert typed.folded() == Phrases((("经济", "gdp"),), ("a股",))
