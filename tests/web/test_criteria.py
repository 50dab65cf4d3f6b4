"""The criteria that pages take."""

from __future__ import annotations

from dataclasses import fields

from netease_crawler.queries import ArticleQuery
from netease_crawler.web.criteria import CRITERIA


def test_every_criterion_of_a_query_may_be_asked_of_a_page() -> None:
    assert [one.name for one in CRITERIA] == [field.name for field in fields(ArticleQuery)]
