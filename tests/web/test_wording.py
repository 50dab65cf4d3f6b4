"""Every text of the pages is there in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import netease_crawler.web
from netease_crawler.web.wording import ENGLISH, Wording

_WEB = Path(netease_crawler.web.__file__).parent
_CHINESE = re.compile(
    r'"((?:[^"\\]|\\.)*[\u3000-\u9fff][^"]*)"' + r"|'([^']*[\u3000-\u9fff][^']*)'"
)


def _in_templates() -> set[str]:
    sources = [path.read_text("utf-8") for path in (_WEB / "templates").glob("*.html")]
    code = [part for source in sources for part in re.findall(r"\{[{%].*?[%}]\}", source, re.S)]
    return {one or other for part in code for one, other in _CHINESE.findall(part)}


def test_every_chinese_text_of_a_template_has_an_english_one_and_the_other_way_round() -> None:
    assert _in_templates() == set(ENGLISH)


def test_both_languages_have_the_same_values_in_braces() -> None:
    for chinese, english in ENGLISH.items():
        assert sorted(re.findall(r"\{\w+\}", chinese)) == sorted(re.findall(r"\{\w+\}", english))


def test_values_are_put_in() -> None:
    assert Wording("zh")("共 {count} 篇", count="1,234") == "共 1,234 篇"
    assert Wording("en")("共 {count} 篇", count="1,234") == "1,234 articles"
