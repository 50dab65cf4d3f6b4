from __future__ import annotations

import csv
import io
import json

import pytest
from zyte_common_items import Article

from netease_crawler.exports.formats import CsvWriter
from netease_crawler.exports.zyte import ZYTE, zyte_article
from netease_crawler.items import Account, Block
from tests.articles import EARLY, make_article, make_full_article
from tests.exports.stored import stored

FULL = {
    "url": f"https://www.163.com/dy/article/{EARLY}.html",
    "headline": "江畔新城地铁二号线开通",
    "datePublished": "2025-03-04T01:02:03Z",
    "authors": [
        {"name": "江畔观察", "url": "https://www.163.com/dy/media/T1512041896301.html"},
    ],
    "images": [{"url": "http://dingyue.ws.126.net/2025/0304/a.jpg"}],
    "videos": [{"url": "http://flv.bn.netease.com/a.mp4"}],
    "articleBody": "首日客流\n江畔新城地铁二号线今晨开通，首日客流超过三万人次。\n站台",
    "articleBodyHtml": (
        "<article>\n\n"
        "<h2>首日客流</h2>\n\n"
        "<p>江畔新城地铁二号线今晨开通，首日客流超过三万人次。</p>\n\n"
        '<figure><img src="http://dingyue.ws.126.net/2025/0304/a.jpg">'
        "<figcaption>站台</figcaption></figure>\n\n"
        '<figure><video src="http://flv.bn.netease.com/a.mp4"></video></figure>\n\n'
        "</article>"
    ),
    "metadata": {"dateDownloaded": "2025-03-04T05:06:07Z"},
}


def test_what_the_archive_knows_is_mapped() -> None:
    assert zyte_article(stored(make_full_article())) == FULL


def test_what_it_does_not_know_is_left_out() -> None:
    article = make_article(published_at=None, blocks=(), source="山城晚报", editor="林一")
    assert zyte_article(stored(article)) == {"url": article.url, "headline": article.title}


@pytest.mark.parametrize("article", [make_full_article(), make_article(account=Account())])
def test_zyte_common_items_reads_it(article) -> None:
    row = zyte_article(stored(article))
    item = Article.from_dict(row)
    parts = [item, *item.authors, *item.images, *item.videos, *filter(None, [item.metadata])]
    assert [part._unknown_fields_dict for part in parts] == [{}] * len(parts)
    assert (item.url, item.headline, item.articleBody) == (
        article.url,
        article.title,
        article.text,
    )


def test_text_of_a_page_is_no_markup() -> None:
    blocks = (
        Block(kind="paragraph", text="票价 <5 元\n儿童 & 老人免费"),
        Block(kind="quote", text="<script>alert(1)</script>"),
        Block(kind="image", url='http://a.example/"><script>', caption="<b>"),
    )
    assert zyte_article(stored(make_article(blocks=blocks)))["articleBodyHtml"] == (
        "<article>\n\n"
        "<p>票价 &lt;5 元<br>儿童 &amp; 老人免费</p>\n\n"
        "<blockquote><p>&lt;script&gt;alert(1)&lt;/script&gt;</p></blockquote>\n\n"
        '<figure><img src="http://a.example/&quot;&gt;&lt;script&gt;">'
        "<figcaption>&lt;b&gt;</figcaption></figure>\n\n"
        "</article>"
    )


def test_a_csv_cell_of_several_values_is_json() -> None:
    file = io.BytesIO()
    CsvWriter(file, ZYTE.fields).write(zyte_article(stored(make_full_article())))
    [row] = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""))
    nested = ("authors", "images", "videos", "metadata")
    assert {
        name: json.loads(cell) if name in nested else cell for name, cell in row.items()
    } == FULL
