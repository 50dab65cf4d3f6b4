"""What SECURITY.md says is so: nothing listens, nothing is unpickled, no password is told."""

from __future__ import annotations

import ast
import contextlib
import secrets
import time
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from scrapy.utils.project import get_project_settings

from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import Database, StorageUnavailableError, open_client
from tests.scrapy_process import ROOT, ScrapyProject

PACKAGE = sorted((ROOT / "netease_crawler").rglob("*.py"))
PAGE = ROOT / "tests" / "fixtures" / "pages" / "ep"

_LISTENING = "0A"  # st of /proc/net/tcp
_LOOPBACK = ("0100007F", "00000000000000000000000001000000")  # 127.0.0.1, ::1


# --- Nothing executes what it reads


@pytest.mark.parametrize("file", PACKAGE, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_executes_what_it_reads(file):
    assert list(executing(file.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pickle", ["pickle"]),
        ("from marshal import loads", ["marshal"]),
        ("def late():\n    import shelve", ["shelve"]),
        ("import yaml\nyaml.load(text)", ["yaml"]),
        ("import dill as json", ["dill"]),
        ("eval(text)", ["eval"]),
        ("exec(compile(text, '', 'exec'))", ["exec", "compile"]),
        ("run = eval", ["eval"]),
        ("__import__(name)", ["__import__"]),
        ("import_module(name)", ["import_module"]),
        ("os.system(text)", ["system"]),
        ("subprocess.run(text, shell=True)", ["shell"]),
        ("import json, re\njson.loads(text)\nre.compile(text)", []),
    ],
)
def test_what_executes_is_found(source, expected):
    assert list(executing(source)) == expected


def executing(source: str) -> Iterator[str]:
    """Give what in *source* may execute data."""
    modules = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dbm", "yaml", "dill"}
    modules |= {"cloudpickle", "joblib", "jsonpickle"}
    names = {"eval", "exec", "compile", "__import__", "import_module"}
    attributes = {"system", "popen", "import_module"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported = [alias.name.split(".")[0] for alias in node.names]
            yield from (name for name in imported if name in modules)
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] in modules:
                yield str(node.module)
        elif isinstance(node, ast.Name) and node.id in names:
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr in attributes:
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg == "shell":
            yield "shell"


# --- Nothing listens beyond this machine


def listening(pid: int) -> list[tuple[str, bool]]:
    """Return the addresses (hexadecimal) on which *pid* listens, and whether each is loopback."""
    links = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since
            links.add(str(descriptor.readlink()))
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            address, state, inode = fields[1].split(":")[0], fields[3], fields[9]
            if state == _LISTENING and f"socket:[{inode}]" in links:
                found.append((address, address in _LOOPBACK))
    return found


def test_scrapys_consoles_are_off(monkeypatch):
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "netease_crawler.settings")
    settings = get_project_settings()
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")


def test_a_crawl_does_not_listen(tmp_path, mongo_uri, database_name):
    with DemoSite(articles=20) as site:
        settings = {
            "MONGO_URI": mongo_uri,
            "MONGO_DATABASE": database_name,
            "SITE_MIRRORS": site.mirrors,
            "CRAWL_RATE": 1,
            "LOGSTATS_INTERVAL": 0.2,
        }
        project = ScrapyProject(tmp_path, settings)
        crawl = project.start("crawl", "article", "-a", f"urls={Site(20).seeds()[0]}")
        try:
            log = tmp_path / "scrapy.log"
            while "begins; to go on with it" not in log.read_text():
                assert crawl.poll() is None, log.read_text()
                time.sleep(0.05)
            assert listening(crawl.pid) == []
        finally:
            crawl.kill()
            crawl.wait()


def test_demo_site_listens_on_loopback_alone():
    with DemoSite(articles=3) as site:
        assert listening(site._process.pid) == [(_LOOPBACK[0], True)]


def test_embedded_mongod_listens_on_loopback_alone(in_database):
    async def pid(database: Database) -> int:
        return int((await database.command("serverStatus"))["pid"])

    assert listening(in_database(pid)) == [(_LOOPBACK[0], True)]


def test_scrapyd_of_the_example_listens_on_loopback_alone():
    example = ConfigParser()
    example.read(ROOT / "scrapyd.conf")
    assert example["scrapyd"]["bind_address"] == "127.0.0.1"


# --- No password is told


ABSENT = "mongodb://writer:p8XwSecret@127.0.0.1:1"
DEBUG = ("-s", "LOG_LEVEL=DEBUG")
SAVED = ("crawl", "saved", "-a", f"path={PAGE}")
ARTICLE = ("crawl", "article", "-a", "urls=J22CN60P0514R9KQ")


