"""What an article shows, and what it cannot be asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netease_crawler.coverage import shown
from netease_crawler.items import Account, Recommendation
from tests.articles import make_article, make_full_article

ACCOUNT = ("name", "media_id", "description", "avatar_url", "article_count", "follower_count")
ENTRY = ("title", "source", "published_at", "comment_count", "image_url")
ALWAYS = {
    *("published_at", "source", "source_url", "editor", "category"),
    *("keywords", "images", "headlines", "related", "hot"),
}
OF_AN_ACCOUNT = {"has_statement", "account", *(f"account.{part}" for part in ACCOUNT)}
OF_THE_LISTS = {f"{kind}.{part}" for kind in ("related", "hot") for part in ENTRY}


def test_full_article_shows_all_but_what_its_hot_list_has_not() -> None:
    everything = ALWAYS | OF_AN_ACCOUNT | OF_THE_LISTS | {"location"}
    lacks = {"hot.source", "hot.published_at", "hot.comment_count", "hot.image_url"}
    assert shown(make_full_article()) == {field: field not in lacks for field in everything}


def test_article_that_shows_little_is_not_asked_for_parts_of_what_it_lacks() -> None:
    asked = ALWAYS | {"has_statement", "account", "location"}
    assert shown(make_article()) == {field: field in {"published_at", "source"} for field in asked}


def test_editorial_article_is_asked_for_no_account_and_no_statement() -> None:
    assert shown(make_article("K0A1B2C30001899O")).keys() == ALWAYS | {"location"}


@pytest.mark.parametrize(
    ("doc_id", "is_asked"), [("H6931RNV0514R9P4", False), ("H6931RO00514R9P4", True)]
)
def test_location_is_asked_for_from_may_2022_on(doc_id: str, is_asked: bool) -> None:
    assert ("location" in shown(make_article(doc_id))) == is_asked


def test_account_is_judged_part_by_part() -> None:
    article = make_article(account=Account(name="江畔观察", article_count=0))
    assert {field: shown(article)[field] for field in OF_AN_ACCOUNT} == {
        field: field in {"account", "account.name", "account.article_count"}
        for field in OF_AN_ACCOUNT
    }


def test_one_entry_that_shows_a_part_is_enough() -> None:
    entry = Recommendation(kind="related", position=1, url="https://www.163.com/")
    article = make_article(
        recommendations=(entry, replace(entry, position=2, comment_count=0, title="早高峰加开列车"))
    )
    fields = shown(article)
    assert {field: fields[field] for field in fields if field.startswith(("related", "hot"))} == {
        "related": True,
        "related.title": True,
        "related.source": False,
        "related.published_at": False,
        "related.comment_count": True,
        "related.image_url": False,
        "hot": False,
    }
