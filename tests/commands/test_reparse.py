"""``scrapy reparse``: the quarantine read again, and nothing asked of a site."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.server import rename_class
from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import open_client
from tests.mending import mended
from tests.scrapy_process import ScrapyProject

RENAMED = ("post_info", "post_meta")
SITE = Site(20)
INDEXES = [index for index in range(20) if not SITE.is_deleted(index)]
SEEDS = [SITE.doc_id(index) for index in INDEXES]


def sources(uri: str, database_name: str) -> dict[str, str | None]:
    async def read() -> dict[str, str | None]:
        async with open_client(uri) as client:
            found = client[database_name]["articles"].find({}, {"source": 1})
            return {document["_id"]: document.get("source") async for document in found}

    return asyncio.run(read())


@pytest.fixture
def drifted(project: ScrapyProject) -> None:
    """A crawl ``c`` whose pages all lack their source, of a site that is closed since."""
    with DemoSite(20, renamed=RENAMED) as server:
        crawled = project.run(
            *("crawl", "article", "-a", f"urls={','.join(SEEDS)}", "-a", "depth=0"),
            *("-a", "crawl=c", "-s", "CRAWL_RATE=0", "-s", f"SITE_MIRRORS={server.mirrors}"),
        )
    assert crawled.returncode == 1, crawled.stderr


def closed(project: ScrapyProject, *arguments: str) -> Any:
    """Reparse without a site; return what is told."""
    nowhere = json.dumps({"www.163.com": "http://127.0.0.1:1"})
    reparsed = project.run("reparse", *arguments, "--json", "-s", f"SITE_MIRRORS={nowhere}")
    assert "Retrying" not in reparsed.stderr
    return json.loads(reparsed.stdout) | {"exit": reparsed.returncode}


@pytest.mark.usefixtures("drifted")
def test_pages_that_are_still_not_read_stay(
    project: ScrapyProject, mongo_uri: str, database_name: str
) -> None:
    pages = len(SEEDS)
    for _ in range(2):
        told = closed(project)
        problem = told.pop("problem")
        assert told == {
            "crawl": "c",
            "pages": pages,
            "read": 0,
            "stay": pages,
            "new": 0,
            "outcome": "drift",
            "exit": 1,
        }
        assert problem.startswith("drift: post2020_dy shows source on 0% of 3 pages")
    assert sources(mongo_uri, database_name) == {}


@pytest.mark.usefixtures("drifted")
def test_accepted_pages_are_stored_as_they_are(
    project: ScrapyProject, mongo_uri: str, database_name: str
) -> None:
    told = closed(project, "c", "--accept")
    assert told == {
        "crawl": "c",
        "pages": len(SEEDS),
        "read": len(SEEDS),
        "stay": 0,
        "new": 0,
        "outcome": "finished",
        "problem": None,
        "exit": 0,
    }
    assert sources(mongo_uri, database_name) == dict.fromkeys(SEEDS)


@pytest.mark.usefixtures("drifted")
def test_mended_layout_reads_what_was_kept(
    project: ScrapyProject, mongo_uri: str, database_name: str, tmp_path: Path
) -> None:
    settings = {"MONGO_URI": mongo_uri, "MONGO_DATABASE": database_name}
    reparsed = mended(tmp_path, settings, *RENAMED).run("reparse")
    assert (reparsed.returncode, reparsed.stdout) == (
        0,
        f"Crawl c: read {len(SEEDS)} of {len(SEEDS)} pages; 0 stay in the quarantine.\n",
    )
    expected = {SITE.doc_id(index): SITE.truth(index)["source"] for index in INDEXES}
    assert sources(mongo_uri, database_name) == expected
    again = project.run("reparse", "c")
    assert (again.returncode, again.stderr) == (
        1,
        "Error: crawl 'c' has no page in the quarantine: nothing to reparse\n",
    )


def test_saved_pages_are_read_again_when_their_files_are_gone(
    project: ScrapyProject, mongo_uri: str, database_name: str, tmp_path: Path
) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    for index in INDEXES:
        page = rename_class(SITE.page(index), "post_title", "post_headline")
        (saved / f"{SITE.doc_id(index)}.html").write_text(page, "utf-8")
    crawled = project.run("crawl", "saved", "-a", f"path={saved}", "-a", "crawl=s")
    assert (crawled.returncode, sources(mongo_uri, database_name)) == (1, {})
    shutil.rmtree(saved)
    settings = {"MONGO_URI": mongo_uri, "MONGO_DATABASE": database_name}
    reparsed = mended(tmp_path, settings, "post_title", "post_headline").run("reparse", "--json")
    assert (reparsed.returncode, json.loads(reparsed.stdout)["read"]) == (0, len(SEEDS))
    assert sources(mongo_uri, database_name).keys() == set(SEEDS)


@pytest.mark.parametrize(
    ("arguments", "exitcode", "message"),
    [
        ([], 1, "the quarantine is empty: there is nothing to reparse"),
        (["absent"], 2, "no crawl 'absent'; `scrapy crawls` shows them"),
        (["a", "b"], 2, "give one crawl, in quotes if it has spaces, not 2"),
        (["--jsn"], 2, "no such option: --jsn"),
    ],
)
def test_bad_input(
    project: ScrapyProject, arguments: list[str], exitcode: int, message: str
) -> None:
    result = project.run("reparse", *arguments)
    assert (result.returncode, result.stdout, result.stderr) == (
        exitcode,
        "",
        f"Error: {message}\n",
    )


def test_help_has_an_example_and_says_when_to_accept(project: ScrapyProject) -> None:
    result = project.run("reparse", "--help")
    assert result.returncode == 0
    assert "Example: scrapy reparse article-" in result.stdout
    assert "--accept" in result.stdout
