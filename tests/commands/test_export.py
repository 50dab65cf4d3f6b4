from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.commands.conftest import Store
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
        (["a.txt"], 2, "a.txt: end its name with .jsonl or .csv, or give --format"),
        (["a.csv", "--format", "xml"], 2, "format: jsonl or csv, not 'xml'"),
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
