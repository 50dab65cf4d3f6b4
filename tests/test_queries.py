from __future__ import annotations

from typing import Any

import pytest

from netease_crawler.queries import ArticleQuery
from netease_crawler.times import beijing_instant

MAY, JUNE = beijing_instant("2024-05-01"), beijing_instant("2024-06-01T08:30")
ORIGINALS = {"copy_of": None}


def found(phrase: str, *fields: str) -> dict[str, Any]:
    """The filter for *phrase*, in one of *fields*."""
    places = [{"$indexOfBytes": [f"$folded.{name}", {"$literal": phrase}]} for name in fields]
    return {"$or": [{"$gte": [place, 0]} for place in places]}


def contains(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"$expr": {"$and": list(conditions)}}


def anywhere(*phrases: str) -> dict[str, Any]:
    return contains(*(found(phrase, "title", "text") for phrase in phrases))


@pytest.mark.parametrize(
    ("criteria", "expected", "sentence"),
    [
        ({}, ORIGINALS, "全部文章；不含转载副本"),
        ({"with_copies": True}, {}, "全部文章；含转载副本"),
        ({"text": "经济"}, anywhere("经济") | ORIGINALS, "标题或正文含“经济”；不含转载副本"),
        (
            {"text": "A.*b$ (c"},
            anywhere("a.*b$", "(c") | ORIGINALS,
            "标题或正文含“A.*b$”、含“(c”；不含转载副本",
        ),
        (
            {"text": "$where 經濟"},
            anywhere("$where", "经济") | ORIGINALS,
            "标题或正文含“$where”、含“經濟”；不含转载副本",
        ),
        (
            {"title": "地铁 OR “公 交”"},
            contains({"$or": [found("地铁", "title")["$or"][0], found("公 交", "title")["$or"][0]]})
            | ORIGINALS,
            "标题含“地铁”或“公 交”；不含转载副本",
        ),
        (
            {"body": "地铁 -公交 -“出租 车”"},
            contains(
                found("地铁", "text"),
                {
                    "$not": [
                        {"$or": [found(word, "text")["$or"][0] for word in ("公交", "出租 车")]}
                    ]
                },
            )
            | ORIGINALS,
            "正文含“地铁”、不含“公交”或“出租 车”；不含转载副本",
        ),
        (
            {"text": "-公交"},
            contains({"$not": [found("公交", "title", "text")]}) | ORIGINALS,
            "标题和正文不含“公交”；不含转载副本",
        ),
        ({"location": "江苏"}, {"location": "江苏"} | ORIGINALS, "IP 属地为“江苏”；不含转载副本"),
        ({"has_video": True}, {"blocks.kind": "video"} | ORIGINALS, "有视频；不含转载副本"),
        (
            {"deleted": True},
            {"deleted_at": {"$exists": True}} | ORIGINALS,
            "已被删除；不含转载副本",
        ),
        ({"deleted": False}, {"deleted_at": None} | ORIGINALS, "未被删除；不含转载副本"),
        (
            {"account": "江畔观察"},
            {"account.name": "江畔观察"} | ORIGINALS,
            "网易号为“江畔观察”；不含转载副本",
        ),
        (
            {"account": "T1512041896301"},
            {"account.media_id": "T1512041896301"} | ORIGINALS,
            "网易号为“T1512041896301”；不含转载副本",
        ),
        ({"source": "$ne"}, {"source": "$ne"} | ORIGINALS, "来源为“$ne”；不含转载副本"),
        ({"keyword": "地铁"}, {"keywords": "地铁"} | ORIGINALS, "关键词有“地铁”；不含转载副本"),
        (
            {"category": "社会.x"},
            {"category": {"$regex": r"^社会\.x(?:/|$)"}} | ORIGINALS,
            "分类为“社会.x”；不含转载副本",
        ),
        (
            {"since": MAY},
            {"published_at": {"$gte": MAY}} | ORIGINALS,
            "2024-05-01 起；不含转载副本",
        ),
        (
            {"until": JUNE},
            {"published_at": {"$lt": JUNE}} | ORIGINALS,
            "2024-06-01 08:30 之前；不含转载副本",
        ),
        (
            {
                "text": "GDP",
                "source": "江畔观察",
                "since": MAY,
                "until": JUNE,
                "with_copies": True,
            },
            anywhere("gdp") | {"source": "江畔观察", "published_at": {"$gte": MAY, "$lt": JUNE}},
            "标题或正文含“GDP”，来源为“江畔观察”，2024-05-01 起，2024-06-01 08:30 之前；含转载副本",
        ),
    ],
)
def test_criteria_become_a_filter_and_a_sentence(
    criteria: dict[str, Any], expected: dict[str, Any], sentence: str
) -> None:
    query = ArticleQuery(**criteria)
    assert query.to_filter() == expected
    assert query.describe() == sentence


def test_the_sentence_in_english() -> None:
    query = ArticleQuery(
        text='经济 股市 OR "new york" -基金',
        title="-广告",
        body="上涨",
        account="江畔观察",
        source="山城晚报",
        location="江苏",
        keyword="地铁",
        category="社会",
        has_video=True,
        deleted=True,
        since=MAY,
        until=JUNE,
    )
    assert query.describe("en") == (
        "title or text contains “经济”, “股市” or “new york”, not “基金”; title does not contain"
        " “广告”; text contains “上涨”; account is “江畔观察”; source is “山城晚报”; IP location is"
        " “江苏”; keywords include “地铁”; category is “社会”; with a video; deleted on the"
        " site; published 2024-05-01 or later; published before 2024-06-01 08:30; without copies"
    )
    assert ArticleQuery(deleted=False).describe("en") == "not deleted on the site; without copies"
    assert ArticleQuery(with_copies=True).describe("en") == "all articles; with copies"


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ({"text": ""}, "text: is empty"),
        ({"source": "　 "}, "source: is empty"),
        ({"text": "x" * 10_000}, "text: has 10000 characters, at most 200 are allowed"),
        ({"source": "x" * 201}, "source: has 201 characters, at most 200 are allowed"),
        ({"title": "x " * 17}, "title: has 17 words, at most 16 are allowed"),
        ({"body": "\u200b"}, "body: is empty"),
        ({"text": "地铁\0"}, "text: contains a NUL character"),
        ({"text": "地铁\udfff"}, "text: is not valid Unicode"),
        ({"account": "\ud800"}, "account: is not valid Unicode"),
        ({"keyword": "a\0"}, "keyword: contains a NUL character"),
        ({"since": JUNE, "until": MAY}, "since: is not before until"),
        ({"since": MAY, "until": MAY}, "since: is not before until"),
    ],
)
def test_what_cannot_be_meant_is_refused(criteria: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        ArticleQuery(**criteria)
