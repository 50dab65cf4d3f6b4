"""A script of misbehaviour: which requests it concerns, and what cannot be one."""

from __future__ import annotations

import json

import pytest

from netease_crawler.demo.misbehaviour import (
    ANSWERS,
    SCRIPTS,
    Misbehaviour,
    MisbehaviourError,
    Script,
    read_script,
)

ONE, TWO = "/dy/article/J0000000051234AB.html", "/dy/article/J0000001051234AB.html"


def answered(script: Script, *requests: tuple[str, int | None]) -> list[str | None]:
    rules = [script.rule_for(path, article) for path, article in requests]
    return [rule.answer if rule else None for rule in rules]


def test_first_rule_that_applies_answers():
    script = Script([Misbehaviour(answer="reset", path=ONE), Misbehaviour(answer="hang")])
    requests = [(ONE, 0), (TWO, 1), ("/robots.txt", None)]
    assert answered(script, *requests) == ["reset", "hang", None]


def test_rule_for_some_requests_counts_all_of_them():
    script = Script([Misbehaviour(answer="reset", after=1, times=2)])
    assert answered(script, (ONE, 0), (TWO, 1), (ONE, 0), (TWO, 1)) == [
        None,
        "reset",
        "reset",
        None,
    ]


def test_rule_for_each_page_counts_each():
    script = Script([Misbehaviour(answer="reset", times=1, each=True)])
    requests = [(ONE, 0), (TWO, 1), (ONE, 0), (TWO, 1)]
    assert answered(script, *requests) == ["reset", "reset", None, None]


def test_rule_for_every_third_article():
    script = Script([Misbehaviour(answer="reset", every=3, offset=1)])
    requests = [(f"/dy/article/{number}.html", number) for number in range(6)]
    assert answered(script, *requests, ("/robots.txt", None)) == [
        *(None, "reset", None),
        *(None, "reset", None),
        None,
    ]


def test_hostile_script_has_every_answer():
    assert {rule.answer for rule in SCRIPTS["hostile"]} == set(ANSWERS)


def test_script_is_a_name_a_file_or_json(tmp_path):
    file = tmp_path / "script.json"
    text = json.dumps([{"answer": "reset", "times": 3}])
    file.write_text(text)
    expected = (Misbehaviour(answer="reset", times=3),)
    assert read_script(str(file)) == expected
    assert read_script(text) == expected
    assert read_script("ban") == SCRIPTS["ban"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "'{' is none of hostile, overload, ban, captcha, no-robots, and cannot be read"),
        ("[1]", "'[1]': a list of objects"),
        ('[{"answer": "nonsense"}]', "answer: one of status, verification,"),
        ('[{"anser": "reset"}]', "unexpected keyword argument 'anser'"),
        ('[{"every": 0}]', "every: a whole number from 1 up"),
        ("[", "'[': Expecting value"),
    ],
)
def test_what_is_no_script(text, message):
    with pytest.raises(MisbehaviourError) as error:
        read_script(text)
    assert message in str(error.value)
