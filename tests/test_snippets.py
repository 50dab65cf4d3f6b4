from __future__ import annotations

import pytest

from netease_crawler.snippets import Segment, highlighted, snippet


def marked(segments: tuple[Segment, ...]) -> str:
    return "".join(f"[{text}]" if is_match else text for text, is_match in segments)


@pytest.mark.parametrize(
    ("text", "phrases", "expected"),
    [
        ("地铁开通", ["地铁"], "[地铁]开通"),
        ("坐地铁去", ["地铁"], "坐[地铁]去"),
        ("地铁开通", ["公交"], "地铁开通"),
        ("臺灣經濟", ["台湾", "经济"], "[臺灣經濟]"),
        ("臺灣的經濟", ["台湾", "经济"], "[臺灣]的[經濟]"),
        ("二号线路", ["二号线", "号线路"], "[二号线路]"),
        ("ＧＤＰ增速5％", ["gdp", "5%"], "[ＧＤＰ]增速[5％]"),
        # folded, they are more or fewer characters than the text has
        ("共50㎡左右", ["m2左"], "共50[㎡左]右"),
        ("共50㎡左右", ["2"], "共50[㎡]左右"),
        ("地\u200b铁通", ["地铁"], "[地\u200b铁]通"),
        ("Straße 5", ["strasse"], "[Straße] 5"),
        ("", ["地铁"], ""),
    ],
)
def test_matches_are_where_the_text_has_them(text: str, phrases: list[str], expected: str) -> None:
    segments = highlighted(text, phrases)
    assert marked(segments) == expected
    assert "".join(segment.text for segment in segments) == text


TEXT = "天气晴朗，" * 10 + "地铁今晨开通，市民排队乘车，" + "天气晴朗，" * 10 + "地铁票价两元。"


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (["地铁"], "…朗，天气晴朗，天气晴朗，[地铁]今晨开通，市民排队乘…"),
        (["票价"], "…天气晴朗，天气晴朗，地铁[票价]两元。"),
        (["地铁", "票价"], "…朗，天气晴朗，天气晴朗，[地铁票价]两元。"),
        (["公交"], "天气晴朗，天气晴朗，天气晴朗，天气晴朗，天气晴朗…"),
    ],
)
def test_a_snippet_shows_the_most_of_what_was_looked_for(phrases: list[str], expected: str) -> None:
    assert marked(snippet(TEXT, phrases, 24)) == expected
