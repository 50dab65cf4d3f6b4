"""Whatever a site answers, the page ends in the right bucket, with the reason."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import open_client
from netease_crawler.storage.quarantine import page_body
from tests.crawl.truth import report, stored_articles
from tests.scrapy_process import ScrapyProject

SITE = Site(20)
DOC_IDS = [SITE.doc_id(index) for index in range(20)]
GOOD, OTHER = DOC_IDS[0], DOC_IDS[1]
PAGE = SITE.page(0)

Answer = tuple[int, dict[str, str], str]

ANSWERS: dict[str, tuple[Answer, str, str]] = {
    # what → the answer, the bucket, the reason
    DOC_IDS[2]: ((404, {}, "gone"), "deleted", "HTTP 404"),
    DOC_IDS[3]: ((410, {}, "gone"), "deleted", "HTTP 410"),
    DOC_IDS[4]: ((403, {}, "no"), "banned", "HTTP 403"),
    DOC_IDS[5]: ((418, {}, "teapot"), "failed", "HTTP 418"),
    DOC_IDS[6]: (
        (200, {}, SITE.page(6).split('<div class="post_body">')[0] + "</body></html>"),
        "banned",
        "BlockedPageError: a title without a body",
    ),
    DOC_IDS[7]: (
        (
            200,
            {},
            "<html><body><h1 class='t'>某报道</h1><div id='endText'>正文</div></body></html>",
        ),
        "rejected",
        "UnknownLayoutError",
    ),
    DOC_IDS[8]: ((200, {}, SITE.page(8)[:90_000]), "failed", "TruncatedPageError"),
    DOC_IDS[9]: (
        (302, {"Location": f"https://www.163.com/dy/article/{OTHER}.html"}, ""),
        "rejected",
        f"answered with {OTHER}",
    ),
    DOC_IDS[10]: (
        (302, {"Location": "https://ads.example/"}, ""),
        "banned",
        "off-site: ads.example is neither",
    ),
    DOC_IDS[11]: (
        (302, {"Location": "http://127.0.0.1:1/"}, ""),
        "banned",
        "off-site: 127.0.0.1 is neither",
    ),
    DOC_IDS[14]: (
        (302, {"Location": f"https://www.163.com/dy/article/{DOC_IDS[14]}.html"}, ""),
        "failed",
        "IgnoreRequest: max redirections reached",
    ),
    DOC_IDS[12]: ((200, {}, PAGE), "rejected", f"answered with {GOOD}"),
}


@pytest.fixture
def scripted_site() -> Iterator[str]:
    """A site that answers by ANSWERS, and forbids one article in its robots.txt."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def answer(path: str) -> Answer:
    if path == "/robots.txt":
        return 200, {}, f"User-agent: *\nDisallow: /dy/article/{DOC_IDS[13]}.html\n"
    doc_id = path.removeprefix("/dy/article/").removesuffix(".html")
    if doc_id in ANSWERS:
        return ANSWERS[doc_id][0]
    index = SITE.index(doc_id)
    return (200, {}, SITE.page(index)) if index is not None else (404, {}, "")


def test_every_answer_ends_in_its_bucket(scripted_site, mongo_uri, database_name, tmp_path):
    project = ScrapyProject(
        tmp_path,
        {
            "CRAWL_RATE": 0,
            "SITE_MIRRORS": json.dumps({"www.163.com": scripted_site}),
            "MONGO_URI": mongo_uri,
            "MONGO_DATABASE": database_name,
        },
    )
    seeds = [GOOD, *ANSWERS, DOC_IDS[13]]
    result = project.run(
        "crawl", "article", "-a", f"urls={','.join(seeds)}", "-a", "depth=0", "-a", "crawl=a"
    )
    assert result.returncode == 1, result.stderr  # more was banned or failed than stored
    assert "Traceback" not in result.stderr

    async def read() -> tuple[dict[str, tuple[str, str]], dict[str, bytes]]:
        async with open_client(mongo_uri) as client:
            database = client[database_name]
            ends = {
                page["key"]: (page["state"], page.get("reason"))
                async for page in database["frontier"].find({})
            }
            kept = {page["key"]: page_body(page) async for page in database["quarantine"].find({})}
            return ends, kept

    ends, kept = asyncio.run(read())
    expected = {doc_id: (bucket, reason) for doc_id, (_, bucket, reason) in ANSWERS.items()}
    expected |= {
        GOOD: ("stored", None),
        DOC_IDS[13]: ("filtered", "Forbidden by robots.txt"),
    }
    assert ends.keys() == expected.keys()
    for doc_id, (bucket, reason) in expected.items():
        state, why = ends[doc_id]
        assert (doc_id, state) == (doc_id, bucket)
        assert (why or "").startswith(reason or "")
    assert stored_articles(mongo_uri, database_name).keys() == {GOOD}
    assert report(mongo_uri, database_name, "a").problem == (
        "7 of 14 pages were banned or failed (mostly: banned: off-site)"
    )

    rejected = {doc_id for doc_id, (_, bucket, _) in ANSWERS.items() if bucket == "rejected"}
    assert kept.keys() == rejected
    assert kept[DOC_IDS[7]].decode() == ANSWERS[DOC_IDS[7]][0][2]


def test_request_that_is_dropped_on_the_way_fails_its_page(
    start_crawling, mongo_uri, database_name
):
    doc_ids = [Site(2).doc_id(index) for index in range(2)]
    crawling = start_crawling(
        2, ADDONS='{"tests.crawl.dropping.DroppingAddon": 0}', DROPPED=doc_ids[0]
    )
    result = crawling.project.run(
        *("crawl", "article", "-a", f"urls={','.join(doc_ids)}", "-a", "depth=0"),
        *("-a", "crawl=dropped"),
    )
    found = report(mongo_uri, database_name, "dropped")
    assert (result.returncode, found.problem) == (0, None)  # as much stored as failed
    assert (found.buckets["stored"], found.reasons) == (
        1,
        {"failed: its request was dropped": 1},
    )
