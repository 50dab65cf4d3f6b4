from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

import networkx
import pyarrow.parquet as pq
import pytest
from scrapy.settings import Settings

from netease_crawler.commands.export import Command
from netease_crawler.storage.deletions import mark_deleted
from netease_crawler.terminal.command import CommandError
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import InDatabase, Store
from tests.scrapy_process import ScrapyProject

COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"


@pytest.fixture(autouse=True)
def articles(store: Store) -> None:
    store(
        make_full_article(EARLY),
        make_article(MIDDLE, text=COPIED, source="山城晚报", published_at=SEEN),
        make_article(LATE, text=COPIED, source="山城晚报"),
    )


def ids(lines: str) -> list[str]:
    return [json.loads(line)["doc_id"] for line in lines.splitlines()]


def test_json_lines_are_whole_articles(project: ScrapyProject, tmp_path: Path) -> None:
    done = project.run("export", "all.jsonl")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "",
        "2 articles written to all.jsonl\n",
    )
    lines = (tmp_path / "all.jsonl").read_text("utf-8").splitlines()
    assert lines == [
        project.run("article", doc_id, "--json").stdout.rstrip("\n") for doc_id in (MIDDLE, EARLY)
    ]
    assert names(tmp_path) == ["all.jsonl"]


def test_csv_of_a_selection(project: ScrapyProject, tmp_path: Path) -> None:
    done = project.run(
        "export", "some.CSV", "--text", "排队", "--source", "山城晚报", "--with-copies"
    )
    assert done.stderr == "2 articles written to some.CSV\n"
    rows = (tmp_path / "some.CSV").read_bytes().decode("utf-8-sig").split("\r\n")
    assert [row.split(",")[0] for row in rows] == ["doc_id", MIDDLE, LATE, ""]


def test_standard_output(project: ScrapyProject) -> None:
    done = project.run("export", "-", "--until", "2025-03-04T10:00")
    assert (done.returncode, ids(done.stdout)) == (0, [EARLY])


def test_what_was_deleted_is_left_out_when_asked(
    project: ScrapyProject, in_database: InDatabase[Any]
) -> None:
    gone_at = SEEN + timedelta(days=1)
    in_database(lambda database: mark_deleted(database, {MIDDLE: gone_at}))
    assert ids(project.run("export", "-").stdout) == [MIDDLE, EARLY]
    assert ids(project.run("export", "-", "--deleted").stdout) == [MIDDLE]
    assert ids(project.run("export", "-", "--not-deleted").stdout) == [EARLY]


def test_a_file_is_replaced_only_when_asked(project: ScrapyProject, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("mine")
    done = project.run("export", "all.jsonl")
    assert (done.returncode, done.stderr) == (
        2,
        "Error: all.jsonl exists; --overwrite replaces it\n",
    )
    assert path.read_text() == "mine"
    assert project.run("export", "all.jsonl", "--overwrite").returncode == 0
    assert ids(path.read_text("utf-8")) == [MIDDLE, EARLY]


@pytest.mark.parametrize(
    ("arguments", "exitcode", "message"),
    [
        ([], 2, "give the file to write, or - for the standard output"),
        (
            ["a.txt"],
            2,
            "a.txt: end its name with .jsonl, .csv, .parquet or .graphml, or give --format",
        ),
        (["a.csv", "--format", "xml"], 2, "format: jsonl, csv, parquet or graphml, not 'xml'"),
        (
            ["a.parquet", "--schema", "zyte"],
            2,
            "--schema zyte goes with jsonl and csv, not parquet",
        ),
        (["/dev/null", "--format", "csv"], 2, "/dev/null is no file; - is the standard output"),
        (["no/a.csv"], 1, "cannot write no/a.csv: No such file or directory"),
        (
            ["a.csv", "--since", "x"],
            2,
            "since: a date like 2024-05-31 or a time like 2024-05-31T08:00 (Beijing), not 'x'",
        ),
    ],
)
def test_what_cannot_be_exported_is_one_line(
    project: ScrapyProject, tmp_path: Path, arguments: list[str], exitcode: int, message: str
) -> None:
    done = project.run("export", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (exitcode, "", f"Error: {message}\n")
    assert names(tmp_path) == []


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_parquet_has_a_card_beside_it(project: ScrapyProject, tmp_path: Path) -> None:
    done = project.run("export", "all.parquet", "--with-copies")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "",
        "3 articles written to all.parquet\n",
    )
    assert names(tmp_path) == ["all.parquet", "all.parquet.md"]
    rows = pq.read_table(tmp_path / "all.parquet").to_pylist()
    assert [(row["doc_id"], row["copy_of"]) for row in rows] == [
        (MIDDLE, None),
        (LATE, MIDDLE),
        (EARLY, None),
    ]
    card = (tmp_path / "all.parquet.md").read_text("utf-8")
    digest = hashlib.sha256((tmp_path / "all.parquet").read_bytes()).hexdigest()
    for line in (f"| SHA-256 | `{digest}` |", "| articles | 3 |", "全部文章；含转载副本。"):
        assert line in card.splitlines()


def test_a_card_that_exists_is_not_replaced(project: ScrapyProject, tmp_path: Path) -> None:
    (tmp_path / "a.csv.md").write_text("mine")
    done = project.run("export", "a.csv", "--card")
    assert (done.returncode, done.stderr) == (
        2,
        "Error: a.csv.md exists; --overwrite replaces it\n",
    )
    assert names(tmp_path) == ["a.csv.md"]


def test_graphml_of_a_selection(project: ScrapyProject, tmp_path: Path) -> None:
    done = project.run("export", "g.graphml", "--source", "江畔观察", "--card")
    assert done.stderr == "1 articles written to g.graphml\n"
    graph = networkx.read_graphml(tmp_path / "g.graphml")
    assert sorted(graph.edges) == [(EARLY, LATE), (EARLY, "VABCDEFGH")]
    card = (tmp_path / "g.graphml.md").read_text("utf-8").splitlines()
    assert [line for line in card if line.endswith(("nodes:", "edges:"))] == [
        "3 nodes:",
        "2 edges:",
    ]


def test_rows_of_another_schema(project: ScrapyProject) -> None:
    done = project.run("export", "-", "--schema", "zyte", "--source", "江畔观察")
    [article] = map(json.loads, done.stdout.splitlines())
    assert (article["headline"], article["datePublished"]) == (
        "江畔新城地铁二号线开通",
        "2025-03-04T01:02:03Z",
    )


def test_parquet_without_its_package_says_what_to_install(
    project: ScrapyProject, tmp_path: Path
) -> None:
    hidden = (
        "import sys; sys.modules['pyarrow'] = None; from scrapy.cmdline import execute; execute()"
    )
    done = subprocess.run(
        [sys.executable, "-c", hidden, "export", "a.parquet"],
        cwd=tmp_path,
        env=project._environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "Error: Parquet needs pyarrow: pip install -r requirements-parquet.txt\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "--card"], "--card: give a file, not -"),
        (["-", "--format", "parquet"], "parquet: give a file, not -"),
        (["a.csv", "--schema", "x"], "schema: netease or zyte, not 'x'"),
    ],
)
def test_what_cannot_be_asked(arguments: list[str], message: str) -> None:
    command = Command()
    command.settings = Settings()
    parser = ArgumentParser()
    command.add_options(parser)
    opts, rest = parser.parse_known_args(arguments[1:])
    with pytest.raises(CommandError) as raised:
        asyncio.run(command.run_async([*arguments[:1], *rest], opts))
    assert (str(raised.value), raised.value.exitcode) == (message, 2)
