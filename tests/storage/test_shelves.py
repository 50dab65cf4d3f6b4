"""Shelves are filled and taken down whatever happens meanwhile, and nothing is ever missing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from netease_crawler.queries import ArticleQuery
from netease_crawler.storage import shelves as shelves_module
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.forgetting import remove, select
from netease_crawler.storage.forgotten import remember
from netease_crawler.storage.reindexing import reindex
from netease_crawler.storage.shelves import fill_shelf
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import SEEN, make_article
from tests.conftest import InDatabase


def numbered(number: int) -> str:
    return f"K0{number:06d}05149ABC"


async def write(database: Database, numbers: range, text: str = "提到渡口。") -> None:
    entries = [
        Entry(article=make_article(numbered(n), text=f"{text}{n}"), page=str(n)) for n in numbers
    ]
    await ArticleWriter(database, "c1").write(entries, SEEN)


async def found(database: Database, text: str = "渡口") -> int:
    query = ArticleQuery(text=text)
    doc_ids = [stored.article.doc_id async for stored in Archive(database).find(query)]
    assert len(doc_ids) == len(set(doc_ids)) == await Archive(database).count(query)
    return len(doc_ids)


async def state(database: Database) -> dict[str, int]:
    """Return how many there are of what."""
    return {
        "shelves": await database["search_shelves"].count_documents({"ready": True}),
        "incomplete": await database["search_shelves"].count_documents({"ready": False}),
        "pairs": await database["search_pairs"].count_documents({}),
        "tail": await database["search"].count_documents({"shelf": ""}),
    }


def test_a_shelf_is_filled_when_there_are_enough(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[object]:
        await write(database, range(3))
        too_few = await fill_shelf(database, 4)
        await write(database, range(3, 6))
        return [
            too_few,
            await fill_shelf(database, 4),
            await fill_shelf(database, 4),
            (await state(database))["tail"],
            await found(database),
        ]

    assert in_database(scenario) == [False, True, False, 2, 6]


def test_what_a_writer_writes_gets_on_a_shelf(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fill_shelf, "__defaults__", (4,))

    async def scenario(database: Database) -> list[int]:
        for number in range(6):
            await write(database, range(number, number + 1))
        counts = await state(database)
        return [counts["shelves"], counts["tail"], await found(database)]

    assert in_database(scenario) == [1, 2, 6]


class Killed(BaseException):
    pass


@pytest.mark.parametrize("collection", ["search_shelves", "search_pairs", "search"])
def test_killed_while_it_fills_a_shelf(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch, collection: str
) -> None:
    """Killed in front of its first write to *collection*, but the lock's; then done by another."""

    class Dying:
        def __init__(self, database: Database) -> None:
            self._database = database

        def __getitem__(self, name: str) -> Any:
            return (
                DyingCollection(self._database[name])
                if name == collection
                else self._database[name]
            )

    class DyingCollection:
        def __init__(self, real: Any) -> None:
            self._real = real

        def __getattr__(self, name: str) -> Any:
            if name in ("insert_many", "update_many", "update_one"):
                raise Killed
            return getattr(self._real, name)

    async def scenario(database: Database) -> tuple[list[int], dict[str, int]]:
        await write(database, range(6))
        dying: Any = Dying(database)
        with pytest.raises(Killed):
            await fill_shelf(dying, 4)
        counts = [await found(database)]
        # A process that is killed leaves its lock.
        await database["search_shelves"].delete_one({"_id": "lock"})
        assert await fill_shelf(database, 4)
        counts.append(await found(database))
        return counts, await state(database)

    counts, after = in_database(scenario)
    assert counts == [6, 6]
    # killed in front of the last step it leaves a shelf that is complete, and twice there
    assert (after["incomplete"], after["tail"]) == (0, 2)
    assert after["shelves"] == (2 if collection == "search" else 1)


def test_several_workers_fill_one_shelf(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> tuple[int, int, int]:
        await write(database, range(5))
        filled = await asyncio.gather(*(fill_shelf(database, 4) for _ in range(4)))
        return sum(filled), (await state(database))["shelves"], await found(database)

    assert in_database(scenario) == (1, 1, 5)


def test_the_lock_of_a_worker_that_died_runs_out(
    in_database: InDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(database: Database) -> list[bool]:
        await write(database, range(4))
        held = [await shelves_module._lock(database), await fill_shelf(database, 4)]
        await database["search_shelves"].delete_one({"_id": "lock"})
        monkeypatch.setattr(shelves_module, "_LOCKED_SECONDS", -1)
        return [*held, await shelves_module._lock(database), await fill_shelf(database, 4)]

    assert in_database(scenario) == [True, False, True, True]


async def everything_about(database: Database, doc_id: str) -> list[Document]:
    documents: list[Document] = []
    for name in ("search", "search_shelves"):
        documents += [one async for one in database[name].find() if doc_id in str(one)]
    return documents


def test_forgetting_leaves_nothing_on_a_shelf(in_database: InDatabase[Any]) -> None:
    gone = numbered(1)

    async def scenario(database: Database) -> list[object]:
        await write(database, range(1, 2), text="只有它提到鹈鹕。")
        await write(database, range(2, 6))
        assert await fill_shelf(database, 5)
        await remember(database, [gone], SEEN)
        async for _ in remove(database, await select(database, [gone])):
            pass
        left = await everything_about(database, gone)
        pelican = await database["search_pairs"].count_documents({"_id": {"$regex": "^[鹈鹕]"}})
        return [left, pelican, await found(database), await found(database, "鹈鹕")]

    assert in_database(scenario) == [[], 0, 4, 0]


def test_what_is_forgotten_while_a_shelf_is_filled_is_not_on_it(
    in_database: InDatabase[Any],
) -> None:
    async def scenario(database: Database) -> list[object]:
        await write(database, range(4))
        # It was read already, and what is forgotten then is looked for on shelves before
        # this one is there.
        await remember(database, [numbered(1)], SEEN)
        return [await fill_shelf(database, 4), await state(database), await found(database)]

    filled, after, count = in_database(scenario)
    assert (filled, after, count) == (
        False,
        {"shelves": 0, "incomplete": 0, "pairs": 0, "tail": 4},
        4,
    )


def test_reindexing_begins_anew_where_it_was_stopped(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[object]:
        await write(database, range(6))
        assert await fill_shelf(database, 4)
        await database["articles"].update_many({}, {"$set": {"search_version": 0}})
        await database["search"].update_many({}, {"$set": {"folded": {"title": "旧"}}})
        unsearchable = await Archive(database).unsearchable()
        done = [articles async for articles in reindex(database)]
        return [
            unsearchable,
            done,
            await found(database),
            await state(database),
            [articles async for articles in reindex(database)],
        ]

    assert in_database(scenario) == [
        6,
        [6],
        6,
        {"shelves": 0, "incomplete": 0, "pairs": 0, "tail": 6},
        [],
    ]


def test_reindexing_finds_what_is_on_no_shelf(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[int]:
        await write(database, range(3))
        await database["search"].update_one({"_id": numbered(1)}, {"$set": {"shelf": "0" * 24}})
        before = await found(database)
        async for _ in reindex(database):
            pass
        return [before, await found(database)]

    assert in_database(scenario) == [2, 3]
