"""What holds for every page: form of errors, headers, languages, whom it answers."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohttp.test_utils import TestClient, TestServer

from netease_crawler.storage import connection
from netease_crawler.storage.connection import open_client
from netease_crawler.web import application
from netease_crawler.web.page import Asked, Page
from netease_crawler.web.problems import ProblemDetails
from netease_crawler.web.views import PAGES
from tests.web.conftest import Explorer, serving

_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ANYWHERE = ("/search", "/search.json", "/nothing", "/nothing.json", "/static/style.css", "/api")


@pytest.mark.parametrize("path", _ANYWHERE)
def test_every_answer_lets_nothing_from_elsewhere_in(explorer: Explorer, path: str) -> None:
    headers = explorer.get(path).headers
    assert {name: headers.get(name) for name in _SAFE} == _SAFE


def test_images_of_netease_are_allowed_on_request(picture_explorer: Explorer) -> None:
    policy = picture_explorer.get("/search").headers["Content-Security-Policy"]
    assert "img-src 'self' https://*.126.net https://*.127.net https://*.163.com;" in policy


def test_a_problem_has_one_form_for_programs(explorer: Explorer) -> None:
    answer = explorer.get("/search.json?limit=many")
    assert (answer.status, answer.headers["Content-Type"], answer.json) == (
        400,
        "application/problem+json; charset=utf-8",
        {
            "status": 400,
            "title": "Bad Request",
            "detail": "limit: a whole number from 1 to 100, not 'many'",
        },
    )


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("colour=red", "colour: there is no such parameter"),
        ("text=a&text=b", "text: is given twice"),
        ("order=random", "order: one of relevance, newest, not 'random'"),
        ("since=2024-02-30", "since: a date like 2024-05-31 or a time like 2024-05-31T08:00"),
        ("since=2024-02-02&until=2024-02-01", "since: is not before until"),
        ("text=" + "a" * 201, "text: has 201 characters, at most 200 are allowed"),
        ("text=%00", "text: contains a NUL character"),
        ("has_video=yes", "has_video: 1 or nothing, not 'yes'"),
        ("after=%3F", "after: is not where a page of this search ended"),
        ("text=a&after=eA", "after: is not where a page of this search ended"),
    ],
)
def test_a_request_that_cannot_be_meant_is_told_why(
    explorer: Explorer, query: str, detail: str
) -> None:
    for path in ("/search.json", "/search"):
        answer = explorer.get(f"{path}?{query}")
        assert answer.status == 400
        said = answer.json["detail"] if path.endswith(".json") else answer.text
        assert detail.replace("'", "&#39;") in said or detail in said


def test_an_empty_value_is_none_as_forms_send_it(explorer: Explorer) -> None:
    answer = explorer.get("/search.json?text=&since=&has_video=&order=&limit=")
    assert (answer.status, answer.json["zh"]) == (200, "全部文章；不含转载副本")


def test_what_is_not_there_is_said_in_the_form_that_was_asked_for(explorer: Explorer) -> None:
    answer = explorer.get("/nothing.json")
    assert answer.status == 404
    assert answer.json == {
        "status": 404,
        "title": "Not Found",
        "detail": "there is no such page",
    }
    page = explorer.get("/nothing")
    assert page.status == 404
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "there is no such page" in page.text


def test_it_only_reads(explorer: Explorer) -> None:
    answer = explorer.get("/search.json", method="POST")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
    assert answer.json["detail"] == "the explorer only reads: GET"


def test_other_names_for_this_machine_are_not_answered(explorer: Explorer) -> None:
    for name in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::1]"):
        answer = explorer.get("/search.json", Host=name)
        assert answer.status == 400
        assert answer.json["detail"] == "the explorer answers at 127.0.0.1 and localhost only"


def test_its_own_names_are_answered_in_any_case_and_at_any_port(explorer: Explorer) -> None:
    for name in ("127.0.0.1", "localhost:80", "LocalHost:8164"):
        assert explorer.get("/openapi.json", Host=name).status == 200


def test_no_page_links_elsewhere_however_it_is_asked_for(explorer: Explorer) -> None:
    page = explorer.get("//elsewhere.example/x")
    assert page.status == 404
    assert 'href="?lang=en"' in page.text
    assert "elsewhere" not in page.text


def test_who_asks_too_much_is_told_so(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "_LONGEST", 0)
    answer = explorer.get("/search.json")
    assert answer.status == 503
    assert answer.json["detail"].startswith("it takes too long: ")
    assert "数据库没有答复，或没有及时答复。" in explorer.get("/search").text


def test_of_many_pages_some_are_read_at_once_and_all_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[None] = []

    async def scenario() -> tuple[int, set[int]]:
        go_on, most_are_begun = asyncio.Event(), asyncio.Event()

        async def view(_: Asked) -> ProblemDetails:
            begun.append(None)
            if len(begun) == application._AT_ONCE:
                most_are_begun.set()
            await go_on.wait()
            return ProblemDetails(status=200, title="OK", detail="")

        page = Page(path="/slow", template="", summary="", shows=ProblemDetails, view=view)
        monkeypatch.setattr(application, "PAGES", (page,))
        async with open_client("mongodb://127.0.0.1:1") as client:
            server = TestServer(application.create_application(client["unused"]))
            async with TestClient(server) as browser:
                asked = [asyncio.ensure_future(browser.get("/slow.json")) for _ in range(20)]
                await most_are_begun.wait()
                await browser.get("/openapi.json")  # is answered after the rest were received
                at_once = len(begun)
                go_on.set()
                return at_once, {answer.status for answer in await asyncio.gather(*asked)}

    assert asyncio.run(scenario()) == (8, {200})
    assert len(begun) == 20


def test_a_page_that_fails_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_SELECTION_TIMEOUT", 0.1)

    async def scenario() -> tuple[int, list[str]]:
        async with open_client("mongodb://127.0.0.1:1") as client:
            server = TestServer(application.create_application(client["unused"]))
            async with TestClient(server) as browser:
                answer = await browser.get("/search.json?text=a&after=eA")
                running = [str(task.get_coro()) for task in asyncio.all_tasks()]
                return answer.status, [one for one in running if "Archive." in one]

    assert asyncio.run(scenario()) == (400, [])


def test_a_fault_of_ours_is_told_without_its_details(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def view(_: Asked) -> ProblemDetails:
        raise RuntimeError("a secret")

    page = Page(path="/broken", template="", summary="", shows=ProblemDetails, view=view)
    monkeypatch.setattr(application, "PAGES", (page,))
    with serving("mongodb://127.0.0.1:1", "unused") as explorer:
        answer, shown = explorer.get("/broken.json"), explorer.get("/broken")
    assert answer.json == {
        "status": 500,
        "title": "Internal Server Error",
        "detail": "the terminal says what it was",
    }
    assert (shown.status, "a secret" in shown.text) == (500, False)
    assert caplog.text.count("RuntimeError: a secret") == 2


@pytest.mark.parametrize("path", ["/search", "/articles/K0A1B2C305149ABC", "/crawl?name=c1"])
def test_a_database_that_is_away_is_no_fault_of_the_page(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_SELECTION_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with serving(f"mongodb://127.0.0.1:{port}", "away") as explorer:
        answer = explorer.get(path.replace("?", ".json?") if "?" in path else f"{path}.json")
        page = explorer.get(path)
    assert answer.json == {
        "status": 503,
        "title": "Service Unavailable",
        "detail": "MongoDB does not answer: load the page again when it is back",
    }
    assert (page.status, "数据库没有答复，或没有及时答复。" in page.text) == (503, True)


def test_the_chosen_language_stays(explorer: Explorer) -> None:
    assert '<html lang="zh-CN">' in explorer.get("/search").text
    chosen = explorer.get("/search?lang=en")
    assert '<html lang="en">' in chosen.text
    cookie = chosen.headers["Set-Cookie"].partition(";")[0]
    assert '<html lang="en">' in explorer.get("/search", Cookie=cookie).text
    assert '<html lang="zh-CN">' in explorer.get("/search", Cookie="lang=xx").text


def test_the_front_page_is_the_search(explorer: Explorer) -> None:
    answer = explorer.get("/")
    assert (answer.status, answer.headers["Location"]) == (302, "/search")


def test_every_page_is_described(explorer: Explorer) -> None:
    description = explorer.get("/openapi.json").json
    assert set(description["paths"]) == {page.twin for page in PAGES}
    page = explorer.get("/api").text
    assert all(f"GET {path}" in page for path in description["paths"])
