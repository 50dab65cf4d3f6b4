from __future__ import annotations

import doctest
from datetime import datetime, timezone

import pytest

from netease_crawler import urls
from netease_crawler.urls import (
    article_url,
    canonical_url,
    column,
    created_at,
    doc_id_from_url,
    is_article_url,
    is_doc_id,
    media_id_from_url,
    original_image_url,
    video_id_from_url,
    without_query,
)

_HAO = "J22CN60P0514R9KQ"
_EDITORIAL = "L162R68C0001899O"


def test_examples_in_docstrings_hold() -> None:
    failed, tried = doctest.testmod(urls)
    assert tried >= 3
    assert failed == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://www.163.com/dy/article/X.html",
        "http://www.163.com/dy/article/X.html?f=post2020_dy_recommends",
        "https://www.163.com/dy/article/X.html?spss=post2020_rmd_3#f=x",
        "https://www.163.com/news/article/X.html?clickfrom=w_yw",
        "https://www.163.com/dy/article/X_pdya11y.html",
        "http://dy.163.com/article/X.html",
        "http://dy.163.com/v2/article/detail/X.html",
        "http://predy.163.com/v2/article/X.html",
        "https://3g.163.com/dy/article/X.html",
        "https://3g.163.com/news/article/X.html",
        "https://m.163.com/dy/article/X.html",
        "https://m.163.com/news/article/X.html",
        "https://c.m.163.com/news/a/X.html?spss=newsapp",
        " https://WWW.163.com/dy/article/X.html ",
    ],
)
def test_every_address_of_a_hao_article_is_the_same_article(url: str) -> None:
    url = url.replace("X", _HAO)
    assert is_article_url(url)
    assert doc_id_from_url(url) == _HAO
    assert canonical_url(url) == f"https://www.163.com/dy/article/{_HAO}.html"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://www.163.com/news/article/X.html", "https://www.163.com/news/article/X.html"),
        ("https://m.163.com/news/article/X.html?a=b", "https://www.163.com/news/article/X.html"),
        ("https://3g.163.com/news/article/X.html", "https://www.163.com/news/article/X.html"),
        ("https://c.m.163.com/news/a/X.html", "https://www.163.com/news/article/X.html"),
        ("https://www.163.com/sports/article/X.html", "https://www.163.com/sports/article/X.html"),
        ("https://www.163.com/ent/article/X.html#p", "https://www.163.com/ent/article/X.html"),
        ("https://www.163.com/money/article/X.html", "https://www.163.com/money/article/X.html"),
        ("https://www.163.com/tech/article/X.html", "https://www.163.com/tech/article/X.html"),
        ("https://www.163.com/auto/article/X.html", "https://www.163.com/auto/article/X.html"),
        ("https://www.163.com/data/article/X.html", "https://www.163.com/data/article/X.html"),
        ("https://www.163.com/caozhi/article/X.html", "https://www.163.com/caozhi/article/X.html"),
        ("http://news.163.com/20/0711/09/X.html", "https://news.163.com/20/0711/09/X.html"),
        ("http://news.163.com/15/0704/05/X_2.html", "https://news.163.com/15/0704/05/X.html"),
        ("http://news.163.com/15/0704/05/X_all.html#p", "https://news.163.com/15/0704/05/X.html"),
        (
            "http://money.163.com/stock/16/0223/08/X.html?f=1",
            "https://money.163.com/stock/16/0223/08/X.html",
        ),
    ],
)
def test_an_editorial_article_keeps_its_channel(url: str, canonical: str) -> None:
    url, canonical = url.replace("X", _EDITORIAL), canonical.replace("X", _EDITORIAL)
    assert is_article_url(url)
    assert doc_id_from_url(url) == _EDITORIAL
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://[",
        "https://www.163.com/",
        f"https://comment.tie.163.com/{_HAO}.html",
        f"https://m.163.com/touch/comment.html?docid={_HAO}",
        f"https://www.163.com.example.com/dy/article/{_HAO}.html",
        f"https://example.com/dy/article/{_HAO}.html",
        f"ftp://www.163.com/dy/article/{_HAO}.html",
        "https://www.163.com/dy/article/J22CN60P.html",
        "https://www.163.com/dy/article/Z22CN60P0514R9KQ.html",
        "https://www.163.com/dy/media/T1512041896308.html",
        "https://www.163.com/dy/paidCollect/COI09J5R0B05562870.html",
        "https://www.163.com/v/video/VT1V0FMHU.html",
        f"/dy/article/{_HAO}.html",
    ],
)
def test_anything_else_is_no_article(url: str) -> None:
    assert not is_article_url(url)
    with pytest.raises(ValueError, match="not the address of a NetEase article"):
        doc_id_from_url(url)
    with pytest.raises(ValueError, match="not the address of a NetEase article"):
        canonical_url(url)


