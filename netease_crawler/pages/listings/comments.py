"""The comments (跟贴) under an article, and how many there are."""

from __future__ import annotations

import re
from typing import Any

from netease_crawler.items import Comment, CommentList, CommentThread
from netease_crawler.pages.markup import absolute_url, beijing_time
from netease_crawler.urls import is_doc_id

from .answers import literal, unknown
from .entries import number, text, whole

# …/threads/<doc id>?ibc=newspc, …/thread/app/summary/<doc id>?ibc=newsappandriod
_THREAD = re.compile(r"/(?:threads|summary)/(\w{16})(?=[/?#]|\Z)", re.ASCII)


def parse_comments(body: bytes | str, url: str, encoding: str | None = None) -> CommentList:
    """Return the comments of one ``…/comments/newList`` or ``hotList``, each once.

    Real answers of 2017-2019 were seen, their users redacted; ``newListSize`` in code alone. The
    formats before 2016 have another shape. Addresses and ids of users are not kept.
    """
    found = literal(body, url, encoding)
    chains = found.get("commentIds") if isinstance(found, dict) else None
    comments = found.get("comments") if isinstance(found, dict) else None
    if not isinstance(chains, list) or not isinstance(comments, dict):
        raise unknown(url, "commentIds and comments", found)
    parents: dict[str, str | None] = {}
    for chain in chains:
        # "10086001,10086002": the second answers the first
        above: str | None = None
        for comment_id in chain.split(",") if isinstance(chain, str) else ():
            if isinstance(comments.get(comment_id), dict):
                parents[comment_id] = parents.get(comment_id) or above
            above = comment_id
    return CommentList(
        comments=tuple(_comment(comments, one, above) for one, above in parents.items()),
        total=number(found, "newListSize"),
    )


def parse_comment_thread(body: bytes | str, url: str, encoding: str | None = None) -> CommentThread:
    """Return the counts of ``…/threads/<doc id>``.

    No real answer was seen [code]: public code takes ``tcount`` for 跟贴, and the sum of
    ``rcount``, ``cmtVote`` and ``cmtAgainst`` for 参与.
    """
    found = literal(body, url, encoding)
    if not isinstance(found, dict) or number(found, "tcount") is None:
        raise unknown(url, "tcount", found)
    joined = [number(found, name) for name in ("rcount", "cmtVote", "cmtAgainst")]
    exact = [one for one in joined if one is not None]
    return CommentThread(
        doc_id=_thread_id(text(found, "docId"), url),
        title=text(found, "title"),
        url=absolute_url(text(found, "url"), url),
        comment_count=number(found, "tcount"),
        join_count=sum(exact) if len(exact) == len(joined) else None,
    )


def parse_comment_summary(
    body: bytes | str, url: str, encoding: str | None = None
) -> CommentThread:
    """Return the count of ``batapi/…/thread/app/summary/<doc id>``.

    No real answer was seen [code]. The doc id comes from *url*.
    """
    found = literal(body, url, encoding)
    if not isinstance(found, dict) or number(found, "cmtCount") is None:
        raise unknown(url, "cmtCount", found)
    return CommentThread(doc_id=_thread_id(None, url), comment_count=number(found, "cmtCount"))


def _comment(comments: dict[str, Any], comment_id: str, above: str | None) -> Comment:
    # "10086002":{"against":0,"anonymous":false,"buildLevel":2,"content":"…",
    # "createTime":"2019-03-24 00:35:39","ip":"58.63.*.*","isDel":false,
    # "postId":"<doc id>_10086002","user":{"location":"…","nickname":"…","userId":…},"vote":20}
    # and of an anonymous one "user":{"location":"…","userId":0}
    values = comments[comment_id]
    user = values.get("user")
    user = user if isinstance(user, dict) else {}
    is_deleted = values.get("isDel") is True
    doc_id = (text(values, "postId") or "").partition("_")[0]
    return Comment(
        comment_id=comment_id,
        doc_id=doc_id if is_doc_id(doc_id) else None,
        parent_id=above if _is_next(comments, above, values) else None,
        level=number(values, "buildLevel"),
        content=None if is_deleted else _content(values),
        published_at=beijing_time(text(values, "createTime")),
        nickname=text(user, "nickname"),
        location=text(user, "location"),
        vote_count=number(values, "vote"),
        against_count=number(values, "against"),
        is_anonymous=values.get("anonymous") is True,
        is_deleted=is_deleted,
    )


def _is_next(comments: dict[str, Any], above: str | None, values: dict[str, Any]) -> bool:
    """Whether the comment *above* is one floor below; of a long building only ends are sent."""
    other = comments.get(above) if above is not None else None
    floor = number(other, "buildLevel") if isinstance(other, dict) else None
    return floor is not None and number(values, "buildLevel") == floor + 1


def _content(values: dict[str, Any]) -> str | None:
    shown = values.get("content")
    if not isinstance(shown, str):
        return None
    return whole(shown).strip() or None


def _thread_id(in_answer: str | None, url: str) -> str:
    match = _THREAD.search(url)
    for doc_id in (in_answer, match[1] if match else None):
        if doc_id is not None and is_doc_id(doc_id):
            return doc_id
    raise unknown(url, "doc id", {})
