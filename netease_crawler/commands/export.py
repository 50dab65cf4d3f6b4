"""``scrapy export``: the archive, or a part of it, as a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from pymongo.errors import PyMongoError

from netease_crawler.exports.files import Export, write_export
from netease_crawler.exports.formats import COLUMNS
from netease_crawler.exports.whole_file import BusyError
from netease_crawler.exports.writing import FORMATS, SCHEMAS, can_write_parquet
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import StorageUnavailableError
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.selection import (
    WORDS,
    add_selection_options,
    only_argument,
    read_selection,
)

_STANDARD_OUTPUT = "-"


class Command(ArchiveCommand):
    example = "scrapy export articles.csv --source 城市观察 --since 2024-05-01"

    def syntax(self) -> str:
        return "[options] <file>"

    def short_desc(self) -> str:
        return "Write articles of the archive to a file: JSON lines, CSV, Parquet, GraphML"

    def long_desc(self) -> str:
        return (
            "Writes the selected articles, the newest first, to a file (- is the standard"
            " output). The file is there when it is complete, and not before: an export that fails"
            " or is killed leaves none, and is run again. JSON lines and Parquet hold every field,"
            " times in UTC. CSV is made for spreadsheets: times in Beijing, a text that could be"
            " taken for a formula begins with an apostrophe; its columns are "
            + ", ".join(COLUMNS)
            + ". GraphML holds the selected articles, what they recommend, and the recommendations."
            f" {WORDS}"
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--text", metavar="WORDS", help="with these in title or text")
        add_selection_options(parser)
        parser.add_argument(
            "--format", metavar="|".join(FORMATS), help="default: by the file's ending; jsonl for -"
        )
        parser.add_argument(
            "--schema",
            metavar="|".join(SCHEMAS),
            default="netease",
            help="zyte: rows are Articles of zyte-common-items (jsonl, csv)",
        )
        parser.add_argument(
            "--card",
            action="store_true",
            help="also write FILE.md, which says what is in the file; Parquet always has it",
        )
        parser.add_argument("--overwrite", action="store_true", help="replace the file, its card")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        target = only_argument(args, "file")
        if not target:
            raise CommandError("give the file to write, or - for the standard output", 2)
        export = _export(target, opts)
        async with await self.open_archive() as storage:
            if export.query.phrases and (missing := await Archive(storage.database).unsearchable()):
                raise CommandError(
                    f"{missing} articles have no search data, and would be missing; `scrapy"
                    " reindex` makes it"
                )
            try:
                contents = await write_export(storage.database, export, _say)
            except BrokenPipeError:
                raise
            except BusyError:
                raise CommandError(f"{target} is being written by another export") from None
            except OSError as error:
                raise CommandError(f"cannot write {target}: {error.strerror or error}") from None
            except (StorageUnavailableError, PyMongoError) as error:
                lost = f"{target} was not written" if export.path else "the export is not complete"
                raise CommandError(f"{lost}: {error}") from None
        print(f"{contents.articles} articles written to {target}", file=sys.stderr)


def _export(target: str, opts: Namespace) -> Export:
    """Return what *opts* ask for; raises CommandError."""
    query = read_selection(opts, opts.text)
    form = _format(target, opts.format)
    if opts.schema not in SCHEMAS:
        raise CommandError(f"schema: {' or '.join(SCHEMAS)}, not {opts.schema!r}", 2)
    if opts.schema != "netease" and form not in SCHEMAS[opts.schema]:
        raise CommandError(f"--schema {opts.schema} goes with jsonl and csv, not {form}", 2)
    has_card = opts.card or form == "parquet"
    if target == _STANDARD_OUTPUT:
        if has_card:
            raise CommandError(f"{'--card' if opts.card else form}: give a file, not -", 2)
        return Export(query=query, format=form, schema=opts.schema, path=None, card=None)
    path = Path(target).expanduser()
    card = path.with_name(f"{path.name}.md") if has_card else None
    for one in filter(None, (path, card)):
        _check_free(one, target if one is path else f"{target}.md", overwrite=opts.overwrite)
    return Export(query=query, format=form, schema=opts.schema, path=path, card=card)


def _format(target: str, given: str | None) -> str:
    if given is None and target == _STANDARD_OUTPUT:
        given = "jsonl"
    name = given or Path(target).suffix.removeprefix(".").lower()
    if name not in FORMATS:
        raise CommandError(
            f"format: {_either(FORMATS)}, not {given!r}"
            if given
            else f"{target}: end its name with {_either([f'.{one}' for one in FORMATS])}, or give"
            " --format",
            2,
        )
    if name == "parquet" and not can_write_parquet():
        raise CommandError("Parquet needs pyarrow: pip install -r requirements-parquet.txt", 2)
    return name


def _check_free(path: Path, name: str, *, overwrite: bool) -> None:
    if path.exists():
        if not path.is_file():
            raise CommandError(f"{name} is no file; - is the standard output", 2)
        if not overwrite:
            raise CommandError(f"{name} exists; --overwrite replaces it", 2)


def _either(names: tuple[str, ...] | list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _say(line: str) -> None:
    print(line, file=sys.stderr)