@pytest.mark.parametrize(
    ("doc_id", "created"),
    [
        ("G33O1QTA05372UZS", datetime(2021, 2, 17, 23, 2, 8, tzinfo=timezone.utc)),
        ("J22CN60P0514R9KQ", datetime(2024, 5, 13, 1, 16, 4, tzinfo=timezone.utc)),
        ("KVMTIJ5A0556KMI7", datetime(2026, 6, 18, 2, 32, 59, tzinfo=timezone.utc)),
        ("000000000001899O", datetime(2003, 8, 10, 7, 20, tzinfo=timezone.utc)),
    ],
)
def test_a_doc_id_tells_its_time(doc_id: str, created: datetime) -> None:
    assert created_at(doc_id).replace(microsecond=0) == created


def test_a_doc_id_has_16_characters_of_its_alphabets() -> None:
    assert is_doc_id(_HAO)
    assert not is_doc_id(_HAO + "A")
    assert not is_doc_id("W22CN60P0514R9KQ")
    with pytest.raises(ValueError, match="not a doc id: 'T1512041896308'"):
        created_at("T1512041896308")


def test_the_column_of_a_doc_id_decides_its_address() -> None:
    assert column(_HAO) == "0514R9KQ"
    assert article_url(_HAO) == f"https://www.163.com/dy/article/{_HAO}.html"
    assert article_url(_EDITORIAL) == f"https://www.163.com/news/article/{_EDITORIAL}.html"


@pytest.mark.parametrize(
    ("url", "video_id"),
    [
        ("https://www.163.com/v/video/VT1V0FMHU.html?f=x", "VT1V0FMHU"),
        ("https://c.m.163.com/news/v/VT1V0FMHU.html", "VT1V0FMHU"),
        ("https://v.163.com/static/1/VRK7NH4SM.html", "VRK7NH4SM"),
        ("https://example.com/v/video/VT1V0FMHU.html", None),
        (f"https://www.163.com/dy/article/{_HAO}.html", None),
    ],
)
def test_video_id(url: str, video_id: str | None) -> None:
    assert video_id_from_url(url) == video_id


@pytest.mark.parametrize(
    ("url", "media_id"),
    [
        ("https://www.163.com/dy/media/T1512041896308.html", "T1512041896308"),
        ("https://m.163.com/news/sub/T1512041896308.html", "T1512041896308"),
        ("https://c.m.163.com/news/sub/T1512041896308.html?a", "T1512041896308"),
        ("https://example.com/dy/media/T1512041896308.html", None),
        ("https://www.163.com/dy/media/T15.html", None),
    ],
)
def test_media_id(url: str, media_id: str | None) -> None:
    assert media_id_from_url(url) == media_id


@pytest.mark.parametrize(
    ("url", "original"),
    [
        (
            "https://nimg.ws.126.net/?url=http%3A%2F%2Fdingyue.ws.126.net%2F2021%2Fa.jpg&type=jpg",
            "http://dingyue.ws.126.net/2021/a.jpg",
        ),
        (
            "https://nimg.ws.126.net/?url=http://cms-bucket.ws.126.net/b.png&thumbnail=140y88",
            "http://cms-bucket.ws.126.net/b.png",
        ),
        (
            "http://nimg.ws.126.net/?url=https%3A%2F%2Fnimg.ws.126.net%2F%3Furl%3Dhttp%253A%252F%252Fa.cn%252Fd.jpg",
            "http://a.cn/d.jpg",
        ),
        ("https://nimg.ws.126.net/?url=//a.cn/e.jpg", "https://a.cn/e.jpg"),
        ("https://nimg.ws.126.net/?url=javascript:x", "https://nimg.ws.126.net/?url=javascript:x"),
        ("http://dingyue.ws.126.net/c.jpg?v=1", "http://dingyue.ws.126.net/c.jpg?v=1"),
        ("https://nimg.ws.126.net/?thumbnail=1", "https://nimg.ws.126.net/?thumbnail=1"),
    ],
)
def test_original_image(url: str, original: str) -> None:
    assert original_image_url(url) == original
    assert original_image_url(original) == original


def test_query_and_fragment_are_tracking() -> None:
    assert without_query("https://www.163.com/a.html?f=x#y") == "https://www.163.com/a.html"
