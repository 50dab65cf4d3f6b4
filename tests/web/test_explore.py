"""``scrapy explore`` as its users run it."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path

import pytest

from tests.scrapy_process import ScrapyProject
from tests.web.conftest import Explorer


@pytest.fixture
def project(tmp_path: Path, mongo_uri: str, database_name: str) -> ScrapyProject:
    """The project in an empty directory, on the test's database."""
    return ScrapyProject(tmp_path, {"MONGO_URI": mongo_uri, "MONGO_DATABASE": database_name})


def test_it_says_where_it_answers_and_ends_when_it_is_told(
    project: ScrapyProject, tmp_path: Path
) -> None:
    process = project.start("explore")
    log = tmp_path / "scrapy.log"
    try:
        while not log.read_text().endswith("(ctrl-C ends it)\n"):
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        address = log.read_text().split()[0]
        assert Explorer(address.rstrip("/")).get("/search").status == 200
        with socket.create_connection(("127.0.0.1", int(address.split(":")[2].rstrip("/")))):
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert log.read_text() == f"{address}  (ctrl-C ends it)\n"


def test_a_port_that_is_taken_is_said(project: ScrapyProject) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ran = project.run("explore", "--port", port)
    said = f"Error: port {port} is taken: give another, or none\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", said)


def test_a_port_that_is_none_is_said(project: ScrapyProject) -> None:
    ran = project.run("explore", "--port", "65536")
    said = "Error: port: a whole number from 0 (any) to 65535, not '65536'\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", said)
