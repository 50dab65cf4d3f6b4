"""``scrapy demo``: everything at once, on a machine that has nothing."""

from __future__ import annotations

from pathlib import Path

from tests.scrapy_process import ScrapyProject


def test_demo_from_an_empty_directory(tmp_path: Path) -> None:
    result = ScrapyProject(tmp_path, {}).run("demo", "--articles", "80")
    assert result.returncode == 0, result.stderr
    assert "The sums match." in result.stdout
    assert "What to type next:" in result.stdout
    commands = [line[2:] for line in result.stdout.splitlines() if line.startswith("$ ")]
    assert [command.split()[1] for command in commands] == [
        "crawl",
        "report",
        "search",
        "search",
        "article",
    ]
    assert "无人机" in result.stdout
    assert "pages done" in result.stderr or "finished" in result.stderr
    assert (tmp_path / ".netease" / "data").is_dir()


def test_bad_number_of_articles(tmp_path: Path) -> None:
    result = ScrapyProject(tmp_path, {}).run("demo", "--articles", "0")
    assert (result.returncode, result.stderr) == (
        2,
        "Error: articles: a whole number from 1 up\n",
    )
