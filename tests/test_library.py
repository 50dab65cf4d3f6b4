"""The archive as scripts and notebooks see it."""

from __future__ import annotations

import asyncio
import doctest
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import netease_crawler
from netease_crawler import Archive, ArticleQuery, StorageUnavailableError, criteria
from netease_crawler.criteria import Criteria, read_query
from netease_crawler.items import Account
from netease_crawler.storage.account import read_account
from netease_crawler.storage.archive import Archive as AsyncArchive
from netease_crawler.storage.connection import Database, open_client
from netease_crawler.storage.graph import Graph
from netease_crawler.storage.opening import Storage
from netease_crawler.storage.statistics import Statistics
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import InDatabase, Store
from tests.scrapy_process import ROOT, ScrapyProject

_PAGE = ROOT / "docs" / "library.md"
_BEIJING = timezone(timedelta(hours=8))
_MAY = datetime(2024, 4, 30, 16, tzinfo=timezone.utc)
"""The first moment of May in Beijing."""


@pytest.fixture
def archive(mongo_uri: str, database_name: str) -> Iterator[Archive]:
    with Archive(mongo_uri, database_name) as archive:
        yield archive


@pytest.fixture
def demo(mongo_uri: str, tmp_path: Path) -> Iterator[None]:
    """The database of ``scrapy demo``."""
    done = ScrapyProject(tmp_path, {"MONGO_URI": mongo_uri}).run("demo")
    assert done.returncode == 0, done.stderr
    yield

    async def drop() -> None:
        async with open_client(mongo_uri) as client:
            await client.drop_database("netease_demo")

    asyncio.run(drop())


