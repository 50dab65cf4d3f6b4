"""``scrapy savepage``: from a page to a fixture, without a database."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from tests.crawl.truth import fetches
from tests.scrapy_process import ScrapyProject

_DOC_ID = "K6TM505G0599TEST"
_FIXTURE = Path(__file__).parents[1] / "fixtures" / "pages" / "post2020_dy" / _DOC_ID
_DEFAULT = Path("tests", "fixtures", "pages")
_NEW_LAYOUT = f"<html><body><article>{'某地今日有雨。' * 60}</article></body></html>"
_ADVICE = (
    "Read every value of expected.json against the page before you commit.\n"
    "The words and pictures of others do not belong in a public repository: write your own in"
    " their place, or keep the page to yourself.\n"
)


@pytest.fixture
def project(tmp_path: Path) -> ScrapyProject:
    """The project in an empty directory."""
    return ScrapyProject(tmp_path, {"CRAWL_RATE": 0})


def _files(directory: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(directory)): file.read_bytes()
        for file in directory.rglob("*")
        if file.is_file()
    }


def test_saved_file_becomes_a_fixture(project: ScrapyProject, tmp_path: Path) -> None:
    page = (_FIXTURE / "page.html").read_bytes()
    (tmp_path / "saved.html.gz").write_bytes(gzip.compress(page))
    result = project.run("savepage", "saved.html.gz")
    saved = _DEFAULT / "post2020_dy" / _DOC_ID
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"{saved / 'page.html'}\n{saved / 'expected.json'}\n{_ADVICE}"
    assert _files(tmp_path / _DEFAULT) == {
        f"post2020_dy/{_DOC_ID}/page.html": page,
        f"post2020_dy/{_DOC_ID}/expected.json": (_FIXTURE / "expected.json").read_bytes(),
    }
    assert {entry.name for entry in tmp_path.iterdir()} == {"saved.html.gz", "tests"}


def test_expectation_is_replaced_only_by_force(project: ScrapyProject, tmp_path: Path) -> None:
    page = str(_FIXTURE / "page.html")
    expected = tmp_path / "fixtures" / "post2020_dy" / _DOC_ID / "expected.json"
    expected.parent.mkdir(parents=True)
    expected.write_text("read by eye")

    refused = project.run("savepage", page, "--directory", "fixtures")
    assert (refused.returncode, refused.stdout, refused.stderr) == (
        1,
        "",
        f"Error: {expected.relative_to(tmp_path)} is there already; --force replaces it\n",
    )
    assert _files(expected.parent) == {"expected.json": b"read by eye"}

    forced = project.run("savepage", page, "--directory", "fixtures", "--force")
    assert (forced.returncode, forced.stderr) == (0, "")
    assert _files(expected.parent) == _files(_FIXTURE)


def test_page_of_an_unknown_layout_is_saved_without_values(
    project: ScrapyProject, tmp_path: Path
) -> None:
    (tmp_path / f"{_DOC_ID}.html").write_text(_NEW_LAYOUT, "utf-8")
    saved = _DEFAULT / "unknown" / _DOC_ID / "page.html"
    for page in (f"{_DOC_ID}.html", str(saved)):  # once saved, it may be tried again
        result = project.run("savepage", page)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.startswith(
            f"{saved}\nno layout matches https://www.163.com/dy/article/{_DOC_ID}.html;"
            " docs/adding-a-layout.md says what to do.\n"
        )
        assert _files(tmp_path / _DEFAULT) == {f"unknown/{_DOC_ID}/page.html": _NEW_LAYOUT.encode()}


def test_encoding_is_kept_where_the_page_does_not_tell_it(
    project: ScrapyProject, tmp_path: Path
) -> None:
    page = (
        f'<html><body><div id="contain" data-docid="{_DOC_ID}"><h1 class="post_title">標題</h1>'
        '<div class="post_body"><p>繁體字的正文。</p></div></div></body></html>'
    ).encode("big5")
    (tmp_path / "page.htm").write_bytes(page)
    result = project.run("savepage", "page.htm", "--encoding", "big5", "--directory", ".")
    assert (result.returncode, result.stderr) == (0, "")
    files = _files(tmp_path / "post2020_dy" / _DOC_ID)
    expected = json.loads(files.pop("expected.json"))
    assert files == {"page.html": page, "encoding": b"big5\n"}
    assert (expected["title"], expected["blocks"][0]["text"]) == ("標題", "繁體字的正文。")


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (None, "page.html: No such file or directory"),
        (b"\x1f\x8bbroken gzip file", "page.html: Unknown compression method"),
        ("<html><body><p>文章已被删除</p></body></html>", "DeletedArticleError: 文章已被删除"),
        ("<html><title>安全验证</title><body>请完成验证</body></html>", "BlockedPageError: "),
        (f"<html><title>新闻</title><body>{'列表' * 200}</body></html>", "NotAnArticleError: "),
    ],
    ids=["missing", "broken", "deleted", "blocked", "no article"],
)
def test_nothing_is_saved_of_a_page_without_an_article(
    project: ScrapyProject, tmp_path: Path, page: str | bytes | None, message: str
) -> None:
    if page is not None:
        body = page.encode() if isinstance(page, str) else page
        (tmp_path / "page.html").write_bytes(body)
    before = _files(tmp_path)
    result = project.run("savepage", "page.html")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {message}")
    assert result.stderr.count("\n") == 1
    assert _files(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give one file or one address"),
        (("a.html", "b.html"), "give one file or one address"),
        (("https://example.org/a.html",), "https://example.org/a.html is not an address of"),
        (("a.html", "--encoding", "gb"), "--encoding: there is no 'gb'"),
        (("http://[163.com/",), "http://[163.com/ is not an address of NetEase"),
        (("https://www.163.com/", "-sSITE_MIRRORS=x"), "SITE_MIRRORS: a JSON object like"),
        (("https://www.163.com/", "-sCRAWL_RATE=x"), "CRAWL_RATE: requests per second"),
    ],
)
def test_bad_argument(
    project: ScrapyProject, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = project.run("savepage", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {message}")
    assert result.stderr.count("\n") == 1
    assert _files(tmp_path) == {}


class TestAddress:
    """Of a site that answers."""

    articles = 30

    @pytest.fixture
    def log(self, tmp_path: Path) -> Path:
        return tmp_path / "access.log"

    @pytest.fixture
    def project(self, tmp_path: Path, log: Path) -> Iterator[ScrapyProject]:
        with DemoSite(articles=self.articles, access_log=log) as server:
            settings = {"CRAWL_RATE": 0, "SITE_MIRRORS": server.mirrors}
            yield ScrapyProject(tmp_path, settings)

    def _truths(self) -> Iterator[dict[str, Any]]:
        site = Site(self.articles)
        return (site.truth(index) for index in range(self.articles))

    def test_page_at_an_address(self, project: ScrapyProject, tmp_path: Path, log: Path) -> None:
        truth = next(truth for truth in self._truths() if truth["kind"] == "article")
        result = project.run("savepage", f"{truth['url']}?f=post2020_dy_recommends")
        assert (result.returncode, result.stderr) == (0, "")
        expected = json.loads(
            (tmp_path / _DEFAULT / "post2020_dy" / truth["doc_id"] / "expected.json").read_text()
        )
        shown = ("doc_id", "url", "title", "published_at", "source", "location", "editor")
        assert {name: expected[name] for name in shown} == {name: truth[name] for name in shown}
        assert expected["fetched_at"] is None
        assert dict(fetches(log).by_path) == {f"/dy/article/{truth['doc_id']}.html": 1}

    def test_answer_that_is_no_page(self, project: ScrapyProject, tmp_path: Path) -> None:
        gone = next(truth["url"] for truth in self._truths() if truth["kind"] == "deleted")
        forbidden = f"https://www.163.com/dy/private/{_DOC_ID}.html"
        away = f"https://money.163.com/15/0703/04/{_DOC_ID}.html"
        mirrors = '{"money.163.com": "http://127.0.0.1:1"}'
        unreachable = "https://money.163.com/robots.txt: DownloadConnectionRefusedError"
        for url, options, message in (
            (gone, (), "HTTP 404"),
            (forbidden, (), "Forbidden by robots.txt"),
            (away, (f"-sSITE_MIRRORS={mirrors}", "-sRETRY_BACKOFF=0"), unreachable),
        ):
            result = project.run("savepage", url, *options)
            assert (result.returncode, result.stdout) == (1, "")
            assert result.stderr.startswith(f"Error: {url}: {message}")
            assert result.stderr.count("\n") == 1
        assert {file for file in _files(tmp_path) if file != "access.log"} == set()
