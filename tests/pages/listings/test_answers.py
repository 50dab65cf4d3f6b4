"""What has not the shape it should have raises a PageError, and nothing else is ever raised."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from netease_crawler.pages.listings import (
    BlockedPageError,
    PageError,
    UnknownListingError,
    parse_account_list,
    parse_account_page,
    parse_channel_feed,
    parse_comment_summary,
    parse_comment_thread,
    parse_comments,
    parse_feed,
    parse_link_list,
    parse_mobile_list,
    parse_rolling_list,
)
from tests.pages.listings.saved import saved

_URL = "https://gw.m.163.com/nc/api/v1/feed/static/normal-list"
_ANSWERS: dict[Callable[[bytes | str, str], object], str] = {
    parse_account_list: "account_list.json",
    parse_channel_feed: "channel_feed.js",
    parse_comment_summary: "comment_thread.js",
    parse_comment_thread: "comment_thread.js",
    parse_comments: "comments.js",
    parse_feed: "app_feed.json",
    parse_mobile_list: "mobile_list.js",
    parse_rolling_list: "rolling_list.js",
}
_GBK = (parse_channel_feed, parse_rolling_list)
_PARSERS = (*_ANSWERS, parse_account_page, parse_link_list)
_each_answer = pytest.mark.parametrize("parse", _ANSWERS, ids=lambda parse: parse.__name__)


@_each_answer
@pytest.mark.parametrize(
    "answer",
    [
        '{"code":40104,"message":"not found"}',
        "callback_1()",
        "[1,2]]",
        '{"data":[],"news":{},"tab_list":{},"comments":[],"commentIds":{}}',
        '{"data":{"items":{},"tab_list":1},"news":[1],"comments":{},"tcount":-1,"cmtCount":"1.2万"}',
        "<html><head><title>网易</title></head><body><p>正文。</p></body></html>",
        "",
    ],
)
def test_another_shape_is_refused(parse: Callable[[bytes | str, str], object], answer: str) -> None:
    with pytest.raises(UnknownListingError, match=r"https://gw\.m\.163\.com"):
        parse(answer, _URL)


@_each_answer
def test_ban_is_told_from_another_shape(parse: Callable[[bytes | str, str], object]) -> None:
    with pytest.raises(BlockedPageError):
        parse("<html><body>您的访问过于频繁，请稍后再试</body></html>", _URL)


@_each_answer
def test_answer_cut_off_is_not_half_a_list(parse: Callable[[bytes | str, str], object]) -> None:
    body = saved(_ANSWERS[parse]).decode("gb18030" if parse in _GBK else "utf-8")
    for kept in (0.3, 0.6, 0.97):
        with pytest.raises(UnknownListingError):
            parse(body[: int(len(body) * kept)], _URL)


@pytest.mark.parametrize(
    "wrap", ["{}", "data_callback({})", "var data={};", "\ufeff\n a.b( {} );\n"]
)
def test_literal_may_be_alone_assigned_or_handed_over(wrap: str) -> None:
    entry = (
        '{docurl:"http://www.163.com/dy/article/K8C1D2E405990AAA.html",title:"a:{b,]\\\'c\\\\\'",}'
    )
    found = parse_channel_feed(wrap.replace("{}", f"[{entry},]"), _URL)
    assert [article.title for article in found] == ["a:{b,]'c\\'"]


@pytest.mark.parametrize(
    "entry",
    ["null", "1", '"x"', "[]", "{}", '{"docid":"","url":""}', '{"docid":["K8C1D2E405990AAA"]}'],
)
def test_entry_that_leads_nowhere_is_left_out(entry: str) -> None:
    whole = '{"docid":"K8C1D2E405990AAA"}'
    found = parse_feed(f'{{"data":{{"items":[{entry},{whole}]}}}}', _URL)
    assert [article.doc_id for article in found] == ["K8C1D2E405990AAA"]


@pytest.mark.parametrize("shown", ["true", "-3", "1.5", '"10万+"', "NaN", "1e3", "[]", "null"])
def test_only_whole_numbers_are_counts(shown: str) -> None:
    entry = f'{{"docid":"K8C1D2E405990AAA","replyCount":{shown}}}'
    assert parse_feed(f'{{"data":{{"items":[{entry}]}}}}', _URL)[0].comment_count is None


def test_text_with_a_lost_character_is_absent() -> None:
    entry = '{"docid":"K8C1D2E405990AAA","title":"渡\ufffd","source":"江边老周"}'
    (found,) = parse_feed(f'{{"data":{{"items":[{entry}]}}}}', _URL)
    assert (found.title, found.source) == (None, "江边老周")
    links = '<a href="/dy/article/K8C1D2E405990AAA.html">{}</a>'
    page = links.format("渡\ufffd") + links.format("渡船")
    assert [link.title for link in parse_link_list(page, "https://www.163.com/")] == ["渡船"]


def _hostile() -> list[bytes | str]:
    random.seed(163)
    answers = [saved(name) for name in _ANSWERS.values()]
    cut = [answer[: random.randrange(len(answer))] for answer in answers for _ in range(5)]
    noise = ["".join(random.choices("{}[]\"',:\\/ abn1-()\x00;\n", k=2000)) for _ in range(20)]
    deep = [opening * 100_000 for opening in ("[", '{"a":', "a(", "[{", '"', "\\", "a ", ", ")]
    nested = '{"commentIds":[' + "[" * 900 + "]" * 900 + '],"comments":{},"news":[],"data":1}'
    wrong = '{"news":[[{"c":true,"l":1}]],"category":[1],"data":{"tab_list":[7]},"a":[{"url":{}}]}'
    lone = '{"commentIds":["1"],"comments":{"1":{"content":"\\ud83d","user":"\\ud83d"}}}'
    return [
        b"",
        "\ud800",
        b"\x00" * 99,
        "[" + "9" * 5000 + "]",
        nested,
        wrong,
        lone,
        *cut,
        *noise,
        *deep,
    ]


@pytest.mark.parametrize("parse", _PARSERS, ids=lambda parse: parse.__name__)
def test_hostile_answers_raise_page_errors_only(
    parse: Callable[[bytes | str, str], object],
) -> None:
    def is_refused(answer: bytes | str, url: str) -> bool:
        try:
            parse(answer, url)
        except PageError:
            return True
        return False

    hostile = _hostile()
    refused = [is_refused(answer, url) for answer in hostile for url in (_URL, "", "http://[")]
    assert sum(refused) > len(hostile)
