"""Saved pages go the way of fetched ones, without a network."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from netease_crawler.storage.connection import open_client
from netease_crawler.storage.quarantine import page_body
from tests.crawl.truth import report
from tests.real_pages import REAL_PAGES, needs_real_pages
from tests.scrapy_process import ScrapyProject

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pages"
_NO_ARTICLES = ("list", "yiguancha_column")


@pytest.fixture
def project(tmp_path: Path, mongo_uri: str, database_name: str) -> ScrapyProject:
    return ScrapyProject(tmp_path, {"MONGO_URI": mongo_uri, "MONGO_DATABASE": database_name})


def titles(uri: str, database_name: str) -> dict[str, str]:
    async def read() -> dict[str, str]:
        async with open_client(uri) as client:
            found = client[database_name]["articles"].find({}, {"title": 1})
            return {document["_id"]: document["title"] async for document in found}

    return asyncio.run(read())


def quarantined(uri: str, database_name: str) -> dict[str, bytes]:
    async def read() -> dict[str, bytes]:
        async with open_client(uri) as client:
            found = client[database_name]["quarantine"].find({})
            return {Path(page["key"]).name: page_body(page) async for page in found}

    return asyncio.run(read())


def expected_titles() -> dict[str, str]:
    return {
        page.parent.name: json.loads((page.parent / "expected.json").read_text())["title"]
        for page in FIXTURES.glob("*/*/page.html")
    }


def test_directory_of_pages_plain_and_gzipped(project, mongo_uri, database_name, tmp_path):
    pages = tmp_path / "pages"
    for number, page in enumerate(sorted(FIXTURES.glob("*/*/page.html"))):
        directory = pages / page.parent.name
        directory.mkdir(parents=True)
        if number % 2:
            (directory / "page.html.gz").write_bytes(gzip.compress(page.read_bytes()))
        else:
            shutil.copy(page, directory)
    other = "<html><body><p>某网站首页</p></body></html>"
    (pages / "other.html").write_text(other)
    (pages / "notes.txt").write_text("no page")

    result = project.run("crawl", "saved", "-a", f"path={pages}", "-a", "crawl=saved")
    assert result.returncode == 0, result.stderr
    assert titles(mongo_uri, database_name) == expected_titles()
    assert quarantined(mongo_uri, database_name) == {"other.html": other.encode()}
    found = report(mongo_uri, database_name, "saved")
    assert (found.discovered, found.problem) == (len(expected_titles()) + 1, None)


def test_two_pages_of_one_article_are_one_article(project, mongo_uri, database_name, tmp_path):
    page = next(FIXTURES.glob("*/*/page.html"))
    for name in ("a.html", "b.html", "c.html"):
        shutil.copy(page, tmp_path / name)
    project.run("crawl", "saved", "-a", f"path={tmp_path}", "-a", "crawl=twice")
    found = report(mongo_uri, database_name, "twice")
    assert (found.buckets["stored"], found.buckets["unchanged"]) == (1, 2)
    assert titles(mongo_uri, database_name).keys() == {page.parent.name}


def test_no_article_among_the_pages_is_an_empty_crawl(project, tmp_path):
    (tmp_path / "a.html").write_text("<html><body>no article</body></html>")
    result = project.run("crawl", "saved", "-a", f"path={tmp_path}", "-a", "crawl=none")
    assert result.returncode == 1
    told = project.run("report", "none")
    assert (told.returncode, told.stdout.splitlines()[-1]) == (
        1,
        "  PROBLEM: nothing to store was found in 1 pages (mostly: rejected: NotAnArticleError)",
    )


@needs_real_pages
def test_real_pages(project, mongo_uri, database_name):
    expected = {
        gold["docid"]: gold["title"]
        for file in REAL_PAGES.glob("*.expected.json")
        if (gold := json.loads(file.read_text()))["layout"] not in _NO_ARTICLES
    }
    others = [file for prefix in ("list_", "column") for file in REAL_PAGES.glob(f"{prefix}*.gz")]
    assert expected
    result = project.run("crawl", "saved", "-a", f"path={REAL_PAGES}", "-a", "crawl=real")
    assert result.returncode == 0, result.stderr
    assert titles(mongo_uri, database_name) == expected
    assert quarantined(mongo_uri, database_name) == {
        file.name: gzip.decompress(file.read_bytes()) for file in others
    }


def test_names_that_are_no_text_are_no_hindrance(project, mongo_uri, database_name, tmp_path):
    page = next(FIXTURES.glob("*/*/page.html"))
    shutil.copy(page, os.fsencode(tmp_path / "a").replace(b"/a", "/文章".encode("gbk") + b".html"))
    result = project.run("crawl", "saved", "-a", f"path={tmp_path}")
    assert result.returncode == 0, result.stderr
    assert titles(mongo_uri, database_name).keys() == {page.parent.name}
