"""``scrapy export``: the archive, or a part of it, as a file."""

from __future__ import annotations

import io
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, aclosing, contextmanager
from pathlib import Path
from typing import TextIO

from netease_crawler.exports.formats import COLUMNS, FORMATS, Writer
from netease_crawler.exports.whole_file import BusyError, whole_file
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.selection import (
    WORDS,
    add_selection_options,
    only_argument,
    read_selection,
)

_STANDARD_OUTPUT = "-"
_PROGRESS_SECONDS = 3.0


class Command(ArchiveCommand):
    example = "scrapy export articles.csv --source 城市观察 --since 2024-05-01"

    def syntax(self) -> str:
        return "[options] <file>"

    def short_desc(self) -> str:
        return "Write articles of the archive to a file, as JSON lines or CSV"

    def long_desc(self) -> str:
        return (
            "Writes the selected articles, the newest first, to a file (- is the standard"
            " output). The file is there when it is complete, and not before. JSON lines hold"
            " every field, times in UTC. CSV is made for spreadsheets: times in Beijing, a text"
            " that could be taken for a formula begins with an apostrophe; its columns are "
            + ", ".join(COLUMNS)
            + f". {WORDS}"
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--text", metavar="WORDS", help="with these in title or text")
        add_selection_options(parser)
        parser.add_argument(
            "--format", metavar="|".join(FORMATS), help="default: by the file's ending; jsonl for -"
        )
        parser.add_argument("--overwrite", action="store_true", help="replace the file")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        target = only_argument(args, "file")
        if not target:
            raise CommandError("give the file to write, or - for the standard output", 2)
        query = read_selection(opts, opts.text)
        writer = _writer(target, opts.format)
        destination = _destination(target, overwrite=opts.overwrite)
        async with await self.open_archive() as storage:
            if query.phrases and (missing := await Archive(storage.database).unsearchable()):
                raise CommandError(
                    f"{missing} articles have no search data, and would be missing; `scrapy"
                    " reindex` makes it"
                )
            try:
                with destination as file:
                    written = await _write(Archive(storage.database), query, writer(file))
            except BrokenPipeError:
                raise
            except BusyError:
                raise CommandError(f"{target} is being written by another export") from None
            except OSError as error:
                raise CommandError(f"cannot write {target}: {error.strerror}") from None
        print(f"{written} articles written to {target}", file=sys.stderr)


async def _write(archive: Archive, query: ArticleQuery, writer: Writer) -> int:
    total = await archive.count(query)
    written, said_at = 0, time.monotonic()
    async with aclosing(archive.find(query)) as articles:
        async for stored in articles:
            writer.write(stored)
            written += 1
            if time.monotonic() - said_at >= _PROGRESS_SECONDS:
                said_at = time.monotonic()
                print(f"{written} of {total} articles", file=sys.stderr)
    return written


def _writer(target: str, given: str | None) -> type[Writer]:
    if given is None and target == _STANDARD_OUTPUT:
        given = "jsonl"
    name = given or Path(target).suffix.removeprefix(".").lower()
    if name not in FORMATS:
        raise CommandError(
            f"format: {' or '.join(FORMATS)}, not {given!r}"
            if given
            else f"{target}: end its name with .jsonl or .csv, or give --format",
            2,
        )
    return FORMATS[name]


def _destination(target: str, *, overwrite: bool) -> AbstractContextManager[TextIO]:
    if target == _STANDARD_OUTPUT:
        return _standard_output()
    path = Path(target).expanduser()
    if path.exists():
        if not path.is_file():
            raise CommandError(f"{target} is no file; - is the standard output", 2)
        if not overwrite:
            raise CommandError(f"{target} exists; --overwrite replaces it", 2)
    return whole_file(path)


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    yield sys.stdout
    sys.stdout.flush()
