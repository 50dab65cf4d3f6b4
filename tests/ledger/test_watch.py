"""Suspects: held back, judged at the end of the crawl, released or left in the quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from netease_crawler.items import Article, Block, Recommendation
from netease_crawler.ledger.batches import BatchWriter
from netease_crawler.ledger.coverages import archive_coverages, coverages_of
from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.ending import Ending, OpenPage
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import Bucket, Page
from netease_crawler.ledger.reports import Reports
from netease_crawler.ledger.suspects import Suspects
from netease_crawler.ledger.watch import Watch
from netease_crawler.storage.connection import Database
from netease_crawler.storage.quarantine import kept_answer, kept_ids
from tests.articles import make_full_article

SOURCE = ("post2020_dy", "source")
EDITOR = ("post2020_dy", "editor")


def doc_id(number: int) -> str:
    return f"K0A1{number:04}05149ABC"


def page(number: int) -> Page:
    return Page(key=doc_id(number), url=f"https://www.163.com/dy/article/{doc_id(number)}.html")


def article(number: int, **values: Any) -> Article:
    """Return an article that shows what every known page of its layout shows."""
    full = make_full_article(doc_id(number))
    hot = Recommendation(
        kind="hot",
        position=1,
        url=full.url,
        title="航拍二号线",
        source="江畔观察",
        published_at=full.published_at,
    )
    return replace(
        full,
        blocks=(*full.blocks, Block(kind="paragraph", text=f"{full.doc_id} 号报道")),
        recommendations=(full.recommendations[0], hot),
        **values,
    )


class Worker:
    """A worker of the crawl ``c`` that was handed its pages."""

    def __init__(
        self, database: Database, name: str = "other:1:a", *, kept_only: bool = False
    ) -> None:
        self.frontier = Frontier(database, "c", kept_only=kept_only)
        self.suspects = Suspects(database, "c")
        self.watch = Watch(database, "c", lambda: datetime.now(timezone.utc))
        self._crawls = Crawls(database)
        self._batches = BatchWriter(database, "c", drop_copies=False)
        self._name = name

    async def begin(self) -> None:
        await self._crawls.join("c", "article", {"urls": "A"}, self._name)
        await self._crawls.end_seeding("c")
        await self.watch.begin()

    async def read(self, articles: Sequence[Article], at_once: int = 1) -> list[str]:
        """Read *articles* off the pages of their ids, in batches; return where they ended."""
        await self.frontier.discover([Page(key=one.doc_id, url=f"{one.url}") for one in articles])
        leased = {page.key: page for page in await self.frontier.lease(self._name, 1000)}
        ends: list[str] = []
        for start in range(0, len(articles), at_once):
            batch = [
                Ending(OpenPage(leased[one.doc_id], body=one.doc_id.encode()), article=one)
                for one in articles[start : start + at_once]
            ]
            await self.watch.act(self.watch.look(batch))
            ends += [bucket.value for bucket in await self._batches.write(batch)]
        return ends

    async def leave(self) -> str | None:
        return await self._crawls.leave("c", self._name)


async def crawl_until(database: Database, lacking: int, before: int = 20) -> Worker:
    """Read *before* articles that show everything, then *lacking* without a source."""
    worker = Worker(database)
    await worker.begin()
    await worker.read([article(number) for number in range(before)])
    await worker.read([article(number, source=None) for number in range(before, before + lacking)])
    return worker


def test_suspect_is_not_stored_but_kept_with_its_reason(in_database):
    async def scenario(database: Database) -> Any:
        await crawl_until(database, lacking=1)
        kept = await database["quarantine"].find_one({})
        stored = await database["articles"].count_documents({})
        answer = await kept_answer(database, kept["_id"])
        return stored, kept["_id"], kept["reason"], answer.body

    assert in_database(scenario) == (
        20,
        f"c/{doc_id(20)}",
        "Suspect: post2020_dy without source",
        doc_id(20).encode(),
    )


def test_suspect_that_later_pages_contradict_is_released_and_passes(in_database):
    async def scenario(database: Database) -> Any:
        worker = await crawl_until(database, lacking=1)
        await worker.read([article(number) for number in range(21, 40)])
        released = await worker.watch.judge()
        again = await worker.read([article(20, source=None)])
        judged_again = await worker.watch.judge()
        found = await Reports(database).report("c")
        return released, again, judged_again, found.alerts, await worker.leave()

    assert in_database(scenario) == (1, ["stored"], 0, (), "finished")


def test_suspects_at_the_very_end_are_an_alert(in_database):
    async def scenario(database: Database) -> Any:
        worker = await crawl_until(database, lacking=2)
        released = await worker.watch.judge()
        (alert,) = (await Reports(database).report("c")).alerts
        return released, alert.name, alert.seen, alert.asked, alert.pages, await worker.leave()

    assert in_database(scenario) == (
        0,
        SOURCE,
        0.0,
        2,
        (page(20).url, page(21).url),
        "drift",
    )


def test_more_suspects_than_chance_has_it_are_an_alert_though_later_pages_show_it(in_database):
    async def scenario(database: Database) -> Any:
        worker = await crawl_until(database, lacking=3)
        await worker.read([article(number) for number in range(23, 30)])
        released = await worker.watch.judge()
        (alert,) = (await Reports(database).report("c")).alerts
        return released, alert.name, alert.seen, alert.asked

    assert in_database(scenario) == (0, SOURCE, 0.9, 30)


def test_alert_is_raised_once_by_however_many_workers(in_database):
    async def scenario(database: Database) -> Any:
        await crawl_until(database, lacking=4)
        for _ in range(2):
            other = Worker(database, "other:2:b")
            await other.begin()
            await other.watch.judge()
        return [alert.name for alert in (await Reports(database).report("c")).alerts]

    assert in_database(scenario) == [SOURCE]


def test_what_is_read_again_leaves_the_quarantine_and_resolves_the_alert(in_database):
    async def scenario(database: Database) -> Any:
        await crawl_until(database, lacking=8)
        mended = Worker(database, "other:2:b", kept_only=True)
        await mended.begin()
        put_back = await mended.suspects.put_back(accept=False)
        ends = await mended.read([article(number) for number in range(20, 28)])
        judged = await mended.watch.judge()
        (alert,) = (await Reports(database).report("c")).alerts
        kept = await kept_ids(database, "c")
        return put_back, set(ends), judged, alert.resolved_at is not None, kept

    assert in_database(scenario) == (8, {"stored"}, 0, True, [])


def test_what_still_lacks_the_field_stays_with_its_alert(in_database):
    async def scenario(database: Database) -> Any:
        worker = await crawl_until(database, lacking=8)
        await worker.suspects.put_back(accept=False)
        ends = await worker.read([article(number, source=None) for number in range(20, 28)])
        judged = await worker.watch.judge()
        (alert,) = (await Reports(database).report("c")).alerts
        return set(ends), judged, alert.resolved_at, len(await kept_ids(database, "c"))

    assert in_database(scenario) == ({"rejected"}, 0, None, 8)


def test_odd_page_among_the_repaired_ones_is_released(in_database):
    async def scenario(database: Database) -> Any:
        worker = await crawl_until(database, lacking=8)
        await worker.suspects.put_back(accept=False)
        mended = [
            article(number, source="江畔观察" if number > 20 else None) for number in range(20, 28)
        ]
        ends = await worker.read(mended)
        released = await worker.watch.judge()
        ends += await worker.read([article(20, source=None)])
        await worker.watch.judge()
        (alert,) = (await Reports(database).report("c")).alerts
        return ends, released, alert.resolved_at is not None, await worker.leave()

    assert in_database(scenario) == (
        ["rejected", *["stored"] * 7, "stored"],
        1,
        True,
        "finished",
    )


def test_accepted_suspects_are_stored_as_they_are(in_database):
    async def scenario(database: Database) -> Any:
        worker = await crawl_until(database, lacking=8)
        await worker.suspects.put_back(accept=True)
        ends = await worker.read([article(number, source=None) for number in range(20, 28)])
        await worker.watch.judge()
        without = await database["articles"].count_documents({"source": {"$exists": False}})
        return set(ends), without, await worker.leave()

    assert in_database(scenario) == ({"stored"}, 8, "finished")


@pytest.mark.parametrize("at_once", [1, 7, 64])
def test_articles_stored_before_an_optional_field_was_missed_are_taken_back(in_database, at_once):
    def written(number: int) -> Article:
        return article(number, editor="林一_NN1001" if number < 120 and number % 2 else None)

    async def scenario(database: Database) -> Any:
        worker = Worker(database)
        await worker.begin()
        await worker.read([written(number) for number in range(160)], at_once)
        report = await Reports(database).report("c")
        wrong = await database["articles"].count_documents({"_id": {"$gte": doc_id(120)}})
        asked, shown = report.coverage["post2020_dy"]["editor"]
        stored = await database["articles"].count_documents({})
        return [alert.name for alert in report.alerts], wrong, asked == stored, shown

    assert in_database(scenario) == ([EDITOR], 0, True, 60)


def test_article_that_was_updated_is_taken_back_to_what_it_was(in_database):
    async def scenario(database: Database) -> Any:
        worker = Worker(database)
        await worker.begin()
        await worker.read([article(number) for number in range(30)])
        before = await database["articles"].find_one({"_id": doc_id(7)})
        await Crawls(database).join("c2", "article", {}, "other:1:a")
        later = BatchWriter(database, "c2", drop_copies=False)
        frontier = Frontier(database, "c2")
        await frontier.discover([page(7)])
        without = Ending(OpenPage(page(7)), article=article(7, editor=None))
        buckets = await later.write([without])
        changed = await database["articles"].find_one({"_id": doc_id(7)})
        await Suspects(database, "c2").recall(EDITOR)
        after = await database["articles"].find_one({"_id": doc_id(7)})
        revisions = await database["revisions"].count_documents({})
        return buckets, "editor" in changed, after == before, revisions, await frontier.counts()

    assert in_database(scenario) == ([Bucket.UPDATED], False, True, 0, {"pending": 1})


def test_coverage_is_counted_and_added_up_over_earlier_crawls(in_database):
    async def scenario(database: Database) -> Any:
        await crawl_until(database, lacking=0, before=3)
        crawl = await database["crawls"].find_one({"_id": "c"})
        own, others = coverages_of(crawl)[SOURCE], await archive_coverages(database, "c")
        archive = (await archive_coverages(database, "d"))["post2020_dy", "account.name"]
        return (own.asked, own.shown), others, (archive.asked, archive.shown)

    assert in_database(scenario) == ((3, 3), {}, (3, 3))


def test_suspects_count_towards_a_limit(in_database):
    async def scenario(database: Database) -> int:
        worker = await crawl_until(database, lacking=2)
        return await worker.frontier.room(30)

    assert in_database(scenario) == 8


def test_page_that_was_read_is_swept_out_of_the_quarantine(in_database):
    async def scenario(database: Database) -> Any:
        worker = await crawl_until(database, lacking=2)
        await database["frontier"].update_one(
            {"key": doc_id(20)}, {"$set": {"state": Bucket.STORED.value}}
        )  # and then a crash
        await worker.suspects.sweep()
        return await kept_ids(database, "c")

    assert in_database(scenario) == [f"c/{doc_id(21)}"]
