"""``scrapy reindex``: search data for an archive that has none, or an older one's."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace

from netease_crawler.json_text import as_json
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.indexes import ensure_indexes
from netease_crawler.storage.reindexing import reindex
from netease_crawler.terminal.command import ArchiveCommand
from netease_crawler.terminal.selection import no_argument

_PROGRESS_SECONDS = 3.0


class Command(ArchiveCommand):
    example = "scrapy reindex"

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Make articles searchable that are not, after an upgrade"

    def long_desc(self) -> str:
        return (
            "Writes the search data of articles that were stored before there was any, or by an"
            " earlier version of it. A crawl writes it with each article, so this is needed when"
            " `scrapy search` says so. Killed, it is run again."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        no_argument(args)
        done, said_at = 0, time.monotonic()
        async with await self.open_archive() as storage:
            await ensure_indexes(storage.database)
            total = await Archive(storage.database).unsearchable()
            async for articles in reindex(storage.database):
                done += articles
                if time.monotonic() - said_at >= _PROGRESS_SECONDS:
                    said_at = time.monotonic()
                    print(f"{done} of {total} articles", file=sys.stderr)
        print(as_json({"reindexed": done}) if opts.json else f"{done} articles made searchable")
