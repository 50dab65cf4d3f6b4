"""Any page that links to articles names each of them once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from netease_crawler.items import ListedArticle
from netease_crawler.pages.listings import (
    BlockedPageError,
    UnknownListingError,
    parse_link_list,
)
from tests.pages.listings.saved import saved
from tests.real_pages import REAL_PAGES, needs_real_pages

_URL = "https://news.163.com/special/0001386F/rank_whole.html"


def test_ranking_lists_each_article_once_in_page_order() -> None:
    assert parse_link_list(saved("rank.html"), _URL) == (
        ListedArticle(
            url="http://news.163.com/20/0703/13/FGA1B2C30001899O.html",
            doc_id="FGA1B2C30001899O",
            title="灯塔重新点亮 渔民：看得见了",
        ),
        ListedArticle(
            url="https://dy.163.com/v2/article/detail/FGA1B2C40599HHHH.html",
            doc_id="FGA1B2C40599HHHH",
            title="新版 菜单",
        ),
        ListedArticle(
            url="https://ent.163.com/20/0703/11/FGA1B2C500038FO9.html",
            doc_id="FGA1B2C500038FO9",
            title="镕城的露天电影",
        ),
    )


def test_article_that_only_a_picture_links_to_has_no_title() -> None:
    page = '<a href="/dy/article/K8C1D2E405990AAA.html"><img src="a.jpg"></a>'
    assert parse_link_list(page, "https://www.163.com/") == (
        ListedArticle(
            url="https://www.163.com/dy/article/K8C1D2E405990AAA.html", doc_id="K8C1D2E405990AAA"
        ),
    )


def test_page_without_a_link_to_an_article_is_no_list() -> None:
    with pytest.raises(UnknownListingError, match=_URL):
        parse_link_list('<body><a href="https://www.163.com/">网易</a></body>', _URL)
    with pytest.raises(BlockedPageError):
        parse_link_list("<html><body>您的访问过于频繁，请稍后再试</body></html>", _URL)


@needs_real_pages
@pytest.mark.parametrize(
    "page", sorted(REAL_PAGES.glob("list_*.html.gz")), ids=lambda page: page.name
)
def test_real_lists_are_read_whole(page: Path) -> None:
    name = page.name.removesuffix(".html.gz")
    expected = json.loads(page.with_name(f"{name}.expected.json").read_text("utf-8"))
    found = parse_link_list(gzip.decompress(page.read_bytes()), "https://www.163.com/")
    assert [(article.doc_id, article.url, article.title) for article in found] == [
        (link["docid"], link["url"], link["title"]) for link in expected["article_links"]
    ]
