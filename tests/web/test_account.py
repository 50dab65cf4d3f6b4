"""The page of an account."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from netease_crawler.items import Account, Article, Recommendation
from netease_crawler.json_text import as_json
from netease_crawler.storage.account import read_account
from netease_crawler.times import beijing_instant
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article
from tests.conftest import InDatabase, Store
from tests.web.conftest import Explorer

OURS = Account(
    media_id="T1512041896301",
    name="江畔观察",
    url="https://www.163.com/dy/media/T1512041896301.html",
    description="江畔新城的事",
    article_count=120,
    follower_count=4500,
)
PATH = "/account?name=T1512041896301"


def published(doc_id: str, moment: str, **values: Any) -> Article:
    values = {"account": OURS, "fetched_at": SEEN} | values
    return make_article(doc_id, published_at=beijing_instant(moment), **values)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_twin_is_what_the_command_has_and_what_is_drawn(
    explorer: Explorer, store: Store, in_database: InDatabase[Any]
) -> None:
    to_known = Recommendation(kind="related", position=1, url="https://x/", doc_id=LATE, title="甲")
    to_video = Recommendation(
        kind="hot", position=1, url="https://x/v", doc_id="VABCDEFGH", title="乙", is_video=True
    )
    store(
        published(EARLY, "2025-01-31 23:30", recommendations=(to_known, to_video)),
        published(MIDDLE, "2025-03-01 23:10", recommendations=(to_known,)),
        published(LATE, "2025-03-02 08:00", account=Account(name="别的号")),
    )
    facts = in_database(lambda database: read_account(database, "江畔观察"))
    found = explorer.get("/account.json?name=%E6%B1%9F%E7%95%94%E8%A7%82%E5%AF%9F").json
    months = found.pop("months")
    assert found == {
        "choices": [],
        "account": json.loads(as_json(facts)),
        "busiest": [{"hour": 23, "count": 2}],
        "in_archive": [LATE],
    }
    assert facts.articles == 2
    assert [(month["begin"], month["count"]) for month in months] == [
        *((f"2024-{month:02}-01T00:00:00+08:00", 0) for month in range(4, 13)),
        ("2025-01-01T00:00:00+08:00", 1),
        ("2025-02-01T00:00:00+08:00", 0),
        ("2025-03-01T00:00:00+08:00", 1),
    ]
    assert [month["end"] for month in months] == [
        *(month["begin"] for month in months[1:]),
        "2025-04-01T00:00:00+08:00",
    ]


def test_an_account_is_shown(explorer: Explorer, store: Store) -> None:
    to_known = Recommendation(
        kind="related", position=1, url="https://x/", doc_id=MIDDLE, title="甲", source="山城晚报"
    )
    to_video = Recommendation(kind="hot", position=1, url="https://x/v", doc_id="VABCDEFGH")
    store(
        published(EARLY, "2025-03-01 23:30", recommendations=(to_known, to_video)),
        published(MIDDLE, "2025-03-03 08:00", title="早高峰"),
    )
    page = flat(explorer.get(PATH).text)
    its = "account=T1512041896301&amp;with_copies=1"
    for shown in (
        '<h1 lang="zh-CN">江畔观察</h1>',
        "江畔新城的事",
        "文章数 120",
        "关注度 4,500",
        "名片首见于 2025-03-04 13:06，最近见于 2025-03-04 13:06",
        f'<a href="/search?{its}"><strong>已收录 2 篇</strong></a>',
        f'<a href="/search?{its}&amp;since=2025-03-01&amp;until=2025-04-01"',
        "<title>周六 23 时：1 篇</title>",
        '<tr><th scope="row">周一</th>' + "<td>0</td>" * 8 + "<td>1</td>" + "<td>0</td>" * 15,
        "发文最多的钟点：8 时（1 篇） 23 时（1 篇）",
        "4,500 <small>2025-03-04</small>",
        "只有一天的数；在别的日子再抓取，才有曲线。",
        f'<a href="/articles/{MIDDLE}">早高峰</a>',
        f'<a href="/articles/{MIDDLE}">甲</a>',
        '<a href="/graph?page=VABCDEFGH">VABCDEFGH</a>',
        '<a href="/search?source=%E5%B1%B1%E5%9F%8E%E6%99%9A%E6%8A%A5"><span>山城晚报</span>',
    ):
        assert shown in page


def test_followers_of_several_days_are_a_curve(explorer: Explorer, store: Store) -> None:
    days = ("2025-03-01", "2025-03-02", "2025-03-05")
    store(
        *(
            published(
                f"K0F{number:05}05149ABH",
                day,
                account=Account(media_id=OURS.media_id, name="江畔观察", follower_count=count),
                fetched_at=beijing_instant(f"{day} 12:00"),
            )
            for number, (day, count) in enumerate(zip(days, (1000, 1200, 1100), strict=True))
        )
    )
    page = flat(explorer.get(PATH).text)
    assert 'aria-label="关注度：2025-03-01 为 1,000，2025-03-05 为 1,100"' in page
    assert '<polyline points="8.0,112.0 154.0,8.0 592.0,60.0 ">' in page
    assert "<title>2025-03-02：1,200</title>" in page


def test_a_number_that_stays_the_same_is_a_level_curve(explorer: Explorer, store: Store) -> None:
    days = (beijing_instant("2025-03-01"), beijing_instant("2025-03-02"))
    store(*(published(f"K0F0{day:%m%d}05149ABH", "2025-03-01", fetched_at=day) for day in days))
    assert '<polyline points="8.0,60.0 592.0,60.0 ">' in explorer.get(PATH).text


def test_what_no_page_showed_is_left_out(explorer: Explorer, store: Store) -> None:
    store(make_article(EARLY, account=Account(name="老栏目"), published_at=None))
    page = flat(explorer.get("/account?name=%E8%80%81%E6%A0%8F%E7%9B%AE").text)
    assert "页面上没有 T 号" in page
    assert "抓取到的文章没有显示关注度。" in page
    assert "另有 1 篇无发布时间" in page
    for absent in ("文章数", "名片首见于", "按月", "按星期与钟点", "其文章推荐最多的", "None"):
        assert absent not in page


def test_months_end_with_the_last_and_are_twenty_years_at_most(
    explorer: Explorer, store: Store
) -> None:
    store(
        published(EARLY, "1970-01-02"),
        make_article(
            LATE, account=OURS, published_at=datetime.fromisoformat("9999-12-30T00:00:00+00:00")
        ),
    )
    months = explorer.get("/account.json?name=T1512041896301").json["months"]
    assert (len(months), months[-1]) == (
        240,
        {
            "begin": "9999-12-01T00:00:00+08:00",
            "end": "9999-12-31T23:59:59.999999+08:00",
            "count": 1,
        },
    )
    assert explorer.get(PATH).status == 200


def test_a_name_of_two_accounts_asks_which(explorer: Explorer, store: Store) -> None:
    store(
        make_article(EARLY, account=OURS),
        make_article(MIDDLE, account=Account(media_id="T1512041896302", name="江畔观察")),
    )
    name = "%E6%B1%9F%E7%95%94%E8%A7%82%E5%AF%9F"
    assert explorer.get(f"/account.json?name={name}").json == {
        "choices": ["T1512041896301", "T1512041896302"],
        "account": None,
        "months": [],
        "busiest": [],
        "in_archive": [],
    }
    page = explorer.get(f"/account?name={name}").text
    assert '<a href="/account?name=T1512041896302">T1512041896302</a>' in page


def test_hostile_text_is_only_text(explorer: Explorer, store: Store) -> None:
    evil = "\"'><script>alert(1)</script>"
    account = Account(
        media_id=OURS.media_id, name=evil, description=evil, url="javascript:alert(1)"
    )
    entry = Recommendation(
        kind="hot", position=1, url="javascript:alert(2)", title=evil, source=evil
    )
    store(make_article(EARLY, account=account, title=evil, recommendations=(entry,)))
    page = explorer.get(PATH).text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</h1>" in page


@pytest.mark.parametrize("path", ["/account", "/account.json"])
def test_what_is_not_there_is_one_line(explorer: Explorer, path: str) -> None:
    answer = explorer.get(f"{path}?name=T0000000000000")
    assert answer.status == 404
    assert "T0000000000000 is no account of the archive" in answer.text


def test_a_name_is_needed(explorer: Explorer) -> None:
    answer = explorer.get("/account.json")
    assert (answer.status, answer.json["detail"]) == (400, "name: is not given")
