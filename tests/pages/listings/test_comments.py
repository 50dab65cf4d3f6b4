"""Comments keep what they say and whom they answer, and nothing that identifies their writers."""

from __future__ import annotations

import pytest

from netease_crawler.items import Comment, CommentList, CommentThread
from netease_crawler.pages.listings import (
    UnknownListingError,
    parse_comment_summary,
    parse_comment_thread,
    parse_comments,
)
from tests.pages.listings.saved import beijing, saved

_API = "https://comment.api.163.com/api/v1/products/a2869674571f77b5a0867c3d71db5856"
_THREAD = f"{_API}/threads/DRE1B2C305990KKK"
_LIST = f"{_API}/threads/EAU1B2C305990JJJ/comments/newList?offset=0&limit=30&callback=newList"
_SUMMARY = (
    "https://v6-gentie.ws.126.net/batapi/v1/products/a2869674571f77b5a0867c3d71db5856"
    "/thread/app/summary/K8E1F2G305990FFF?ibc=newsappandriod"
)


def test_comments() -> None:
    doc_id = "EAU1B2C305990JJJ"
    assert parse_comments(saved("comments.js"), _LIST) == CommentList(
        total=412,
        comments=(
            Comment(
                comment_id="10086001",
                doc_id=doc_id,
                level=1,
                content="我小时候就在这条渡船上睡着过\n醒来已经到了对岸",
                published_at=beijing("2019-03-23 09:43:34"),
                nickname="船上的人",
                location="山东省菏泽市",
                vote_count=895,
                against_count=1,
            ),
            Comment(
                comment_id="10086002",
                doc_id=doc_id,
                parent_id="10086001",
                level=2,
                content="同意[大笑]",
                published_at=beijing("2019-03-24 00:35:39"),
                location="河南省洛阳市",
                vote_count=20,
                against_count=0,
                is_anonymous=True,
            ),
            Comment(
                comment_id="10086009",
                doc_id=doc_id,
                level=1,
                content="第一层",
                published_at=beijing("2019-03-22 08:00:00"),
                nickname="甲",
                vote_count=2,
                against_count=0,
            ),
            Comment(
                comment_id="10086007",
                doc_id=doc_id,
                level=21,
                content="第二十一层",
                published_at=beijing("2019-03-22 09:00:00"),
                nickname="乙",
                vote_count=1,
                against_count=0,
            ),
            Comment(
                comment_id="10086008",
                doc_id=doc_id,
                parent_id="10086007",
                level=22,
                content="第二十二层",
                published_at=beijing("2019-03-22 09:05:00"),
                nickname="丙",
                vote_count=0,
                against_count=0,
            ),
            Comment(
                comment_id="10086003",
                doc_id=doc_id,
                level=1,
                published_at=beijing("2019-03-24 01:00:00"),
                vote_count=0,
                against_count=0,
                is_deleted=True,
            ),
            Comment(comment_id="10086004", doc_id=doc_id, level=1),
        ),
    )


def test_article_without_comments() -> None:
    assert parse_comments('{"commentIds":[],"comments":{},"newListSize":0}', _LIST) == CommentList(
        total=0
    )


def test_counts_of_a_thread() -> None:
    assert parse_comment_thread(saved("comment_thread.js"), _THREAD) == CommentThread(
        doc_id="DRE1B2C305990KKK",
        title="渡口的灯",
        url="http://dy.163.com/v2/article/detail/DRE1B2C305990KKK.html",
        comment_count=1702,
        join_count=59625,
    )


def test_votes_that_are_missing_are_not_taken_for_none() -> None:
    assert parse_comment_thread('{"tcount":3,"rcount":4,"cmtVote":5}', _THREAD) == CommentThread(
        doc_id="DRE1B2C305990KKK", comment_count=3
    )


@pytest.mark.parametrize("shown", ["57", '"57"'])
def test_count_of_the_app(shown: str) -> None:
    answer = f'{{"cmtCount":{shown},"threadWeightVote":3}}'
    assert parse_comment_summary(answer, _SUMMARY) == CommentThread(
        doc_id="K8E1F2G305990FFF", comment_count=57
    )


def test_counts_of_no_known_article_are_refused() -> None:
    with pytest.raises(UnknownListingError):
        parse_comment_summary('{"cmtCount":1}', "https://v6-gentie.ws.126.net/")
