"""Bad input: one line that says what to do, and nothing is started."""

from __future__ import annotations

import pytest

from tests.crawl.truth import fetches
from tests.scrapy_process import ScrapyProject

ARTICLE = "https://www.163.com/dy/article/K0A1B2C305149ABC.html"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "urls: give the address of an article, several with commas between, or a file"),
        ({"urls": ""}, "urls: give the address of an article"),
        ({"urls": ARTICLE, "depth": "x"}, "depth: a whole number from 0 up, not 'x'"),
        ({"urls": ARTICLE, "depth": "-1"}, "depth: a whole number from 0 up, not '-1'"),
        ({"urls": ARTICLE, "max_articles": "0"}, "max_articles: a whole number from 1 up"),
        (
            {"urls": "https://www.sina.com.cn/a.html"},
            "urls: 'https://www.sina.com.cn/a.html' is not a NetEase article; allowed are",
        ),
        ({"urls": "https://www.163.com/"}, "urls: 'https://www.163.com/' is not a NetEase"),
        ({"urls_file": "absent.txt"}, "urls_file: cannot read 'absent.txt': No such file"),
        ({"urls_file": "."}, "urls_file: cannot read '.': Is a directory"),
        ({"urls_file": "list.txt"}, "urls_file: line 3: 'nonsense' is not a NetEase article"),
        ({"urls_file": "gbk.txt"}, "urls_file: 'gbk.txt' is not a text in UTF-8"),
        ({"urls": ARTICLE, "since": "yesterday"}, "since: a date like 2024-05-31 or a time"),
        ({"urls": ARTICLE, "until": "2024-02-30"}, "until: a date like 2024-05-31 or a time"),
        (
            {"urls": ARTICLE, "since": "2024-05-02", "until": "2024-05-01"},
            "until: must be later than since",
        ),
        (
            {"urls": ARTICLE, "follow": "related,friends"},
            "follow: one or more of related, hot, history, not 'friends'",
        ),
        ({"urls": ARTICLE, "accounts": ","}, "accounts: is empty"),
        ({"urls": ARTICLE, "crawl": "a/b"}, "crawl: letters, digits, '.', '_' and '-'"),
        ({"urls": ARTICLE, "dept": "1"}, "dept: no such argument; allowed are accounts, crawl,"),
        ({"crawl": "never-begun"}, "crawl: there is no crawl 'never-begun' to go on with"),
    ],
)
def test_bad_argument_of_the_article_spider(start_crawling, tmp_path, arguments, message):
    (tmp_path / "list.txt").write_text(f"# seeds\n{ARTICLE}\nnonsense\n")
    (tmp_path / "gbk.txt").write_bytes("文章".encode("gbk"))
    crawling = start_crawling(3)
    options = [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
    result = crawling.project.run("crawl", "article", *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {message}")
    assert result.stderr.count("\n") == 1
    assert not fetches(crawling.access_log).by_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "path: give a saved page, or a directory of them"),
        ({"path": "absent"}, "path: cannot read 'absent': No such file or directory"),
        ({"path": "empty"}, "path: no saved page (.html, .html.gz, …) below 'empty'"),
    ],
)
def test_bad_argument_of_the_saved_spider(start_crawling, tmp_path, arguments, message):
    (tmp_path / "empty").mkdir()
    options = [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
    result = start_crawling(3).project.run("crawl", "saved", *options)
    assert (result.returncode, result.stderr) == (2, f"Error: {message}\n")


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("SITE_MIRRORS", "{", "SITE_MIRRORS: a JSON object like"),
        ("SITE_MIRRORS", '{"www.163.com": "127.0.0.1:80"}', "SITE_MIRRORS: a JSON object like"),
        ("CRAWL_RATE", "fast", "CRAWL_RATE: requests per second and host, 0 for no limit"),
        ("CRAWL_RATE", "-1", "CRAWL_RATE: requests per second and host, 0 for no limit"),
        ("SITE_MIRRORS", '{"www.163.com": "http://[x"}', "SITE_MIRRORS: a JSON object like"),
        ("MONGO_DATABASE", "a b", "MONGO_DATABASE: 'a b': "),
        ("DUPLICATES", "keep", "DUPLICATES: mark or drop, not 'keep'"),
        ("MONGO_URI", "http://localhost", "MONGO_URI cannot be used: Invalid URI scheme"),
    ],
)
def test_bad_setting(start_crawling, setting, value, message):
    crawling = start_crawling(3, **{setting: value})
    result = crawling.project.run("crawl", "article", "-a", f"urls={crawling.seed}")
    assert result.returncode in (1, 2)
    assert result.stderr.startswith(f"Error: {message}")
    assert result.stderr.count("\n") == 1


def test_unknown_spider(start_crawling):
    result = start_crawling(3).project.run("crawl", "artcle")
    assert (result.returncode, result.stderr) == (
        2,
        "Error: spider: there is no 'artcle'; `scrapy list` shows them\n",
    )


def test_other_arguments_for_a_crawl_that_exists(start_crawling):
    crawling = start_crawling(3)
    command = ("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "crawl=known")
    crawling.project.run(*command, "-a", "depth=0")
    result = crawling.project.run(*command, "-a", "depth=1")
    assert (result.returncode, result.stderr) == (
        2,
        f"Error: crawl: 'known' began with -a urls={crawling.seed} -a depth=0; give these, none,"
        " or another name\n",
    )


def test_mongodb_absent_at_start(tmp_path):
    # With Python's own warnings: pymongo leaves a refused connection to the garbage collector.
    project = ScrapyProject(tmp_path, {"MONGO_URI": "mongodb://127.0.0.1:1"}, warnings=())
    result = project.run("crawl", "article", "-a", f"urls={ARTICLE}")
    assert (result.returncode, result.stderr) == (
        1,
        "Error: MongoDB does not answer at 127.0.0.1:1: start it, correct MONGO_URI, or leave"
        " MONGO_URI empty to use the embedded one\n",
    )
