"""Each list of articles is read as a careful reader reads it: whole, in order, and nothing else."""

from __future__ import annotations

from netease_crawler.items import ListedArticle
from netease_crawler.pages.listings import (
    parse_channel_feed,
    parse_feed,
    parse_mobile_list,
    parse_rolling_list,
)
from tests.pages.listings.saved import beijing, saved


def test_channel_feed() -> None:
    url = "https://news.163.com/special/cm_guonei/?callback=data_callback"
    assert parse_channel_feed(saved("channel_feed.js"), url) == (
        ListedArticle(
            url="https://www.163.com/news/article/K8C1D2E30001899O.html",
            doc_id="K8C1D2E30001899O",
            title="青川镇的老桥修好了，桥头的面馆比从前早开一小时",
            published_at=beijing("2024-05-23 07:20:03"),
            comment_count=386,
            image_url="http://cms-bucket.ws.126.net/2024/0523/1a2b3c.jpg",
            section="国内",
        ),
        ListedArticle(
            url="https://www.163.com/dy/article/K8C1D2E405990AAA.html",
            doc_id="K8C1D2E405990AAA",
            title='镇上的人说："桥还是那座桥" 只是更宽',
            published_at=beijing("2024-05-22 23:59:59"),
            comment_count=0,
            image_url="http://dingyue.ws.126.net/2024/0522/4d5e6f.jpg",
            digest="两位老人每天走三趟。",
        ),
        ListedArticle(
            url="https://www.163.com/v/video/VK8C1D2E5.html",
            doc_id="VK8C1D2E5",
            title="视频：修桥的第一百天",
            comment_count=12,
            section="视频",
            is_video=True,
        ),
    )


def test_mobile_list() -> None:
    url = "https://3g.163.com/touch/reconstruct/article/list/BBM00AAAwangning/0-10.html"
    assert parse_mobile_list(saved("mobile_list.js"), url) == (
        ListedArticle(
            url="https://3g.163.com/news/article/G3A1B2C305990BBB.html",
            doc_id="G3A1B2C305990BBB",
            title="渔船回港那天，码头上多了一只猫",
            source="江边十点",
            published_at=beijing("2021-02-17 12:40:38"),
            comment_count=3629,
            image_url="http://dingyue.ws.126.net/2021/0217/aa11.jpg",
            digest="猫是跟着第三条船来的，没有人知道它从哪里上的船",
        ),
        ListedArticle(
            url="https://www.163.com/v/video/VG3A1B2C4.html",
            doc_id="VG3A1B2C4",
            title="渔船回港的三分钟",
            source="江边十点",
            published_at=beijing("2021-02-17 12:29:16"),
            comment_count=0,
            image_url="http://videoimg.ws.126.net/cover/20210217/bb22_cover.jpg",
            is_video=True,
        ),
        ListedArticle(
            url="https://www.163.com/dy/article/G3A1B2C50599CCCC.html",
            doc_id="G3A1B2C50599CCCC",
            title="老戏台/新戏台",
            source="东湾台",
            published_at=beijing("2021-01-22 17:02:59"),
            comment_count=0,
            image_url="http://cms-bucket.ws.126.net/2021/0122/dd44.jpg",
        ),
    )


def test_app_feed() -> None:
    url = (
        "https://gw.m.163.com/nc/api/v1/feed/static/normal-list?start=0&tid=T1573700340788&size=30"
    )
    assert parse_feed(saved("app_feed.json"), url) == (
        ListedArticle(
            url="https://www.163.com/dy/article/K8D1E2F305990DDD.html",
            doc_id="K8D1E2F305990DDD",
            title="早市收摊以后",
            source="青川早报",
            published_at=beijing("2024-05-23 07:20:03"),
            comment_count=41,
            image_url="http://dingyue.ws.126.net/2024/0523/ff66.jpg",
            digest="八点半，最后一筐豆角",
        ),
        ListedArticle(
            url="https://www.163.com/v/video/VK8D1E2F4.html",
            doc_id="VK8D1E2F4",
            title="早市的一分钟",
            source="青川早报",
            published_at=beijing("2024-05-23 06:00:00"),
            comment_count=12_000,
            is_video=True,
            video_url="https://flv.bn.netease.com/k8d1e2f4.mp4",
        ),
    )


