"""Facets are what counting all articles gives; of many, what counting every n-th of them gives."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from netease_crawler.grams import fold
from netease_crawler.items import Account, Article, Block
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage import candidates as candidates_module
from netease_crawler.storage import facets as facets_module
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database
from netease_crawler.storage.facets import Facets, FacetValue
from netease_crawler.storage.shelves import fill_shelf
from netease_crawler.storage.timelines import TimelineBar
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import SEEN, make_article
from tests.conftest import InDatabase

SIZE = 8
"""Texts on a shelf here."""
BEIJING = timezone(timedelta(hours=8))
BEGIN = datetime(2024, 12, 30, 16, tzinfo=timezone.utc)  # the last day of 2024 in Beijing
COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"


async def write(database: Database, articles: Sequence[Article], crawl: str = "c1") -> None:
    entries = [Entry(article=article, page=article.doc_id) for article in articles]
    await ArticleWriter(database, crawl).write(entries, SEEN)


async def fill(database: Database) -> None:
    while await fill_shelf(database, SIZE):
        pass


def numbered(number: int) -> str:
    return f"K0{number:06d}05149ABC"


def made_up(count: int) -> list[Article]:
    draw = random.Random(3)
    words = ("地铁", "客流", "经济", "新能源", "市民", "公交")
    return [
        make_article(
            numbered(number),
            title="".join(draw.choices(words, k=2)),
            published_at=(
                None
                if number % 11 == 0
                else BEGIN + timedelta(hours=draw.choice((0, 24, draw.randrange(1500))))
            ),
            source=draw.choice(("江畔观察", "山城晚报", "海湾日报", None)),
            account=Account(name=f"第{draw.randrange(14)}观察") if number % 5 else None,
            location=draw.choice(("江苏", "重庆", None)),
            category=draw.choice(("社会/民生", "社会", "财经/市场", None)),
            keywords=tuple(draw.sample(words, 2)),
            blocks=(
                Block(
                    kind="paragraph",
                    text=COPIED
                    if number % 13 == 7
                    else f"第{number}期，{'，'.join(draw.choices(words, k=3))}。",
                ),
                *((Block(kind="video", url="http://flv.bn.netease.com/a.mp4"),) * (number % 3)),
            ),
        )
        for number in range(count)
    ]


# --- The plain truth


def truth(
    articles: Iterable[Article],
    matches: Callable[[Article], bool],
    *,
    with_copies: bool = False,
    step: int = 1,
    looked_at: int,
    originals: frozenset[str] = frozenset(),
) -> Facets:
    """Return what counting says; *originals* are of the texts that several have."""
    matching = [article for article in articles if matches(article)]
    counted = [
        article
        for article in matching
        if with_copies or COPIED not in article.text or article.doc_id in originals
    ]

    def top(values: Iterable[str | None]) -> list[FacetValue]:
        counts = sorted((-n, value) for value, n in Counter(values).items() if value is not None)
        return [FacetValue(value=value, count=-n * step) for n, value in counts[:10]]

    times = [article.published_at for article in counted if article.published_at is not None]
    return Facets(
        total=len(counted) * step,
        is_estimate=step > 1,
        looked_at=looked_at,
        values={
            "source": top(one.source for one in counted),
            "account": top(one.account.name if one.account else None for one in counted),
            "location": top(one.location for one in counted),
            "category": top(
                one.category.split("/")[0] if one.category else None for one in counted
            ),
        },
        has_video=step * sum(any(b.kind == "video" for b in one.blocks) for one in counted),
        copies=None if with_copies else step * (len(matching) - len(counted)),
        timeline=daily_or_weekly(times, step),
        undated=step * (len(counted) - len(times)),
    )


def daily_or_weekly(times: Sequence[datetime], step: int) -> list[TimelineBar]:
    if not times:
        return []
    first, last = (one.astimezone(BEIJING) for one in (min(times), max(times)))
    begin = first.replace(hour=0, minute=0, second=0, microsecond=0)
    length = timedelta(days=1)
    if last >= begin + 60 * length:
        begin -= timedelta(days=begin.weekday())
        length = timedelta(days=7)
    bars = []
    while begin <= last:
        count = sum(begin <= one < begin + length for one in times)
        bars.append(TimelineBar(begin=begin, end=begin + length, count=count * step))
        begin += length
    return bars


def contains(*words: str) -> Callable[[Article], bool]:
    return lambda one: all(word in fold(f"{one.title}\n{one.text}") for word in words)


MIDDLE = BEGIN + timedelta(hours=24)  # the first moment of 2025 in Beijing
CRITERIA: list[tuple[dict[str, Any], Callable[[Article], bool]]] = [
    ({}, lambda _: True),
    ({"text": "地铁"}, contains("地铁")),
    ({"text": "地鐵 经济"}, contains("地铁", "经济")),
    ({"text": '"地铁，经济"'}, contains("地铁,经济")),
    ({"text": "排队乘车"}, contains("排队乘车")),
    ({"text": "-地铁"}, lambda one: not contains("地铁")(one)),
    ({"text": "没有的词"}, lambda _: False),
    ({"title": "客流"}, lambda one: "客流" in one.title),
    ({"account": "第3观察"}, lambda one: one.account is not None and one.account.name == "第3观察"),
    ({"source": "江畔观察"}, lambda one: one.source == "江畔观察"),
    (
        {"source": "江畔观察", "text": "经济", "location": "江苏"},
        lambda one: one.source == "江畔观察" and one.location == "江苏" and contains("经济")(one),
    ),
    ({"location": "重庆"}, lambda one: one.location == "重庆"),
    ({"keyword": "公交"}, lambda one: "公交" in one.keywords),
    ({"category": "社会"}, lambda one: (one.category or "").startswith("社会")),
    ({"category": "社会/民生"}, lambda one: one.category == "社会/民生"),
    ({"has_video": True}, lambda one: len(one.blocks) > 1),
    ({"since": MIDDLE}, lambda one: one.published_at is not None and one.published_at >= MIDDLE),
    ({"until": MIDDLE}, lambda one: one.published_at is not None and one.published_at < MIDDLE),
    (
        {"since": MIDDLE, "until": MIDDLE + timedelta(days=20), "text": "客流 OR 公交"},
        lambda one: (
            one.published_at is not None
            and MIDDLE <= one.published_at < MIDDLE + timedelta(days=20)
            and (contains("客流")(one) or contains("公交")(one))
        ),
    ),
]


@pytest.mark.parametrize("with_copies", [False, True])
def test_facets_of_few_articles_are_what_counting_gives(
    in_database: InDatabase[Any], with_copies: bool
) -> None:
    articles = made_up(90)
    edited = [
        replace(one, title="经济地铁", location="重庆", published_at=MIDDLE)
        for one in articles[:40:9]
    ]

    async def scenario(database: Database) -> list[Facets]:
        await write(database, articles[:70])
        await fill(database)
        await write(database, articles[70:])
        await write(database, edited, "c2")  # in the tail, with stale places on shelves
        assert await database["search_shelves"].count_documents({"ready": True}) == 8
        archive = Archive(database)
        return [
            await archive.facets(ArticleQuery(with_copies=with_copies, **criteria))
            for criteria, _ in CRITERIA
        ]

    found = in_database(scenario)
    now = {one.doc_id: one for one in (*articles, *edited)}.values()
    assert found == [
        truth(
            now,
            matches,
            with_copies=with_copies,
            looked_at=facets.looked_at,
            originals=frozenset({numbered(7)}),
        )
        for (_, matches), facets in zip(CRITERIA, found, strict=True)
    ]
    assert len({facets.total for facets in found}) > len(found) // 2
    assert all(facets.looked_at >= facets.total + (facets.copies or 0) for facets in found)


def test_an_empty_archive_has_no_facets(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[Facets]:
        archive = Archive(database)
        return [await archive.facets(ArticleQuery(text=text)) for text in (None, "地铁")]

    empty = Facets(
        total=0,
        is_estimate=False,
        looked_at=0,
        values={"source": [], "account": [], "location": [], "category": []},
        has_video=0,
        copies=0,
        timeline=[],
        undated=0,
    )
    assert in_database(scenario) == [empty, empty]


# --- Samples


def sample_of(monkeypatch: pytest.MonkeyPatch, size: int, few: int) -> None:
    monkeypatch.setattr(facets_module, "_SAMPLE", size)
    monkeypatch.setattr(candidates_module, "FEW", few)


def newest_first(articles: Sequence[Article]) -> list[Article]:
    oldest = datetime.min.replace(tzinfo=timezone.utc)
    return sorted(articles, key=lambda one: (one.published_at or oldest, one.doc_id), reverse=True)


def on_shelves(articles: Sequence[Article]) -> list[Article]:
    shelves = (articles[begin : begin + SIZE] for begin in range(0, len(articles), SIZE))
    return [article for shelf in shelves for article in newest_first(shelf)]


def test_facets_of_many_articles_are_those_of_every_third(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample_of(monkeypatch, size=100, few=100)
    articles = made_up(300)

    async def scenario(database: Database) -> list[Facets]:
        for begin in range(0, 300, 50):
            await write(database, articles[begin : begin + 50])
        await fill(database)
        return [
            await Archive(database).facets(ArticleQuery(with_copies=True, **criteria))
            for criteria in ({}, {"location": "江苏"}, {"has_video": True})
        ]

    # the tail first
    drawn = [*newest_first(articles[296:]), *on_shelves(articles[:296])][1::3]
    kinds: list[Callable[[Article], bool]] = [
        lambda _: True,
        lambda one: one.location == "江苏",
        lambda one: len(one.blocks) > 1,
    ]
    found = in_database(scenario)
    for facets, matches in zip(found, kinds, strict=True):
        share = sum(map(matches, articles)) / 300
        deviation = (share * (1 - share) / 100) ** 0.5  # of a share in 100 drawn at random
        assert abs(facets.total / 300 - share) <= 2 * deviation
        assert facets.total == sum(bar.count for bar in facets.timeline) + facets.undated
    assert found[0] == truth(drawn, kinds[0], with_copies=True, step=3, looked_at=100)


def test_what_was_edited_is_not_drawn_twice_as_often(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample_of(monkeypatch, size=20, few=10)
    articles = made_up(40)
    edited = [  # in another order
        replace(one, title="改过的标题", published_at=SEEN - timedelta(hours=number * 7 % 40))
        for number, one in enumerate(articles)
    ]

    async def scenario(database: Database) -> tuple[int, int]:
        await write(database, articles)
        await fill(database)
        await write(database, edited, "c2")
        await fill(database)
        facets = await Archive(database).facets(ArticleQuery(with_copies=True))
        return facets.looked_at, facets.total

    assert in_database(scenario) == (20, 40)


def test_a_source_with_many_articles_is_sampled_by_itself(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample_of(monkeypatch, size=10, few=12)
    articles = made_up(60)
    assert sum(one.source == "江畔观察" for one in articles) == 14

    async def scenario(database: Database) -> tuple[int, int, dict[str, Sequence[FacetValue]]]:
        await write(database, articles)
        await fill(database)
        query = ArticleQuery(source="江畔观察", with_copies=True)
        facets = await Archive(database).facets(query)
        return facets.looked_at, facets.total, {"source": facets.values["source"]}

    assert in_database(scenario) == (
        7,
        14,
        {"source": [FacetValue(value="江畔观察", count=14)]},
    )


def test_a_source_with_very_many_articles_is_sampled_among_all(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample_of(monkeypatch, size=28, few=10)
    monkeypatch.setattr(candidates_module, "_MANY", 10)
    articles = made_up(56)  # all on shelves

    async def scenario(database: Database) -> tuple[int, int]:
        await write(database, articles)
        await fill(database)
        query = ArticleQuery(source="江畔观察", with_copies=True)
        facets = await Archive(database).facets(query)
        return facets.looked_at, facets.total

    drawn = on_shelves(articles)[1::2]
    expected = 2 * sum(one.source == "江畔观察" for one in drawn)
    assert in_database(scenario) == (28, expected)


def test_the_smaller_of_two_choices_is_looked_at(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample_of(monkeypatch, size=4, few=6)
    words = ["渡口" if number < 8 else "桥梁" for number in range(40)]
    articles = [
        make_article(
            numbered(number),
            title=word,
            source="江畔观察" if number < 4 or number > 30 else "山城晚报",
        )
        for number, word in enumerate(words)
    ]

    async def scenario(database: Database) -> list[tuple[int, int]]:
        await write(database, articles)
        await fill(database)
        found = []
        for text in ("渡口", "桥梁"):
            query = ArticleQuery(text=text, source="江畔观察", with_copies=True)
            facets = await Archive(database).facets(query)
            found.append((facets.looked_at, facets.total))
        return found

    # every second of eight 渡口; every fourth of the thirteen of the source
    assert in_database(scenario) == [(4, 4), (3, 8)]


def test_everything_that_facets_ask_has_a_time_limit(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[tuple[str, int | None]]:
        await write(database, made_up(20))
        await fill(database)
        await database.command("profile", 2)
        for criteria in ({"text": "地铁"}, {"source": "江畔观察"}):
            await Archive(database).facets(ArticleQuery(**criteria))
        await database.command("profile", 0)
        profiled = database["system.profile"].find({"op": {"$in": ["query", "command"]}})
        return [
            (entry["ns"].split(".", 1)[1], entry["command"].get("maxTimeMS"))
            async for entry in profiled
            if "profile" not in entry["command"]
        ]

    asked = in_database(scenario)
    assert {name for name, _ in asked} == {"articles", "search", "search_pairs", "search_shelves"}
    assert {limit for _, limit in asked} == {20_000}
