"""``scrapy forget``: asks, removes, says what, and does nothing by mistake."""

from __future__ import annotations

import json
import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netease_crawler.storage.connection import Database
from tests.articles import EARLY, LATE, MIDDLE, make_article, make_full_article

AUTHOR = "T1512041896301"


@pytest.fixture
def articles(in_database):
    """Returns the doc ids in the archive."""

    async def ids(database: Database) -> list[str]:
        return [document["_id"] async for document in database["articles"].find().sort("_id", 1)]

    return lambda: in_database(ids)


@contextmanager
def terminal(answer: str) -> Iterator[None]:
    """Let commands have a terminal at which *answer* is typed."""
    ours, theirs = pty.openpty()
    before = os.dup(0)
    try:
        os.dup2(theirs, 0)
        os.write(ours, answer.encode())
        yield
    finally:
        os.dup2(before, 0)
        for descriptor in (before, ours, theirs):
            os.close(descriptor)


def test_what_goes_is_shown_and_asked_about(project, store, articles):
    store(make_full_article(EARLY), make_article(LATE))
    with terminal("n\n"):
        result = project.run("forget", LATE)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"This would go: {LATE}",
        "         1  articles",
        "         1  articles and revisions of others that lose its title from a list",
        "         1  recommendations by it and of it",
        "         1  headlines",
        "Forget it for good? [y/N] Error: nothing was forgotten",
    ]
    assert articles() == [EARLY, LATE]


def test_yes_at_the_terminal_forgets(project, store, articles):
    store(make_article(EARLY), make_article(LATE))
    with terminal("y\n"):
        result = project.run("forget", LATE)
    assert (result.returncode, result.stdout) == (
        0,
        f"Forgotten: {LATE}\n         1  articles\n",
    )
    assert articles() == [EARLY]


def test_nobody_to_ask(project, store, articles):
    store(make_article(LATE))
    with open(os.devnull) as nobody:  # noqa: PTH123 - a device
        before = os.dup(0)
        os.dup2(nobody.fileno(), 0)
        try:
            result = project.run("forget", LATE)
        finally:
            os.dup2(before, 0)
            os.close(before)
    assert (result.returncode, result.stdout, result.stderr) == (
        2,
        "",
        "Error: there is nobody to ask: give --yes to forget without asking\n",
    )
    assert articles() == [LATE]


@pytest.mark.parametrize(
    "given",
    [
        LATE,
        f"https://www.163.com/dy/article/{LATE}.html?f=post2020_dy_recommends",
        f"m.163.com/dy/article/{LATE}.html",
        LATE[8:],
    ],
)
def test_any_form_of_an_article(project, store, articles, given):
    store(make_article(EARLY), make_article(LATE))
    assert project.run("forget", "--yes", given).returncode == 0
    assert articles() == [EARLY]


@pytest.mark.parametrize(
    "given", [AUTHOR, f"https://www.163.com/dy/media/{AUTHOR}.html", EARLY[8:]]
)
def test_any_form_of_an_account(project, store, articles, given):
    store(make_full_article(EARLY), make_article(MIDDLE))
    result = project.run("forget", "--yes", "--json", given)
    told = json.loads(result.stdout)
    assert told == {
        "forgotten": [EARLY[8:], AUTHOR],
        "removed": {
            "articles": 1,
            "revisions": 0,
            "mentions": 0,
            "recommendations": 2,
            "headlines": 0,
            "quarantine": 0,
            "accounts": 1,
            "frontier": 0,
        },
        "same_text": [],
    }
    assert articles() == [MIDDLE]


def test_forgetting_again_finds_nothing_left(project, store):
    store(make_article(LATE))
    project.run("forget", "--yes", LATE)
    result = project.run("forget", "--yes", LATE)
    assert (result.returncode, result.stdout) == (
        0,
        f"Forgotten: {LATE}\n  nothing of it is left in the archive\n",
    )


def test_others_with_the_same_text_are_named(project, store):
    text = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"
    store(make_article(EARLY, text), make_article(LATE, text))
    result = project.run("forget", "--yes", EARLY)
    assert result.stdout.splitlines()[-1] == f"The same text stays as 1 other: {LATE}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            [LATE, "nonsense"],
            "'nonsense' is neither a doc id like J22CN60P0514R9KQ, an account (T and 13 digits, or"
            " the last 8 characters of its doc ids), nor the address of one",
        ),
        ([LATE, MIDDLE], f"{MIDDLE} is not in the archive; nothing was forgotten"),
        (["T1512041896309"], "T1512041896309 is not in the archive; nothing was forgotten"),
    ],
)
def test_what_cannot_be_forgotten(project, store, articles, given, message):
    store(make_article(LATE))
    result = project.run("forget", "--yes", *given)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", f"Error: {message}\n")
    assert articles() == [LATE]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "give doc ids or addresses of articles, or accounts: T…"),
        ([LATE, "--yess"], "no such option: --yess"),
    ],
)
def test_bad_input(project, given, message):
    result = project.run("forget", *given)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"Error: {message}\n")


def test_help_has_an_example(project):
    result = project.run("forget", "--help")
    assert result.returncode == 0
    assert "Example: scrapy forget J22CN60P0514R9KQ" in result.stdout