@pytest.mark.parametrize(
    "command", [ARTICLE, SAVED, ("report",), ("search", "地铁"), ("forget", "--yes", "05149ABC")]
)
def test_no_password_where_mongodb_does_not_answer(tmp_path, command):
    # With Python's own warnings: pymongo leaves a refused connection to the garbage collector.
    project = ScrapyProject(tmp_path, {"MONGO_URI": ABSENT}, warnings=())
    result = project.run(*command, *DEBUG)
    told = result.stdout + result.stderr
    assert result.returncode == 1
    assert "Error: MongoDB does not answer at 127.0.0.1:1: " in told
    assert "p8XwSecret" not in told


@pytest.mark.parametrize(
    "uri",
    [
        "http://writer:p8XwSecret@127.0.0.1:1",
        "writer:p8XwSecret@127.0.0.1:1",
        "mongodb://writer:p8XwSecret@127.0.0.1:port",
        "mongodb://writer:p8XwSecret@127.0.0.1:99999",
        "mongodb://writer:p8XwSecret@",
        "mongodb://writer:p8XwSecret@127.0.0.1:1/?timeout",
        "mongodb://writer:p8XwSecret@127.0.0.1:1/a b",
        "mongodb://writer:p8XwSecret@127.0.0.1:1/?tls=true&tlsCAFile=/absent/ca.pem",
        "mongodb+srv://writer:p8XwSecret@one.two.three:1",
        # what must be escaped in a password, and is not
        "mongodb://writer:1/p8XwSecret@127.0.0.1:1",
        "mongodb://writer:1/.p8XwSecret@127.0.0.1:1",
        "mongodb://writer:1?p8XwSecret@127.0.0.1:1",
        "mongodb://writer:1?a=p8XwSecret@127.0.0.1:1",
        "mongodb://writer:1#p8XwSecret@127.0.0.1:1",
        "mongodb://writer:a@p8XwSecret@127.0.0.1:1",
        "mongodb://writer:a@p8XwSecret/b@127.0.0.1:1",
        "mongodb://writer:a:p8XwSecret@127.0.0.1:1",
        "mongodb://writer:[p8XwSecret@127.0.0.1:x",
        "mongodb://writer:%p8XwSecret@127.0.0.1:1",
    ],
)
def test_no_password_in_the_error_of_an_invalid_uri(uri):
    with pytest.raises(StorageUnavailableError, match=r"^MONGO_URI cannot be used: ") as error:
        open_client(uri)
    assert "p8XwSecret" not in str(error.value)


def test_an_invalid_uri_is_one_line_without_its_password(tmp_path):
    uri = "mongodb://writer:1/.p8XwSecret@127.0.0.1:1"
    result = ScrapyProject(tmp_path, {"MONGO_URI": uri}).run(*ARTICLE, *DEBUG)
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        "Error: MONGO_URI cannot be used: '/', '?', '#' and '@' in a password or an option must be"
        " escaped, as urllib.parse.quote_plus does\n",
    )


@pytest.fixture
def secured_uri(mongo_uri, database_name, in_database) -> Iterator[tuple[str, str]]:
    """Address of the test run's server for a user with a password, and that password."""
    password = f"p8Xw/{secrets.token_hex(8)}"
    roles = [{"role": "readWrite", "db": database_name}]

    in_database(
        lambda database: database.command("createUser", "writer", pwd=password, roles=roles)
    )
    server = mongo_uri.removeprefix("mongodb://").partition("/")[0]
    options = f"?directConnection=true&authSource={database_name}"
    yield f"mongodb://writer:{quote_plus(password)}@{server}/{options}", password
    in_database(lambda database: database.command("dropUser", "writer"))


def test_no_password_in_the_log_and_the_archive_of_a_crawl(
    tmp_path, secured_uri, database_name, in_database
):
    uri, password = secured_uri
    project = ScrapyProject(tmp_path, {"MONGO_URI": uri, "MONGO_DATABASE": database_name})
    results = [
        project.run(*SAVED, *DEBUG),
        *(project.run(*command, *DEBUG) for command in (("report",), ("report", "--json"))),
    ]
    told = "".join(result.stdout + result.stderr for result in results)

    async def stored(database: Database) -> str:
        names = await database.list_collection_names()
        return "".join([str(await database[name].find().to_list()) for name in names])

    archive = in_database(stored)
    assert [result.returncode for result in results] == [0, 0, 0], told
    assert str(PAGE) in archive
    assert [text for text in (password, quote_plus(password)) if text in told + archive] == []


def test_no_password_in_the_error_of_a_refused_one(tmp_path, secured_uri, database_name):
    uri, password = secured_uri
    wrong = uri.replace(quote_plus(password), "p8XwSecret")
    project = ScrapyProject(tmp_path, {"MONGO_URI": wrong, "MONGO_DATABASE": database_name})
    result = project.run(*ARTICLE, *DEBUG)
    assert result.returncode == 1
    assert "refuses us: Authentication failed" in result.stderr
    assert "p8XwSecret" not in result.stdout + result.stderr
