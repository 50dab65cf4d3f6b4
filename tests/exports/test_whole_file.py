from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import pytest

from netease_crawler.exports.whole_file import BusyError, whole_file


def test_the_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with whole_file(path) as file:
        file.write("一\r\n".encode())
        assert names(tmp_path) == ["a.csv.part"]
    assert names(tmp_path) == ["a.csv"]
    assert path.read_bytes() == "一\r\n".encode()


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(ValueError, match="no longer"), whole_file(path) as file:
        _fail(file)
    assert names(tmp_path) == ["a.csv"]
    assert path.read_text() == "old"


def test_what_a_killed_writer_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.csv.part").write_text("a long half of a file")
    with whole_file(tmp_path / "a.csv") as file:
        file.write(b"new")
    assert (tmp_path / "a.csv").read_text() == "new"


def test_two_writers_do_not_mix(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a.csv") as file:
        file.write(b"first")
        with pytest.raises(BusyError), whole_file(tmp_path / "a.csv"):
            pass
    assert (tmp_path / "a.csv").read_text() == "first"


def _fail(file: BinaryIO) -> None:
    file.write(b"new")
    raise ValueError("no longer")


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())
