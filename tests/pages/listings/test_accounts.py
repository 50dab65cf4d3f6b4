"""An account is read off its page, and off the list that the app loads."""

from __future__ import annotations

import pytest

from netease_crawler.items import Account, AccountListing, ListedArticle
from netease_crawler.pages.listings import (
    BlockedPageError,
    UnknownListingError,
    parse_account_list,
    parse_account_page,
)
from tests.pages.listings.saved import beijing, saved

_PAGE = "https://www.163.com/dy/media/T1512345678901.html"
_LIST = "https://c.m.163.com/nc/subscribe/list/T1512345678901/all/0-20.html"


def _account(**more: object) -> Account:
    return Account(
        media_id="T1512345678901",
        name="江边老周",
        url=_PAGE,
        description="在江边看船的人。",
        avatar_url="http://dingyue.ws.126.net/zhou.jpg",
        **more,  # type: ignore[arg-type]
    )


def test_account_page() -> None:
    assert parse_account_page(saved("account_page.html"), _PAGE) == AccountListing(
        account=_account(),
        location="湖北",
        articles=(
            ListedArticle(
                url="https://www.163.com/dy/article/K8E1F2G305990FFF.html",
                doc_id="K8E1F2G305990FFF",
                title="第七条 渡船",
                published_at=beijing("2024-05-20 18:30:00"),
                image_url="http://dingyue.ws.126.net/2024/0520/kk11.jpg",
            ),
            ListedArticle(
                url="https://www.163.com/v/video/VK8E1F2G4.html",
                doc_id="VK8E1F2G4",
                title="雾里的渡船",
                image_url="http://videoimg.ws.126.net/cover/ll22.jpg",
                is_video=True,
            ),
        ),
    )


def test_account_without_location_and_articles() -> None:
    page = '<h2>新来的</h2><div class="js-list-tab-box"><div class="tab_content"></div></div>'
    assert parse_account_page(page, _PAGE) == AccountListing(
        account=Account(media_id="T1512345678901", name="新来的", url=_PAGE)
    )
    canonical = f'<link rel="canonical" href="{_PAGE}">'
    assert parse_account_page(canonical + page, "file:///a.html").account.url == _PAGE
    assert parse_account_page(page, "file:///a.html").account == Account(name="新来的")


def test_page_of_another_shape_is_no_account() -> None:
    with pytest.raises(UnknownListingError, match=_PAGE):
        parse_account_page(saved("rank.html"), _PAGE)
    with pytest.raises(BlockedPageError):
        parse_account_page("<html><title>安全验证</title><body>请完成验证</body></html>", _PAGE)


def test_account_list() -> None:
    expected = AccountListing(
        account=_account(follower_count=39_000),
        articles=(
            ListedArticle(
                url="https://www.163.com/dy/article/K8E1F2G305990FFF.html",
                doc_id="K8E1F2G305990FFF",
                title="第七条渡船",
                source="江边老周",
                published_at=beijing("2024-05-20 18:30:00"),
                comment_count=57,
                image_url="http://dingyue.ws.126.net/2024/0520/kk11.jpg",
                digest="船老大姓何。",
            ),
            ListedArticle(
                url="https://www.163.com/v/video/VK8E1F2G4.html",
                doc_id="VK8E1F2G4",
                title="雾里的渡船",
                published_at=beijing("2024-05-19 06:10:00"),
                comment_count=3,
                is_video=True,
                video_url="http://flv.bn.netease.com/k8e1f2g4.mp4",
            ),
        ),
    )
    body = saved("account_list.json").decode()
    assert parse_account_list(body, _LIST) == expected
    assert parse_account_list(f'{{"code":0,"data":{body}}}', _LIST) == expected


def test_exact_number_of_followers_is_exact() -> None:
    body = saved("account_list.json").decode().replace("3.9万", "38512")
    assert parse_account_list(body, _LIST).account == _account(follower_count=38_512)


def test_list_that_does_not_describe_the_account_is_the_one_in_the_address() -> None:
    assert parse_account_list('{"tab_list":[]}', _LIST) == AccountListing(
        account=Account(media_id="T1512345678901", url=_PAGE)
    )


def test_placeholder_of_a_picture_is_no_picture() -> None:
    placeholder = "//static.ws.126.net/163/frontend/images/default.png"
    page = (
        f'<img class="head_img" src="{placeholder}"><h2>新来的</h2>'
        '<div class="js-list-tab-box"><div class="tab_content"><ul><li class="js-item item">'
        f'<a class="img"><img src="{placeholder}"></a><h4><a class="title"'
        ' href="https://www.163.com/dy/article/K8E1F2G305990FFF.html">渡船</a></h4></li></ul>'
        "</div></div>"
    )
    assert parse_account_page(page, _PAGE) == AccountListing(
        account=Account(media_id="T1512345678901", name="新来的", url=_PAGE),
        articles=(
            ListedArticle(
                url="https://www.163.com/dy/article/K8E1F2G305990FFF.html",
                doc_id="K8E1F2G305990FFF",
                title="渡船",
            ),
        ),
    )
