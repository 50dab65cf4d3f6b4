"""What contains the words is found, and nothing else: on shelves, in the tail, while it changes."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from netease_crawler.grams import fold
from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage import shelves as shelves_module
from netease_crawler.storage.archive import Archive, Page
from netease_crawler.storage.connection import Database, StorageUnavailableError
from netease_crawler.storage.searching import RANKED
from netease_crawler.storage.shelves import fill_shelf
from netease_crawler.storage.withdrawal import withdraw
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import InDatabase

SIZE = 8
"""Texts on a shelf here."""


async def write(database: Database, *articles: Article, crawl: str = "c1", **options: Any) -> None:
    entries = [Entry(article=article, page=article.doc_id) for article in articles]
    await ArticleWriter(database, crawl, **options).write(entries, SEEN)


async def fill(database: Database) -> None:
    while await fill_shelf(database, SIZE):
        pass


def numbered(number: int) -> str:
    return f"K0{number:06d}05149ABC"


async def found(database: Database, text: str, **criteria: Any) -> list[str]:
    """Return the doc ids of what is found, the newest first, in all ways the same."""
    query = ArticleQuery(text=text, with_copies=True, **criteria)
    archive = Archive(database)
    doc_ids = [stored.article.doc_id async for stored in archive.find(query)]
    ranked = [hit.doc_id for hit in (await archive.search(query, limit=RANKED)).hits]
    assert sorted(ranked) == sorted(doc_ids)
    assert await archive.count(query) == len(doc_ids)
    return doc_ids


# --- Recall and precision

WORDS = (
    *(
        "经济",
        "經濟",
        "地铁",
        "地鐵",
        "城市",
        "新能源",
        "汽车",
        "臺灣",
        "台湾",
        "二号线",
        "首日",
        "客流",
    ),
    *(
        "市民",
        "乘车",
        "GDP",
        "ｇｄｐ",
        "5G",
        "iPhone15",
        "葛蕾丝特琳",
        "𠮷野家",
        "50㎡",
        "C++",
        "後来",
    ),
    *("后来", "记者", "表示", "。", "，", "“", "”", " ", "\n", "\u3000", "😀"),
)


def made_up(count: int) -> list[Article]:
    draw = random.Random(5)
    return [
        make_article(
            numbered(number),
            text="".join(draw.choices(WORDS, k=25)),
            title="".join(draw.choices(WORDS, k=4)).strip() or "无题",
            published_at=None if number % 9 == 0 else SEEN - timedelta(hours=draw.randrange(50)),
        )
        for number in range(count)
    ]


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


def truth(articles: Sequence[Article], phrase: str) -> list[str]:
    oldest = datetime.min.replace(tzinfo=SEEN.tzinfo)
    matching = [
        article
        for article in articles
        if fold(phrase) in fold(article.title) or fold(phrase) in fold(article.text)
    ]
    matching.sort(key=lambda article: (article.published_at or oldest, article.doc_id))
    return [article.doc_id for article in reversed(matching)]


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
    monkeypatch.setattr("netease_crawler.storage.shelves._MOST_REMEMBERED", 2)
    articles = made_up(5 * SIZE)

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, *articles)
        await fill(database)
        return [await found(database, "地铁") for _ in range(2)]

    assert in_database(scenario) == [truth(articles, "地铁")] * 2
    assert len(shelves_module._remembered) == 2


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


# --- Order and pages


def test_titles_come_first_then_frequent_then_new(in_database: InDatabase[Any]) -> None:
    articles = [
        make_article(numbered(1), title="无关", text="地铁。", published_at=SEEN),
        make_article(numbered(2), title="无关", text="地铁，地鐵。", published_at=None),
        make_article(numbered(3), title="地铁", text="无关。", published_at=None),
        make_article(numbered(4), title="无关", text="地铁。", published_at=None),
        make_article(numbered(5), title="地铁", text="地铁。", published_at=None),
    ]

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, *articles)
        in_tail = await Archive(database).search(ArticleQuery(text="地铁"), limit=9)
        assert await fill_shelf(database, 5)
        on_shelf = await Archive(database).search(ArticleQuery(text="地铁"), limit=9)
        return [[hit.doc_id for hit in page.hits] for page in (in_tail, on_shelf)]

    order = [numbered(number) for number in (5, 3, 2, 1, 4)]
    assert in_database(scenario) == [order, order]


@pytest.mark.parametrize("method", ["search", "newest"])
def test_pages_stay_while_articles_are_added(in_database: InDatabase[Any], method: str) -> None:
    def article(number: int, published_at: datetime | None) -> Article:
        title = "地铁开通" if number % 3 == 0 else "城市新闻"
        text = "地铁。" * (1 + number % 5)
        return make_article(numbered(number), title=title, text=text, published_at=published_at)

    async def pages(database: Database, later: int) -> list[str]:
        archive = Archive(database)
        get = getattr(archive, method)
        query = ArticleQuery(text="地铁", with_copies=True)
        doc_ids: list[str] = []
        after = None
        while True:
            page: Page = await get(query, limit=7, after=after)
            doc_ids += [hit.doc_id for hit in page.hits]
            if page.next is None:
                return doc_ids
            after = page.next
            for _ in range(3):
                later += 1
                added = [Entry(article=article(later, None), page="p")]
                added_at = datetime.now(SEEN.tzinfo) + timedelta(minutes=1)
                await ArticleWriter(database, "c2").write(added, added_at)

    async def scenario(database: Database) -> tuple[list[str], list[str]]:
        before = [article(number, SEEN + timedelta(hours=number // 3)) for number in range(40)]
        await write(database, *before)
        await fill(database)
        page = await getattr(Archive(database), method)(
            ArticleQuery(text="地铁", with_copies=True), limit=99
        )
        return [hit.doc_id for hit in page.hits], await pages(database, 100)

    at_once, in_pages = in_database(scenario)
    assert len(at_once) == 40
    assert [doc_id for doc_id in in_pages if doc_id < numbered(100)] == at_once
    assert len(in_pages) == len(set(in_pages))
    if method == "search":
        assert len(in_pages) == 40


@pytest.mark.parametrize("after", ["", "x", "1.2.3", "1.2.3.$ne", "9" * 40])
def test_a_cursor_that_is_none_is_refused(in_database: InDatabase[Any], after: str) -> None:
    async def scenario(database: Database) -> None:
        with pytest.raises(ValueError, match="is not where a page of a search ends"):
            await Archive(database).search(ArticleQuery(text="地铁"), limit=1, after=after)

    in_database(scenario)


# --- What changes


ASKED = ("渡口", "桥梁", "提到", "提到 -渡口", "提到 -桥梁")


def test_an_edited_article_is_found_by_what_it_says_now(in_database: InDatabase[Any]) -> None:
    others = made_up(SIZE - 1)

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, make_article(EARLY, text="旧文提到渡口。"), *others)
        assert await fill_shelf(database, SIZE)
        edited = make_article(EARLY, text="新文提到桥梁。", published_at=SEEN)
        await write(database, edited, crawl="c2")
        first = [await found(database, word) for word in ASKED]
        await write(database, *(replace(one, doc_id=f"L{one.doc_id[1:]}") for one in others))
        assert await fill_shelf(database, SIZE)
        return first + [await found(database, word) for word in ASKED]

    assert in_database(scenario) == [[], [EARLY], [EARLY], [EARLY], []] * 2


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


def test_a_copy_that_lost_its_text_does_not_contain_what_was_in_it(
    in_database: InDatabase[Any],
) -> None:
    copy = make_article(LATE, text=COPIED, title="转载")

    async def scenario(database: Database) -> list[str]:
        await write(database, copy, *made_up(SIZE - 1))
        assert await fill_shelf(database, SIZE)
        await write(database, make_article(EARLY, text=COPIED), drop_copies=True)
        query = ArticleQuery(text="转载 -客流", with_copies=True)
        return [one.article.doc_id async for one in Archive(database).find(query)]

    assert in_database(scenario) == [LATE]


COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"


@pytest.mark.parametrize("drop", [False, True])
def test_a_copy_is_found_when_copies_are_asked_for(
    in_database: InDatabase[Any], drop: bool
) -> None:
    copy = make_article(LATE, text=COPIED, title="转载")

    async def scenario(database: Database) -> list[int]:
        await write(database, copy, drop_copies=drop)
        await write(database, make_article(EARLY, text=COPIED), drop_copies=drop)
        archive = Archive(database)
        return [
            await archive.count(ArticleQuery(text=text, with_copies=with_copies))
            for text in ("排队乘车", "转载")
            for with_copies in (False, True)
        ]

    assert in_database(scenario) == [1, 1 if drop else 2, 0, 1]


def test_what_is_withdrawn_is_found_as_it_was_before(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[list[str]]:
        await write(database, make_article(EARLY, text="旧文提到渡口。"))
        edited = make_article(EARLY, text="新文提到桥梁。")
        await write(database, edited, make_article(LATE, text="新文也提到桥梁。"), crawl="c2")
        assert await fill_shelf(database, 2)
        before = [await found(database, word) for word in ("渡口", "桥梁")]
        await withdraw(database, "c2", {EARLY: EARLY, LATE: LATE})
        return before + [await found(database, word) for word in ("渡口", "桥梁")]

    assert in_database(scenario) == [[], [LATE, EARLY], [EARLY], []]


def test_a_crawl_writes_search_data_that_is_missing(in_database: InDatabase[Any]) -> None:
    article = make_article()

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, article)
        await database["search"].delete_many({})  # killed before it was written
        missing = await found(database, "二号线")
        await write(database, article)
        return [missing, await found(database, "二号线")]

    assert in_database(scenario) == [[], [EARLY]]


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
