"""People are told of what went wrong in a crawl: of each incident once, of nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from netease_crawler.demo.misbehaviour import Misbehaviour
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import open_client
from netease_crawler.storage.server import ensure_server
from tests.alerting.listener import Listener, Mailbox, running
from tests.crawl.conftest import Crawling
from tests.crawl.test_crashes import mongod_pid, wait_for_fetches
from tests.crawl.test_hostile_site import articles_of, these
from tests.crawl.truth import fetches, report
from tests.scrapy_process import ScrapyProject

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pages"
ARTICLES = 150
RENAMED_AFTER = 60
SECRET = "Tok3nSecret"  # noqa: S105 - of no server
BAN = Misbehaviour(status=403)


class Watched(Protocol):
    """Starts a demo site, and the project set up to crawl it and to tell the listener."""

    def __call__(
        self, *rules: Misbehaviour, articles: int = ARTICLES, seed: int = 7, **others: Any
    ) -> Crawling: ...


@pytest.fixture
def listener() -> Iterator[Listener]:
    with running(Listener()) as listening:
        yield listening


@pytest.fixture
def watched(
    mongo_uri: str, database_name: str, tmp_path: Path, listener: Listener
) -> Iterator[Watched]:
    with ExitStack() as stack:

        def start(
            *rules: Misbehaviour, articles: int = ARTICLES, seed: int = 7, **others: Any
        ) -> Crawling:
            renamed = others.pop("renamed", None)
            log = tmp_path / "access.log"
            site = DemoSite(articles, seed, log, renamed, RENAMED_AFTER, rules)
            settings = {
                "CRAWL_RATE": 0,
                "SITE_MIRRORS": stack.enter_context(site).mirrors,
                "MONGO_URI": mongo_uri,
                "MONGO_DATABASE": database_name,
                "ALERT_WEBHOOKS": listener.address(),
                "BREAKER_PAUSE": 0.02,
                "RETRY_BACKOFF": 0.05,
                **others,
            }
            return Crawling(Site(articles, seed), ScrapyProject(tmp_path, settings), log)

        yield start


def all_of(crawling: Crawling, crawl: str = "c") -> tuple[str, ...]:
    seeds = ("-a", f"urls={crawling.seed}", "-a", "depth=20")
    return ("crawl", "article", *seeds, "-a", f"crawl={crawl}")


def told(listener: Listener) -> list[tuple[str, str]]:
    return [(received.body["kind"], received.body["reason"]) for received in listener.received]


def test_drift_is_told_in_mid_crawl_and_once(watched, listener):
    crawling = watched(renamed=("post_info", "post_meta"))
    asked: list[int] = []
    listener.on_post = lambda: asked.append(fetches(crawling.access_log).by_path.total())
    assert crawling.project.run(*all_of(crawling)).returncode == 1
    [(kind, reason)] = told(listener)
    assert kind == "drift"
    assert reason.startswith("post2020_dy shows source on 0% of ")
    assert RENAMED_AFTER < asked[0] < ARTICLES
    body = listener.received[0].body
    assert [example["reason"] for example in body["examples"]] == ["without source"] * 3
    assert body["resume"] == "scrapy crawl article -a crawl=c"
    assert crawling.project.run("crawl", "article", "-a", "crawl=c").returncode == 1
    assert len(listener.received) == 1


def test_host_that_refuses_is_told_when_it_begins_and_when_the_crawl_gives_up(watched, listener):
    crawling = watched(Misbehaviour(status=403, after=30))
    seeds = [crawling.site.doc_id(index) for index in range(ARTICLES)]
    assert crawling.project.run(*these(seeds)).returncode == 1
    refused, gave_up = told(listener)
    assert (refused[0], gave_up) == (
        "refused",
        ("gave_up", "www.163.com still refuses after 5 pauses; the crawl stops"),
    )
    assert refused[1].startswith("www.163.com refuses: 10 of ")
    for received in listener.received:
        examples = received.body["examples"]
        assert [example["reason"] for example in examples] == ["HTTP 403"] * 3
        assert all(example["url"].startswith("https://www.163.com/") for example in examples)

    assert crawling.project.run("crawl", "article", "-a", "crawl=c").returncode == 1
    assert len(listener.received) == 2  # it refuses still


def test_host_that_refuses_again_after_it_answered_is_another_incident(watched, listener):
    crawling = watched(
        Misbehaviour(status=403, after=20, times=13), Misbehaviour(status=403, after=70, times=13)
    )
    seeds = [crawling.site.doc_id(index) for index in range(ARTICLES)]
    crawling.project.run(*these(seeds))
    assert [kind for kind, _ in told(listener)] == ["refused", "refused"]


def test_empty_crawl_of_two_workers_is_told_once_and_not_again(watched, listener):
    crawling = watched(BAN)
    doc_ids = articles_of(crawling.site, 6)
    workers = [crawling.project.start(*these(doc_ids)) for _ in range(2)]
    assert 1 in [worker.wait(timeout=120) for worker in workers]
    expected = (
        "ended",
        "empty: nothing to store was found in 6 pages (mostly: banned: HTTP 403)",
    )
    assert told(listener) == [expected]
    examples = listener.received[0].body["examples"]
    assert [example["reason"] for example in examples] == ["banned: HTTP 403"] * 3
    assert crawling.project.run("crawl", "article", "-a", "crawl=c").returncode == 1
    assert told(listener) == [expected]


def test_orderly_stop_is_what_was_asked_for(watched, listener, mongo_uri, database_name):
    crawling = watched(articles=1000)
    worker = crawling.project.start(*all_of(crawling))
    wait_for_fetches(crawling, 50, worker)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 1
    assert report(mongo_uri, database_name, "c").outcome == "interrupted"
    assert listener.received == []


def test_mongodb_that_stays_away_is_told(watched, listener, database_name, tmp_path):
    directory = tmp_path / "database"
    with ensure_server(directory, idle_seconds=1) as server:
        addon = '{"tests.crawl.impatient.ImpatientAddon": 0}'
        crawling = watched(articles=1000, MONGO_URI=server.uri, ADDONS=addon)
        worker = crawling.project.start(*all_of(crawling))
        wait_for_fetches(crawling, 50, worker)
        supervisor = int((directory / "supervisor.lock").read_text())
        for pid in (supervisor, mongod_pid(directory, besides=set())):
            os.kill(pid, signal.SIGKILL)
        assert worker.wait(timeout=120) == 1
    [(kind, reason)] = told(listener)
    assert (kind, reason) == (
        "stopped",
        "MongoDB was away for 0 s; run the same command again when it is back",
    )


def test_crawl_that_cannot_start_is_told(watched, listener):
    crawling = watched(MONGO_URI="mongodb://writer:p8XwSecret@127.0.0.1:1")
    result = crawling.project.run(*these(["J22CN60P0514R9KQ"]))
    assert result.returncode == 1
    [(kind, reason)] = told(listener)
    assert kind == "not_started"
    # pymongo may leave the refused connection to the garbage collector, which says so
    assert result.stderr.splitlines()[0] == f"Error: {reason}"
    assert reason.startswith("MongoDB does not answer at 127.0.0.1:1: ")


def test_setting_that_cannot_be_used_is_one_line(watched):
    crawling = watched(ALERT_WEBHOOKS=f"oapi.dingtalk.com/robot/send?access_token={SECRET}")
    result = crawling.project.run(*these(["J22CN60P0514R9KQ"]))
    assert (result.returncode, result.stdout, result.stderr) == (
        2,
        "",
        "Error: ALERT_WEBHOOKS: number 1: is not an address that begins with https:// or http://\n",
    )


def test_nobody_reached_is_an_error_and_the_next_run_tells(
    watched, monkeypatch, mongo_uri, database_name
):
    with running(Listener()) as gone, running(Mailbox(login=("nobody", ""))) as mailbox:
        pass
    monkeypatch.setenv("MAIL_USER", "writer")
    monkeypatch.setenv("MAIL_PASS", SECRET)
    settings = {
        "ALERT_MAIL_TO": "desk@example.org",
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": mailbox.port,
        "LOG_LEVEL": "DEBUG",
    }
    crawling = watched(BAN, **settings)
    command = these(articles_of(crawling.site, 3))
    address = gone.address("feishu") + f"#{SECRET}"
    result = crawling.project.run(*command, "-s", f"ALERT_WEBHOOKS={address}")
    errors = [
        line.partition("ERROR: ")[2].partition(": ")[0]
        for line in result.stderr.splitlines()
        if "ERROR: The alert was not delivered to " in line
    ]
    assert sorted(errors) == [
        f"The alert was not delivered to feishu at 127.0.0.1:{gone.port}",
        f"The alert was not delivered to mail at 127.0.0.1:{mailbox.port}",
    ]
    assert result.returncode == 1

    with running(gone):
        again = crawling.project.run(*command, "-s", f"ALERT_WEBHOOKS={address}")
    assert (again.returncode, len(gone.received)) == (1, 1)
    outputs = [result, again, crawling.project.run("report", "c", "--json")]
    everything = "".join(output.stdout + output.stderr for output in outputs)
    everything += archive(mongo_uri, database_name)
    assert "empty" in everything
    assert SECRET not in everything


def archive(uri: str, database_name: str) -> str:
    async def read() -> str:
        async with open_client(uri) as client:
            database = client[database_name]
            names = await database.list_collection_names()
            return "".join([str(await database[name].find().to_list()) for name in names])

    return asyncio.run(read())


# --- Ordinary runs


def run_all(project: ScrapyProject, *commands: Sequence[str]) -> None:
    for command in commands:
        result = project.run(*command)
        assert result.returncode == 0, result.stderr


def near(watched: Watched, seed: int) -> None:
    crawling = watched(seed=seed)
    command = [*all_of(crawling)]
    command[command.index("depth=20")] = "depth=1"
    run_all(crawling.project, command)


def everything_twice(watched: Watched, seed: int) -> None:
    crawling = watched(articles=60, seed=seed)
    run_all(crawling.project, all_of(crawling), all_of(crawling, "later"))


def killed_and_resumed(watched: Watched, seed: int) -> None:
    crawling = watched(seed=seed)
    worker = crawling.project.start(*all_of(crawling))
    wait_for_fetches(crawling, 40, worker)
    worker.kill()
    worker.wait()
    run_all(crawling.project, ("crawl", "article", "-a", "crawl=c"))


def without_copies(watched: Watched, seed: int) -> None:
    crawling = watched(articles=60, seed=seed, DUPLICATES="drop")
    run_all(crawling.project, [*all_of(crawling), "-a", "max_articles=50"])


def saved_pages(watched: Watched, seed: int) -> None:
    crawling = watched(seed=seed, articles=1)
    layouts = sorted(FIXTURES.iterdir())
    path = FIXTURES if seed == SEEDS[0] else layouts[seed % len(layouts)]
    run_all(crawling.project, ("crawl", "saved", "-a", f"path={path}", "-a", "crawl=c"))


def overloaded_now_and_then(watched: Watched, seed: int) -> None:
    rule = Misbehaviour(status=503, every=5, offset=seed % 5, times=1, each=True)
    crawling = watched(rule, articles=60, seed=seed)
    run_all(crawling.project, all_of(crawling))


ORDINARY = [near, everything_twice, killed_and_resumed, without_copies, saved_pages]
SEEDS = [7]
if os.environ.get("NETEASE_NIGHTLY"):  # 30 of them
    ORDINARY.append(overloaded_now_and_then)
    SEEDS += [8, 9, 10, 11]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("run", ORDINARY, ids=lambda run: run.__name__)
def test_ordinary_runs_are_quiet(watched, listener, run, seed):
    run(watched, seed)
    assert listener.received == []
