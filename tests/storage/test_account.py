from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netease_crawler.items import Account, Article, Recommendation
from netease_crawler.storage.account import (
    AccountArticle,
    AccountFacts,
    AmbiguousNameError,
    Recommended,
    read_account,
)
from netease_crawler.storage.connection import Database
from netease_crawler.storage.rhythm import FollowerCount
from netease_crawler.storage.writer import ArticleWriter, Entry
from netease_crawler.times import beijing_instant
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article
from tests.conftest import InDatabase

OURS = Account(
    media_id="T1512041896301", name="江畔观察", description="江畔新城的事", article_count=120
)
NAMELESS = Account(name="老栏目")
OTHER = "K0D1B2C305149ABF"
SAME = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"


def week(counts: dict[tuple[int, int], int]) -> list[list[int]]:
    return [[counts.get((day, hour), 0) for hour in range(24)] for day in range(7)]


def recommend(doc_id: str, kind: str, position: int, source: str | None) -> Recommendation:
    return Recommendation(
        kind=kind,
        position=position,
        url=f"https://x/{doc_id}",
        doc_id=doc_id,
        title=f"名单：{doc_id}",
        source=source,
    )


ARTICLES = (
    make_article(
        EARLY,
        account=OURS,
        text=SAME,
        published_at=beijing_instant("2025-03-01 00:30"),
        recommendations=(
            recommend(OTHER, "related", 1, "山城晚报"),
            recommend(LATE, "related", 2, "江畔观察"),
            recommend(OTHER, "hot", 1, None),
        ),
    ),
    make_article(
        MIDDLE,
        account=OURS,
        text=SAME,
        published_at=beijing_instant("2025-02-28 23:30"),
        recommendations=(recommend(OTHER, "hot", 1, None),),
    ),
    make_article(LATE, account=OURS, published_at=None),
    make_article(OTHER, account=NAMELESS),
)


@pytest.fixture
def read(in_database: InDatabase[Any]) -> Any:
    def run(given: str, *more: Article, **options: Any) -> AccountFacts | None:
        async def scenario(database: Database) -> AccountFacts | None:
            entries = [Entry(article=one, page=one.doc_id) for one in (*ARTICLES, *more)]
            await ArticleWriter(database, "c1").write(entries, SEEN)
            return await read_account(database, given, **options)

        return in_database(scenario)

    return run


@pytest.mark.parametrize("given", ["T1512041896301", "江畔观察"])
def test_an_account_and_its_articles(read: Any, given: str) -> None:
    title = make_article().title
    assert read(given) == AccountFacts(
        account=OURS,
        first_seen_at=SEEN,
        last_seen_at=SEEN,
        articles=3,
        copies=1,
        undated=1,
        by_month={"2025-02": 1, "2025-03": 1},
        by_hour=week({(4, 23): 1, (5, 0): 1}),  # a Friday and a Saturday
        followers=[],
        newest=[
            AccountArticle(
                doc_id=EARLY,
                title=title,
                published_at=beijing_instant("2025-03-01 00:30"),
                copy_of=None,
            ),
            AccountArticle(
                doc_id=MIDDLE,
                title=title,
                published_at=beijing_instant("2025-02-28 23:30"),
                copy_of=EARLY,
            ),
            AccountArticle(doc_id=LATE, title=title, published_at=None, copy_of=None),
        ],
        recommended=[
            Recommended(articles=2, doc_id=OTHER, title=f"名单：{OTHER}", source="山城晚报"),
            Recommended(articles=1, doc_id=LATE, title=f"名单：{LATE}", source="江畔观察"),
        ],
        recommended_sources={"山城晚报": 1, "江畔观察": 1},
    )


def test_an_account_that_shows_no_media_id_is_known_by_its_articles(read: Any) -> None:
    facts = read("老栏目")
    assert (facts.account, facts.articles, facts.first_seen_at) == (NAMELESS, 1, None)


def test_a_former_name_is_known_from_articles(read: Any) -> None:
    renamed = Account(media_id="T1512041896301", name="江畔新观察")
    facts = read("江畔观察", make_article("K0E1B2C305149ABC", account=renamed))
    assert (facts.account, facts.articles) == (renamed, 4)


def test_a_name_of_two_accounts_names_both(read: Any) -> None:
    second = make_article(
        "K0E1B2C305149ABG", account=Account(media_id="T1512041896302", name="江畔观察")
    )
    with pytest.raises(AmbiguousNameError) as raised:
        read("江畔观察", second)
    assert raised.value.args == ("T1512041896301", "T1512041896302")


def test_what_is_not_there_is_none(read: Any) -> None:
    assert read("T0000000000000") is None
    assert read("没有的号") is None


def test_what_the_newest_articles_recommend_can_be_asked_for_alone(read: Any) -> None:
    facts = read("江畔观察", recommending=1)
    assert facts.recommended == [
        Recommended(articles=1, doc_id=LATE, title=f"名单：{LATE}", source="江畔观察"),
        Recommended(articles=1, doc_id=OTHER, title=f"名单：{OTHER}", source="山城晚报"),
    ]
    assert facts.recommended_sources == {"山城晚报": 1, "江畔观察": 1}


def test_a_page_without_an_id_is_known_by_its_address(read: Any) -> None:
    entry = Recommendation(kind="hot", position=1, url="https://music.163.com/song")
    facts = read(
        "独一号", make_article(OTHER, account=Account(name="独一号"), recommendations=(entry,))
    )
    assert facts.recommended == [
        Recommended(articles=1, doc_id="https://music.163.com/song", title=None, source=None)
    ]
    assert facts.recommended_sources == {}


def fetched(number: int, moment: str, followers: int | None) -> Article:
    return make_article(
        f"K0F{number:05}05149ABH",
        account=Account(media_id="T1512041896309", name="涨粉号", follower_count=followers),
        fetched_at=beijing_instant(moment),
    )


def test_followers_are_the_last_count_of_each_day_in_beijing(read: Any) -> None:
    facts = read(
        "涨粉号",
        fetched(1, "2025-03-01 23:30", 100),
        fetched(2, "2025-03-01 08:00", 90),
        fetched(3, "2025-03-02 00:10", 110),
        fetched(4, "2025-03-04 09:00", 0),
        fetched(5, "2025-03-05 09:00", None),
        replace(fetched(6, "2025-03-06 09:00", 130), fetched_at=None),
    )
    assert facts.followers == [
        FollowerCount(at=beijing_instant("2025-03-01 23:30"), count=100),
        FollowerCount(at=beijing_instant("2025-03-02 00:10"), count=110),
        FollowerCount(at=beijing_instant("2025-03-04 09:00"), count=0),
    ]


def test_what_is_asked_of_all_articles_is_read_from_the_index(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[str]:
        await ArticleWriter(database, "c1").write(
            [Entry(article=one, page=one.doc_id) for one in ARTICLES], SEEN
        )
        cursor = database["articles"].find(
            {"account.media_id": OURS.media_id}, {"published_at": 1, "copy_of": 1}
        )
        plan = await cursor.sort([("published_at", -1), ("_id", -1)]).explain()
        stage = plan["queryPlanner"]["winningPlan"]
        return [stage["stage"], stage["inputStage"]["stage"]]

    assert in_database(scenario) == ["PROJECTION_COVERED", "IXSCAN"]
