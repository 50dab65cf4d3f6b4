"""``scrapy forget``: articles and accounts out of the archive, for good."""

from __future__ import annotations

import re
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from netease_crawler.json_text import as_json
from netease_crawler.ledger.forgetting import count_forgettable, forget
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database
from netease_crawler.storage.forgetting import Selection, same_text, select
from netease_crawler.storage.forgotten import forgotten_among
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.urls import doc_id_from_url, is_doc_id, media_id_from_url

_WORDS = {
    "articles": "articles",
    "revisions": "earlier states of them",
    "mentions": "articles and revisions of others that lose its title from a list",
    "recommendations": "recommendations by it and of it",
    "headlines": "headlines",
    "quarantine": "pages in the quarantine",
    "accounts": "accounts",
    "frontier": "pages of crawls, which end as filtered: forgotten",
}
_ACCOUNT = re.compile(r"T\d{13}|[0-9A-Z]{8}", re.ASCII)  # media id, column
_SHOWN = 10  # doc ids with the same text


class Command(ArchiveCommand):
    example = "scrapy forget J22CN60P0514R9KQ"

    def syntax(self) -> str:
        return "[options] <article or account> ..."

    def short_desc(self) -> str:
        return "Remove articles or whole accounts from the archive, for good"

    def long_desc(self) -> str:
        return (
            "Removes articles (doc ids, or any form of their addresses) and whole accounts (media"
            " ids T…, the addresses of their pages, or columns: the last 8 characters of their doc"
            " ids) from the archive: text, earlier states, recommendations by them and of them,"
            " their titles in the lists of other articles, quarantined pages, the account's card."
            " No later crawl stores them again. What stays: the bare ids (in `forgotten`,"
            " `frontier` and the arguments of crawls), the account's card where only an article of"
            " it is named, other articles with the same text, which are listed, and what is in"
            " other articles' own texts and quarantined pages, or in files. Shows what would go,"
            " and asks; killed, it is run again. The exit code is 1 where one of them is not in"
            " the archive, and then nothing was removed."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        ids = _ids(args)
        if not opts.yes and not sys.stdin.isatty():
            raise CommandError("there is nobody to ask: give --yes to forget without asking", 2)
        async with await self.open_archive() as storage:
            selection = await select(storage.database, ids)
            counts = await count_forgettable(storage.database, selection)
            await _check_there(storage.database, ids, counts)
            others = await same_text(storage.database, selection)
            if not opts.yes and any(counts.values()):
                _ask(_lines("This would go:", selection, counts, others))
            done = await _forget(storage.database, selection, counts)
        if opts.json:
            print(as_json({"forgotten": selection.ids, "removed": done, "same_text": others}))
        else:
            print("\n".join(_lines("Forgotten:", selection, done, others)))


def _ids(args: Sequence[str]) -> list[str]:
    """Return the doc id, the media id or the column that each of *args* is."""
    for arg in args:
        if arg.startswith("-"):
            raise CommandError(f"no such option: {arg}", 2)
    if not args:
        raise CommandError("give doc ids or addresses of articles, or accounts: T…", 2)
    return list(dict.fromkeys(_id(arg.strip()) for arg in args))


def _id(given: str) -> str:
    if is_doc_id(given) or _ACCOUNT.fullmatch(given):
        return given
    address = given if "://" in given else f"https://{given}"
    if (media_id := media_id_from_url(address)) is not None:
        return media_id
    try:
        return doc_id_from_url(address)
    except ValueError:
        raise CommandError(
            f"{given!r} is neither a doc id like J22CN60P0514R9KQ, an account (T and 13 digits, or"
            " the last 8 characters of its doc ids), nor the address of one"
        ) from None


async def _check_there(database: Database, ids: Sequence[str], counts: Mapping[str, int]) -> None:
    """Raise CommandError where the archive has nothing of one of *ids* and never forgot it."""
    forgotten = await forgotten_among(database, ids)
    for one in ids:
        if one in forgotten or await Archive(database).article(one) is not None:
            continue
        if len(ids) > 1:
            counts = await count_forgettable(database, await select(database, [one]))
        if not any(counts.values()):
            raise CommandError(f"{one} is not in the archive; nothing was forgotten")


def _ask(lines: Iterator[str]) -> None:
    """Show *lines*; raise CommandError unless the user says yes."""
    print(*lines, sep="\n", file=sys.stderr)
    print("Forget it for good? [y/N] ", end="", file=sys.stderr, flush=True)
    # asyncio's own handler would let Ctrl-C wait for the answer
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        answer = sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, handler)
    if answer.strip().lower() not in ("y", "yes"):
        raise CommandError("nothing was forgotten")


async def _forget(
    database: Database, selection: Selection, counts: Mapping[str, int]
) -> dict[str, int]:
    """Forget *selection*, saying how far it is where that takes long; return what was done."""
    done: Counter[str] = Counter()
    async for name, documents in forget(database, selection):
        done[name] += documents
        if done[name] < counts[name]:
            print(f"{_WORDS[name]}: {done[name]} of {counts[name]}", file=sys.stderr)
    return {name: done[name] for name in _WORDS}


def _lines(
    heading: str, selection: Selection, counts: Mapping[str, int], others: Sequence[str]
) -> Iterator[str]:
    yield f"{heading} {' '.join(selection.ids)}"
    for name, words in _WORDS.items():
        if counts[name]:
            yield f"  {counts[name]:>8}  {words}"
    if not any(counts.values()):
        yield "  nothing of it is left in the archive"
    if others:
        more = " …" if len(others) > _SHOWN else ""
        yield f"The same text stays as {len(others)} other: {' '.join(others[:_SHOWN])}{more}"
