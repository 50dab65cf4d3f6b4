from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from netease_crawler.exports.files import Export, write_export
from netease_crawler.exports.writing import FORMATS
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.connection import Database, open_client
from netease_crawler.storage.indexes import ensure_indexes
from netease_crawler.storage.server import ensure_server
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import SEEN, make_article
from tests.conftest import InDatabase
from tests.crawl.test_crashes import mongod_pid
from tests.scrapy_process import ScrapyProject

DOC_IDS = [f"K0{number:06d}05149ABC" for number in range(1000)]


async def write(database: Database, *doc_ids: str) -> None:
    articles = [make_article(doc_id) for doc_id in doc_ids]
    await ArticleWriter(database, "c1").write(
        [Entry(article=article, page=article.doc_id) for article in articles], SEEN
    )


@pytest.mark.parametrize("form", FORMATS)
def test_what_fails_in_the_middle_leaves_neither_file(
    in_database: InDatabase[None], tmp_path: Path, form: str
) -> None:
    export = Export(
        query=ArticleQuery(),
        format=form,
        schema="netease",
        path=tmp_path / "a",
        card=tmp_path / "a.md",
    )

    async def scenario(database: Database) -> None:
        await write(database, *DOC_IDS)
        await database["articles"].insert_one({"_id": "no article"})  # is read after them
        await write_export(database, export, print)

    with pytest.raises(TypeError, match="'title'"):
        in_database(scenario)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_goes_away_is_one_line(tmp_path: Path) -> None:
    with ensure_server(tmp_path / "database", idle_seconds=1) as server:

        async def scenario() -> None:
            async with open_client(server.uri) as client:
                await ensure_indexes(client["netease"])
                await write(client["netease"], *DOC_IDS)

        asyncio.run(scenario())
        # the driver may leave a socket of a server that died to the garbage collector, which warns
        project = ScrapyProject(tmp_path, {"MONGO_URI": server.uri}, warnings=())
        export = subprocess.Popen(
            project._command(("export", "-")),
            cwd=tmp_path,
            env=project._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert export.stdout is not None
        first = json.loads(export.stdout.readline())  # it waits, as nobody reads the rest
        supervisor = int((tmp_path / "database" / "supervisor.lock").read_text())
        for pid in (supervisor, mongod_pid(tmp_path / "database", besides=set())):
            os.kill(pid, signal.SIGKILL)
        rest, errors = export.communicate(timeout=60)
    assert export.returncode == 1
    assert first["doc_id"] == DOC_IDS[-1]
    assert 0 < rest.count("\n") < len(DOC_IDS) - 1
    assert errors == (
        "Error: the export is not complete: MongoDB went away; run the command again when it is"
        " back\n"
    )