@pytest.mark.usefixtures("demo")
def test_the_examples_of_the_documentation_hold(
    mongo_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONGO_URI", mongo_uri)
    page = _PAGE.read_text(encoding="utf-8").replace("```", "")  # which would be output
    examples = doctest.DocTestParser().get_doctest(page, {}, _PAGE.name, str(_PAGE), 0)
    result = doctest.DocTestRunner().run(examples)
    assert result.attempted >= 20
    assert result.failed == 0


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(criteria) == (0, 1)


def test_every_criterion_has_a_name_to_complete() -> None:
    assert Criteria.__annotations__.keys() | {"text"} == {
        field.name for field in fields(ArticleQuery)
    }


def test_the_package_loads_what_it_offers_when_it_is_asked_for() -> None:
    script = """
import sys
import netease_crawler
assert not {"pymongo", "netease_crawler.library"} & sys.modules.keys()
from netease_crawler import *
assert Archive.__module__ == "netease_crawler.library"
assert "scrapy" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_what_the_package_does_not_offer_is_an_error() -> None:
    assert {"Archive", "ArticleQuery", "StorageUnavailableError"} < {*dir(netease_crawler)}
    with pytest.raises(AttributeError, match="module 'netease_crawler' has no attribute 'Archiv'"):
        _ = netease_crawler.Archiv  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "values", "expected"),
    [
        (None, {}, ArticleQuery()),
        ("地铁", {"source": "江畔观察"}, ArticleQuery(text="地铁", source="江畔观察")),
        (None, {"since": "2024-05-01"}, ArticleQuery(since=_MAY)),
        (None, {"until": "2024-05-01T00:00"}, ArticleQuery(until=_MAY)),
        (
            None,
            {"since": datetime(2024, 5, 1, tzinfo=_BEIJING), "until": None},
            ArticleQuery(since=_MAY),
        ),
        (
            ArticleQuery(text="地铁", source="江畔观察", until=_MAY),
            {"source": None, "with_copies": True},
            ArticleQuery(text="地铁", until=_MAY, with_copies=True),
        ),
    ],
)
def test_a_text_or_a_query_and_criteria_are_a_query(
    given: str | ArticleQuery | None, values: Criteria, expected: ArticleQuery
) -> None:
    assert read_query(given, values) == expected


_A_TIME = "a text like 2024-05-31, or a datetime that has a time zone, not"


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda archive: archive.count(""), "text: is empty"),
        (lambda archive: archive.find(source=" "), "source: is empty"),
        (
            lambda archive: archive.search(since="morgen"),
            "since: a date like 2024-05-31 or a time like 2024-05-31T08:00 (Beijing), not 'morgen'",
        ),
        (
            lambda archive: archive.count(until=datetime(2024, 5, 1)),  # noqa: DTZ001
            f"until: {_A_TIME} datetime.datetime(2024, 5, 1, 0, 0)",
        ),
        (
            lambda archive: archive.count(ArticleQuery(since=datetime(2024, 5, 1))),  # noqa: DTZ001
            f"since: {_A_TIME} datetime.datetime(2024, 5, 1, 0, 0)",
        ),
        (
            lambda archive: archive.count(since=_MAY.date()),
            f"since: {_A_TIME} datetime.date(2024, 4, 30)",
        ),
        (
            lambda archive: archive.count(since="2024-05-02", until="2024-05-01"),
            "since: is not before until",
        ),
        (lambda archive: archive.search(limit=0), "limit: a whole number from 1 up, not 0"),
        (
            lambda archive: archive.search("地铁", after="1"),
            "after: '1' is not where a page of a search ends",
        ),
        (lambda archive: archive.search(after=LATE), f"after: there is no article {LATE}"),
        (
            lambda archive: archive.neighbours(EARLY, "up"),
            "direction: 'out' or 'in', not 'up'",
        ),
        (
            lambda archive: archive.neighbours(EARLY, kind="all"),
            "kind: None or 'related' or 'hot', not 'all'",
        ),
        (
            lambda archive: archive.neighbours(EARLY, depth=1.5),
            "depth: a whole number from 1 up, not 1.5",
        ),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    archive: Archive, ask: Callable[[Any], object], message: str
) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        ask(archive)
    assert str(raised.value) == message


def test_a_search_gives_page_after_page(archive: Archive, store: Store) -> None:
    store(
        make_article(EARLY, title="一号线客流", text="地铁", published_at=SEEN),
        make_article(MIDDLE, title="地铁二号线", text="首日", published_at=_MAY),
        make_article(LATE, title="早高峰", text="地铁里，地铁外", published_at=_MAY),
    )
    first = archive.search("地铁", limit=2)
    assert [hit.doc_id for hit in first.hits] == [MIDDLE, LATE]
    second = archive.search("地铁", limit=2, after=first.next)
    assert [hit.doc_id for hit in second.hits] == [EARLY]
    assert second.next is None
    assert archive.search("地铁", limit=2, after=first.hits[0].cursor).hits == [
        first.hits[1],
        second.hits[0],
    ]


def test_without_words_or_if_asked_the_newest_come_first(archive: Archive, store: Store) -> None:
    store(
        make_article(EARLY, published_at=SEEN),
        make_article(MIDDLE, published_at=_MAY),
        make_article(LATE, title="地铁地铁", published_at=None),
    )
    for page in (archive.search(limit=2), archive.search("地铁", newest=True, limit=2)):
        assert ([hit.doc_id for hit in page.hits], page.next) == ([EARLY, MIDDLE], MIDDLE)
    assert [hit.doc_id for hit in archive.search(after=MIDDLE).hits] == [LATE]


def test_what_is_read_is_what_the_archive_has(
    archive: Archive, store: Store, in_database: InDatabase[Any]
) -> None:
    store(make_full_article(EARLY), make_article(LATE, source="山城晚报"))

    def without_bytes(statistics: Statistics) -> Statistics:
        return replace(statistics, bytes=0)  # of which MongoDB writes some while it is asked

    async def scenario(database: Database) -> list[object]:
        reader = AsyncArchive(database)
        graph = Graph(database)
        return [
            await reader.article(EARLY),
            without_bytes(await reader.stats()),
            await read_account(database, "江畔观察"),
            await graph.neighbours(EARLY, "out", kind=None, depth=1, limit=100),
            await graph.neighbours("VABCDEFGH", "in", kind="hot", depth=2, limit=1),
            [stored async for stored in reader.find(ArticleQuery(source="山城晚报"))],
        ]

    assert in_database(scenario) == [
        archive.article(EARLY),
        without_bytes(archive.stats()),
        archive.account("江畔观察"),
        archive.neighbours(EARLY),
        archive.neighbours("VABCDEFGH", "in", kind="hot", depth=2, limit=1),
        [*archive.find(source="山城晚报")],
    ]
    assert len(archive.neighbours(EARLY)) == 2
    assert archive.account("江畔观察") == archive.account("T1512041896301") is not None


def test_what_the_archive_does_not_have_is_none(archive: Archive) -> None:
    asked = (archive.article(EARLY), archive.account("江畔观察"), archive.neighbours(EARLY))
    assert asked == (None, None, [])
    assert archive.count() == 0


def test_a_name_of_several_accounts_is_one_line(archive: Archive, store: Store) -> None:
    ids = ("T1512041896301", "T1512041896302")
    first, second = (Account(media_id=media_id, name="江畔观察") for media_id in ids)
    store(make_article(EARLY, account=first), make_article(LATE, account=second))
    with pytest.raises(ValueError, match="江畔") as raised:
        archive.account("江畔观察")
    assert str(raised.value) == (
        "several accounts are named '江畔观察': T1512041896301, T1512041896302"
    )


def test_everything_is_given_newest_first_and_the_cursor_is_closed(
    archive: Archive, store: Store, in_database: InDatabase[Any]
) -> None:
    doc_ids = [f"K0{number:06d}05149ABC" for number in range(250)]
    store(*(make_article(doc_id) for doc_id in doc_ids))

    async def cursors(database: Database) -> int:
        status = await database.client.admin.command("serverStatus")
        return int(status["metrics"]["cursor"]["open"]["total"])

    before = in_database(cursors)
    assert [stored.article.doc_id for stored in archive.find()] == doc_ids[::-1]
    articles = archive.find()
    assert next(articles).article.doc_id == doc_ids[-1]
    assert in_database(cursors) == before + 1
    del articles
    deadline = time.monotonic() + 30
    while in_database(cursors) != before and time.monotonic() < deadline:
        pass
    assert in_database(cursors) == before


def test_articles_without_search_data_are_told_of_once(
    archive: Archive,
    store: Store,
    in_database: InDatabase[Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    store(make_article(EARLY))

    async def outdate(database: Database) -> None:
        await database["articles"].update_one({"_id": EARLY}, {"$unset": {"search_version": ""}})

    in_database(outdate)
    assert archive.count() == 1
    assert caplog.messages == []
    archive.count("地铁")
    archive.search(title="地铁")
    assert caplog.messages == [
        "Not searched: 1 articles without search data; `scrapy reindex` makes it"
    ]


def test_the_environment_names_the_archive(
    mongo_uri: str, database_name: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(make_article(EARLY))
    monkeypatch.setenv("MONGO_URI", mongo_uri)
    monkeypatch.setenv("MONGO_DATABASE", database_name)
    with Archive() as archive:
        assert archive.count() == 1


def test_an_archive_that_cannot_be_opened_is_one_line() -> None:
    with Archive("mongo://db") as archive, pytest.raises(StorageUnavailableError) as raised:
        archive.stats()
    assert str(raised.value) == (
        "MONGO_URI cannot be used: Invalid URI scheme: URI must begin with 'mongodb://' or"
        " 'mongodb+srv://'"
    )


def test_an_archive_that_nobody_refers_to_is_closed_without_waiting(
    mongo_uri: str, database_name: str
) -> None:
    running, go_on = threading.Event(), threading.Event()

    async def run(_: Storage) -> None:
        running.set()
        go_on.wait()

    archive = Archive(mongo_uri, database_name)
    storage = archive._storage
    caller = threading.Thread(target=storage.call, args=[run])
    caller.start()
    assert running.wait(30)
    del archive
    with pytest.raises(StorageUnavailableError, match="this Archive is closed"):
        storage.call(run)
    go_on.set()
    caller.join()


def test_a_script_that_ends_in_a_loop_leaves_no_cursor_on_the_server(
    mongo_uri: str, database_name: str, store: Store, in_database: InDatabase[Any]
) -> None:
    store(*(make_article(f"K0{number:06d}05149ABC") for number in range(300)))
    script = (
        "import sys; from netease_crawler import Archive\n"
        "archive = Archive(*sys.argv[1:]); articles = archive.find(); next(articles)"
    )
    subprocess.run(
        [sys.executable, "-c", script, mongo_uri, database_name], cwd=ROOT, check=True, timeout=60
    )

    async def cursors(database: Database) -> list[object]:
        its = {"type": "idleCursor", "ns": f"{database_name}.articles"}
        found = await database.client.admin.aggregate(
            [{"$currentOp": {"idleCursors": True}}, {"$match": its}]
        )
        return [cursor async for cursor in found]

    assert in_database(cursors) == []


@pytest.mark.parametrize(
    "script",
    [
        "archive = Archive(uri, database)",
        "archive = Archive(uri, database); archive.count()",
        "Archive(uri, database).count()",
        "articles = Archive(uri, database).find(); next(articles)",
        "for _ in Archive(uri, database).find(): break",
        # garbage that refers to itself
        """
class Node: pass
node = Node()
node.itself = node
node.archive = Archive(uri, database)
node.articles = node.archive.find()
next(node.articles)
del node
gc.collect()
""",
        # a thread waits for an answer
        """
def ask():
    try:
        while archive.count():
            pass
    except StorageUnavailableError:
        pass
archive = Archive(uri, database)
archive.count()
threading.Thread(target=ask, daemon=True).start()
""",
    ],
)
def test_a_script_ends_quietly_without_closing(
    script: str, mongo_uri: str, database_name: str, store: Store
) -> None:
    store(make_article(EARLY), make_article(LATE))
    begin = (
        "import gc, sys, threading\n"
        "from netease_crawler import Archive, StorageUnavailableError\n"
        "uri, database = sys.argv[1:]\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", begin + script, mongo_uri, database_name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