def test_hot_list() -> None:
    url = "https://gw.m.163.com/nc-main/api/v1/hqc/no-repeat-hot-list"
    assert parse_feed(saved("hot_list.json"), url) == (
        ListedArticle(
            url="https://c.m.163.com/news/a/K8D1E2F70001899O.html",
            doc_id="K8D1E2F70001899O",
            title="多地发布今夏第一个高温预警",
            source="晴川新闻",
            comment_count=5120,
            image_url="https://cms-bucket.ws.126.net/2024/0523/hh88.png",
        ),
        ListedArticle(
            url="https://www.163.com/dy/article/K8D1E2F805990DDD.html",
            doc_id="K8D1E2F805990DDD",
            title="图书馆延长开放到十点",
            source="青川早报",
            comment_count=0,
        ),
    )


def test_hot_list_of_the_mobile_site() -> None:
    url = "https://m.163.com/fe/api/hot/news/flow"
    assert parse_feed(saved("hot_flow.json"), url) == (
        ListedArticle(
            url="https://m.163.com/dy/article/K8D1E2F905990DDD.html",
            doc_id="K8D1E2F905990DDD",
            title="雨停了，球赛改在下午",
            source="晴川体育",
            published_at=beijing("2024-05-23 11:02:00"),
            image_url="http://dingyue.ws.126.net/2024/0523/ii99.jpg",
        ),
    )


def test_what_is_commented_on_most() -> None:
    url = "https://gw.m.163.com/gentie-web/api/v2/products/a/rankDocs/all/list?limit=30"
    assert parse_feed(saved("commented_most.json"), url) == (
        ListedArticle(
            url="https://www.163.com/news/article/K8D1E2FA0001899O.html",
            doc_id="K8D1E2FA0001899O",
            title="公园里的长椅该朝哪边",
            source="晴川新闻",
        ),
    )


def test_articles_of_an_account_and_the_page_after_the_last() -> None:
    url = "https://dy.163.com/v2/article/list.do?pageNo=1&wemediaId=W123&size=10"
    assert parse_feed(saved("account_articles.json"), url, "gbk") == (
        ListedArticle(
            url="https://www.163.com/dy/article/EFE1F2G305990EEE.html",
            doc_id="EFE1F2G305990EEE",
            title="田埂上的路灯亮了",
            source="田间记",
            published_at=beijing("2019-05-17 20:02:46"),
            image_url="http://crawl.ws.126.net/img/jj00.jpg",
        ),
    )
    assert parse_feed('{"code":1,"data":{"list":null}}', url) == ()
    assert parse_feed('{"code":1,"data":{"list":[]}}', url) == ()


def test_rolling_list() -> None:
    url = "http://news.163.com/special/0001220O/news_json.js"
    expected = (
        ListedArticle(
            url="http://news.163.com/15/0829/19/B2A1B2C30001124J.html",
            doc_id="B2A1B2C30001124J",
            title="＂会唱歌的＂水塔留住了(图)",
            published_at=beijing("2015-08-29 19:00:07"),
            section="国内",
        ),
        ListedArticle(
            url="http://news.163.com/15/0829/18/B2A1B2C400014JB6.html",
            doc_id="B2A1B2C400014JB6",
            title="县里的第一趟夜班车",
            published_at=beijing("2015-08-29 18:44:00"),
            section="国内",
        ),
        ListedArticle(
            url="http://war.163.com/15/0829/13/B2A1B2C500014OVF.html",
            doc_id="B2A1B2C500014OVF",
            title="演习提前结束",
            published_at=beijing("2015-08-29 13:47:15"),
            section="军事",
        ),
        ListedArticle(
            url="http://war.163.com/15/0829/12/B2A1B2C600014OVF.html",
            doc_id="B2A1B2C600014OVF",
            title="没有栏目的一条",
        ),
    )
    body = saved("rolling_list.js")
    assert parse_rolling_list(body, url) == expected
    unquoted = body
    for name in (b"category", b"news", b"n", b"l", b"c", b"t", b"p"):
        unquoted = unquoted.replace(b'"' + name + b'":', name + b" :")
    assert b'":' not in unquoted
    assert parse_rolling_list(unquoted, url) == expected


def test_entities_in_a_title_are_read_as_what_they_stand_for() -> None:
    entry = (
        '{"title":"镇上的&ldquo;面馆&rdquo;&nbsp;A&amp;B&#39;s",'
        '"docurl":"https://www.163.com/dy/article/K8C1D2E405990AAA.html"}'
    )
    feed = f"data_callback([{entry}])".encode()
    url = "https://news.163.com/special/cm_guonei/?callback=data_callback"
    assert [article.title for article in parse_channel_feed(feed, url)] == ["镇上的“面馆” A&B's"]
