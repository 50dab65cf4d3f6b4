"""What contains the words is found, and nothing else: on shelves and in the tail."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from netease_crawler.grams import fold
from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage import rolls as rolls_module
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database, StorageUnavailableError
from netease_crawler.storage.shelves import fill_shelf
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import InDatabase
from tests.storage.searches import SIZE, fill, found, made_up, numbered, truth, write


def substrings(articles: Sequence[Article], count: int) -> list[str]:
    draw = random.Random(6)
    chosen: list[str] = []
    while len(chosen) < count:
        article = draw.choice(articles)
        text = draw.choice((article.title, article.text))
        begin = draw.randrange(len(text))
        part = text[begin : begin + draw.choice((1, 2, 2, 3, 4, 7, 15))]
        if fold(part).strip() and not re.search(r'["“”「」\s-]', part) and part != "OR":
            chosen.append(part)
    return chosen


def test_exactly_what_contains_a_phrase_is_found(in_database: InDatabase[Any]) -> None:
    articles = made_up(60)
    phrases = [*substrings(articles, 60), "济经", "铁城", "gdp5", "不在其中", "++", "."]

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, *articles[:30])
        await fill(database)
        await write(database, *articles[30:45])
        await fill(database)
        await write(database, *articles[45:])
        assert await database["search_shelves"].count_documents({"ready": True}) == 5
        assert await database["search"].count_documents({"shelf": ""}) == 20
        return [await found(database, phrase) for phrase in phrases]

    assert in_database(scenario) == [truth(articles, phrase) for phrase in phrases]


TITLES = {
    numbered(1): ("地铁二号线开通", "首日客流超过三万人次。"),
    numbered(2): ("城市新闻", "地鐵二號線今晨開通，市民乘車。"),
    numbered(3): ("ＧＤＰ增长５％", "经济向好。\n地铁客流创新高。"),
    numbered(4): ("公交改线", "地面公交改线，铁路不变。"),
}


@pytest.mark.parametrize("is_on_shelf", [False, True])
@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"text": "地铁"}, [3, 2, 1]),
        ({"text": "地鐵 客流"}, [3, 1]),
        ({"text": "地铁客流"}, [3]),
        ({"text": "gdp"}, [3]),
        ({"text": "增长5%"}, [3]),
        ({"text": "铁"}, [4, 3, 2, 1]),
        ({"text": "地铁 -市民"}, [3, 1]),
        ({"text": "-地铁"}, [4]),
        ({"text": "公交 OR 市民"}, [4, 2]),
        ({"text": "公交 OR 市民 二号线"}, [2]),
        ({"text": '"地铁 客流"'}, []),
        ({"title": "地铁"}, [1]),
        ({"title": "地铁 OR 公交"}, [4, 1]),
        ({"title": "-地铁", "text": "地铁"}, [3, 2]),
        ({"body": "地铁"}, [3, 2]),
        ({"body": "客流", "title": "地铁"}, [1]),
        ({"text": "地铁", "source": "江畔观察"}, [3, 2, 1]),
        ({"text": "地铁", "source": "山城晚报"}, []),
        ({"text": "地铁", "since": SEEN + timedelta(hours=2)}, [3, 2]),
        ({"text": "地铁", "until": SEEN + timedelta(hours=2)}, [1]),
        ({"text": "公交" * 60}, []),
        ({"text": "$where"}, []),
        ({"text": ".*"}, []),
        ({"text": "(a+)+$"}, []),
    ],
)
def test_words_select(
    in_database: InDatabase[Any],
    criteria: dict[str, Any],
    expected: list[int],
    is_on_shelf: bool,
) -> None:
    async def scenario(database: Database) -> tuple[list[str], list[str], int]:
        await write(
            database,
            *(
                make_article(
                    doc_id,
                    title=title,
                    text=text,
                    published_at=SEEN + timedelta(hours=int(doc_id[2:8])),
                )
                for doc_id, (title, text) in TITLES.items()
            ),
        )
        if is_on_shelf:
            assert await fill_shelf(database, len(TITLES))
        query = ArticleQuery(**criteria)
        archive = Archive(database)
        page = await archive.search(query, limit=10)
        return (
            [stored.article.doc_id async for stored in archive.find(query)],
            sorted((hit.doc_id for hit in page.hits), reverse=True),
            await archive.count(query),
        )

    doc_ids = [numbered(number) for number in expected]
    assert in_database(scenario) == (doc_ids, doc_ids, len(doc_ids))


@pytest.mark.parametrize("is_on_shelf", [False, True])
def test_a_period_has_its_begin_and_not_its_end(
    in_database: InDatabase[Any], is_on_shelf: bool
) -> None:
    hours = [None, 0, 1, 1, 2, 3]
    articles = [
        make_article(
            numbered(number),
            text=f"第{number}期提到渡口。",
            published_at=None if hour is None else SEEN + timedelta(hours=hour),
        )
        for number, hour in enumerate(hours)
    ]

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, *articles)
        assert not is_on_shelf or await fill_shelf(database, len(articles))
        since, until = SEEN + timedelta(hours=1), SEEN + timedelta(hours=2)
        periods: list[dict[str, Any]] = [
            {},
            {"since": since},
            {"until": until},
            {"since": since, "until": until},
            {"since": SEEN + timedelta(hours=4)},
            {"until": SEEN},
        ]
        return [await found(database, "渡口", **period) for period in periods]

    assert in_database(scenario) == [
        [numbered(number) for number in numbers]
        for numbers in ([5, 4, 3, 2, 1, 0], [5, 4, 3, 2], [3, 2, 1], [3, 2], [], [])
    ]


def test_what_an_account_published_is_found_however_much_it_is(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [
        make_article(
            numbered(number),
            text=f"第{number}期提到渡口。",
            source=("江畔观察", "山城晚报")[number % 2],
            location=("江苏", None)[number // 2 % 2],
        )
        for number in range(10)
    ]

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, *articles)
        await fill(database)
        of_few = await found(database, "渡口", source="江畔观察", location="江苏")
        monkeypatch.setattr("netease_crawler.storage.candidates.FEW", 4)
        return [of_few, await found(database, "渡口", source="江畔观察", location="江苏")]

    assert in_database(scenario) == [[numbered(number) for number in (8, 4, 0)]] * 2


def test_shelves_that_are_not_remembered_are_read_again(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netease_crawler.storage.rolls._MOST_REMEMBERED", 2)
    articles = made_up(5 * SIZE)

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, *articles)
        await fill(database)
        return [await found(database, "地铁") for _ in range(2)]

    assert in_database(scenario) == [truth(articles, "地铁")] * 2
    assert len(rolls_module._remembered) == 2


@pytest.mark.parametrize("is_on_shelf", [False, True])
def test_other_criteria_hold_for_what_is_found(
    in_database: InDatabase[Any], is_on_shelf: bool
) -> None:
    plain = make_article(MIDDLE, text="首日客流一般。", category="社会学")
    other = make_article(LATE, text="客流。", location="浙江", category="社会")
    criteria: dict[tuple[tuple[str, Any], ...], list[str]] = {
        (("has_video", True),): [EARLY],
        (("location", "江苏"),): [EARLY],
        (("location", "江"),): [],
        (("keyword", "地铁"),): [EARLY],
        (("category", "社会"),): [LATE, EARLY],
        (("category", "社会/民生"),): [EARLY],
        (("category", "社会"), ("location", "浙江")): [LATE],
        (("location", "浙江"), ("has_video", True)): [],
        (("account", "T1512041896301"),): [EARLY],
        (("account", "江畔观察"),): [EARLY],
        (): [LATE, MIDDLE, EARLY],
    }

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, make_full_article(EARLY), plain, other)
        if is_on_shelf:
            assert await fill_shelf(database, 3)
        return [await found(database, "客流", **dict(one)) for one in criteria]

    assert in_database(scenario) == list(criteria.values())


def test_an_article_from_elsewhere_now_is_found_there(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[list[str]]:
        await write(database, make_article(EARLY, location="江苏"))
        assert await fill_shelf(database, 1)
        await write(database, make_article(EARLY, location="浙江"), crawl="c2")
        return [await found(database, "客流", location=one) for one in ("江苏", "浙江")]

    assert in_database(scenario) == [[], [EARLY]]


@pytest.mark.parametrize(
    "word", ["乘车", "经", "新能源", "5G", "iPhone15", "C++", "臺灣", "ｇｄｐ"]
)
@pytest.mark.parametrize("field", ["text", "title", "body"])
def test_what_contains_an_excluded_word_is_not_found(
    in_database: InDatabase[Any], word: str, field: str
) -> None:
    articles = made_up(30)

    async def scenario(database: Database) -> set[str]:
        await write(database, *articles[:20])
        await fill(database)
        await write(database, *articles[20:])
        query = ArticleQuery(**{field: f"-{word}"})
        return {one.article.doc_id async for one in Archive(database).find(query)}

    fields = {"text": ("title", "text"), "title": ("title",), "body": ("text",)}[field]
    assert in_database(scenario) == {
        article.doc_id
        for article in articles
        if not any(fold(word) in fold(getattr(article, name)) for name in fields)
    }


def test_a_search_that_takes_too_long_is_stopped(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netease_crawler.storage.connection._LONGEST_OPERATION", 1)

    async def scenario(database: Database) -> None:
        text = "天气晴朗。" * 3000  # 45 KB, 500 times
        for begin in range(0, 500, 100):
            await write(
                database,
                *(make_article(numbered(begin + n), text=text) for n in range(100)),
            )
        words = " OR ".join(f"地铁{number}号线" for number in range(8))
        query = ArticleQuery(text=words, with_copies=True)
        with pytest.raises(StorageUnavailableError, match=r"^the search was stopped, as it took"):
            await Archive(database).count(query)

    in_database(scenario)


def test_everything_that_a_search_asks_has_a_time_limit(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[tuple[str, int | None]]:
        await write(database, *made_up(6))
        assert await fill_shelf(database, 3)
        await database.command("profile", 2)
        for criteria in ({}, {"source": "江畔观察"}):
            await found(database, "地铁", **criteria)
        await database.command("profile", 0)
        profiled = database["system.profile"].find({"command.find": {"$exists": True}})
        return [
            (entry["command"]["find"], entry["command"].get("maxTimeMS"))
            async for entry in profiled
        ]

    asked = in_database(scenario)
    assert {name for name, _ in asked} == {"articles", "search", "search_pairs", "search_shelves"}
    assert {limit for _, limit in asked} == {20_000}
