from __future__ import annotations

from typing import Any

import pytest

from netease_crawler.queries import ArticleQuery
from netease_crawler.times import beijing_instant

MAY, JUNE = beijing_instant("2024-05-01"), beijing_instant("2024-06-01T08:30")
ORIGINALS = {"copy_of": None}


def occurs(pattern: str) -> dict[str, Any]:
    regex = {"$regex": pattern, "$options": "i"}
    return {"$or": [{"title": regex}, {"text": regex}]}


@pytest.mark.parametrize(
    ("criteria", "expected", "sentence"),
    [
        ({}, ORIGINALS, "全部文章；不含转载副本"),
        ({"with_copies": True}, {}, "全部文章；含转载副本"),
        ({"text": "经济"}, occurs("经济") | ORIGINALS, "标题或正文含“经济”；不含转载副本"),
        (
            {"text": "a.*b$ (c"},
            occurs(r"a\.\*b\$\ \(c") | ORIGINALS,
            "标题或正文含“a.*b$ (c”；不含转载副本",
        ),
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
            occurs("GDP") | {"source": "江畔观察", "published_at": {"$gte": MAY, "$lt": JUNE}},
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


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ({"text": ""}, "text: is empty"),
        ({"source": "　 "}, "source: is empty"),
        ({"account": "\ud800"}, "account: is not valid Unicode"),
        ({"keyword": "a\0"}, "keyword: contains a NUL character"),
        ({"since": JUNE, "until": MAY}, "since: is not before until"),
        ({"since": MAY, "until": MAY}, "since: is not before until"),
    ],
)
def test_what_cannot_be_meant_is_refused(criteria: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        ArticleQuery(**criteria)
