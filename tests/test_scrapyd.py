"""The project deployed to a real scrapyd, as docs and scrapyd.conf say, and run there."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from zipfile import ZipFile

import pytest

from netease_crawler import __version__
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from netease_crawler.storage.connection import open_client

_ROOT = Path(__file__).parents[1]
_DEPLOYED = ("netease_crawler", "tests", "scrapy.cfg", "pyproject.toml", "setup.py")
_PATIENCE = 120  # seconds


class Scrapyd:
    """A scrapyd with the example's configuration, in *directory*, on a port of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        self._password = token_urlsafe()
        self.environment = {
            **os.environ,
            "SCRAPYD_HTTP_PORT": self.url.rstrip("/").rpartition(":")[2],
            "SCRAPYD_USERNAME": "editor",
            "SCRAPYD_PASSWORD": self._password,
        }
        # the egg is all that a job finds of the project
        for name in ("PYTHONPATH", "SCRAPY_SETTINGS_MODULE"):
            self.environment.pop(name, None)
        shutil.copy(_ROOT / "scrapyd.conf", directory)

    def __enter__(self) -> Scrapyd:
        with (self.directory / "scrapyd.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "scrapyd"],
                cwd=self.directory,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._listens():
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=_PATIENCE)

    def _listens(self) -> bool:
        try:
            self.ask("daemonstatus.json")
        except urllib.error.URLError:
            return False
        return True

    def ask(self, service: str, *fields: tuple[str, str]) -> dict[str, Any]:
        """Return the answer of *service*; *fields* make it a POST."""
        credentials = b64encode(f"editor:{self._password}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - http, see above
            self.url + service,
            headers={"Authorization": f"Basic {credentials}"},
            data=urllib.parse.urlencode(fields).encode() if fields else None,
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        return found

    def run(self, spider: str, arguments: Mapping[str, str], settings: Mapping[str, str]) -> str:
        """Run a job to its end and return its id."""
        job: str = self.ask(
            "schedule.json",
            ("project", "netease_crawler"),
            ("spider", spider),
            *(("setting", f"{name}={value}") for name, value in settings.items()),
            *arguments.items(),
        )["jobid"]
        deadline = time.monotonic() + _PATIENCE
        while self.ask(f"status.json?job={job}")["currstate"] != "finished":
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.2)
        return job

    def log(self) -> str:
        """Return what scrapyd and its jobs logged."""
        return "\n".join(log.read_text("utf-8") for log in self.directory.rglob("*.log"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is deployed, for the build leaves its directories behind."""
    directory = tmp_path_factory.mktemp("project")
    ignore = shutil.ignore_patterns("__pycache__")
    for name in _DEPLOYED:
        source = _ROOT / name
        if source.is_dir():
            shutil.copytree(source, directory / name, ignore=ignore)
        else:
            shutil.copy(source, directory)
    return directory


@pytest.fixture(scope="module")
def scrapyd(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    """A scrapyd that the project is deployed to."""
    with Scrapyd(tmp_path_factory.mktemp("scrapyd")) as daemon:
        configuration = project / "scrapy.cfg"
        local = configuration.read_text()
        configuration.write_text(local.replace("http://127.0.0.1:6800/", daemon.url))
        deployed = _scrapyd_deploy(project, daemon.environment, "local")
        assert deployed.returncode == 0, deployed.stdout + deployed.stderr
        yield daemon


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoSite]:
    with DemoSite(articles=60) as site:
        yield site


def test_the_egg_holds_the_package_and_nothing_else(project: Path, tmp_path: Path) -> None:
    egg = tmp_path / "project.egg"
    built = _scrapyd_deploy(project, os.environ, "--build-egg", str(egg))
    assert built.returncode == 0, built.stdout + built.stderr
    with ZipFile(egg) as archive:
        names = {name for name in archive.namelist() if not name.endswith((".pyc", "/"))}
        metadata = archive.read("EGG-INFO/PKG-INFO").decode()
    package = (path for path in (project / "netease_crawler").rglob("*") if path.is_file())
    assert {name for name in names if not name.startswith("EGG-INFO/")} == {
        path.relative_to(project).as_posix() for path in package
    }
    assert f"\nVersion: {__version__}\n" in metadata


def test_without_the_password_scrapyd_answers_nothing(scrapyd: Scrapyd) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(scrapyd.url + "listprojects.json")  # noqa: S310
    with refused.value as error:
        assert error.code == 401


def test_the_version_is_a_whole_number(scrapyd: Scrapyd) -> None:
    versions = scrapyd.ask("listversions.json?project=netease_crawler")["versions"]
    assert [version.isdecimal() for version in versions] == [True]


def test_the_spiders_are_listed(scrapyd: Scrapyd) -> None:
    spiders = scrapyd.ask("listspiders.json?project=netease_crawler")["spiders"]
    modules = {path.stem for path in (_ROOT / "netease_crawler/spiders").glob("*.py")}
    assert {"article", "saved"} <= {*spiders} <= modules


def test_a_job_crawls_into_the_archive(
    scrapyd: Scrapyd, demo: DemoSite, mongo_uri: str, database_name: str
) -> None:
    site = Site(articles=60)
    (url,) = site.seeds()
    reachable = site.reachable(_doc_id(url), depth=1)
    existing = {doc_id for doc_id in reachable if not site.is_deleted(_number(site, doc_id))}
    job = scrapyd.run(
        "article", {"urls": url, "depth": "1"}, _settings(demo, mongo_uri, database_name)
    )
    articles, crawls = _stored(mongo_uri, database_name)
    assert {article["_id"] for article in articles} == existing, scrapyd.log()
    assert [(crawl["_id"], crawl["outcome"]) for crawl in crawls] == [(job, "finished")]


def test_arguments_arrive_in_chinese(
    scrapyd: Scrapyd, demo: DemoSite, mongo_uri: str, database_name: str
) -> None:
    site = Site(articles=60)
    truths = [site.truth(number) for number in range(site.articles)]
    wanted = next(truth["source"] for truth in truths if truth["kind"] != "deleted")
    urls = [truth["url"] for truth in truths]
    scrapyd.run(
        "article",
        {"urls": ",".join(urls), "depth": "0", "accounts": wanted, "crawl": "一个账号"},
        _settings(demo, mongo_uri, database_name),
    )
    articles, crawls = _stored(mongo_uri, database_name)
    assert {article["_id"] for article in articles} == {
        truth["doc_id"]
        for truth in truths
        if truth["source"] == wanted and truth["kind"] != "deleted"
    }, scrapyd.log()
    assert [(crawl["_id"], crawl["arguments"]["accounts"]) for crawl in crawls] == [
        ("一个账号", wanted)
    ]


def _scrapyd_deploy(
    project: Path, environment: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("scrapyd-deploy"), *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _settings(demo: DemoSite, mongo_uri: str, database_name: str) -> dict[str, str]:
    return {
        "MONGO_URI": mongo_uri,
        "MONGO_DATABASE": database_name,
        "SITE_MIRRORS": demo.mirrors,
        "CRAWL_RATE": "0",
    }


def _stored(uri: str, database: str) -> tuple[Sequence[Any], Sequence[Any]]:
    async def read() -> tuple[Sequence[Any], Sequence[Any]]:
        async with open_client(uri) as client:
            collections = client[database]
            return (
                await collections["articles"].find().to_list(),
                await collections["crawls"].find().to_list(),
            )

    return asyncio.run(read())


def _doc_id(url: str) -> str:
    return url.rsplit("/", 1)[1].removesuffix(".html")


def _number(site: Site, doc_id: str) -> int:
    number = site.index(doc_id)
    assert number is not None
    return number
