"""``scrapy account``: what the archive knows of an account of 网易号."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from netease_crawler.items import Account
from netease_crawler.json_text import as_json
from netease_crawler.storage.account import (
    AccountArticle,
    AccountFacts,
    AmbiguousNameError,
    Recommended,
    read_account,
)
from netease_crawler.terminal.cells import printable
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.selection import only_argument
from netease_crawler.times import beijing_text
from netease_crawler.urls import media_id_from_url

_TIME_CELLS = len("2024-05-13 09:16")


class Command(ArchiveCommand):
    example = "scrapy account 城市观察"

    def syntax(self) -> str:
        return "[options] <T…, name or address>"

    def short_desc(self) -> str:
        return "Show what the archive knows of an account"

    def long_desc(self) -> str:
        return (
            "Shows an account of 网易号, by its media id (T…), whole name or address: its card, how"
            " many of its articles are stored, by month, the newest, and what they recommend most."
            " Times are Beijing time, in JSON UTC. The exit code is 1 where it is not there."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        given = only_argument(args, "account")
        if not given or not given.strip():
            raise CommandError("give the media id (T…), the name or the address of an account", 2)
        given = given.strip()
        async with await self.open_archive() as storage:
            try:
                facts = await read_account(storage.database, media_id_from_url(given) or given)
            except AmbiguousNameError as error:
                raise CommandError(
                    f"several accounts are called {printable(given)}: {', '.join(error.args)}", 2
                ) from None
        if facts is None:
            raise CommandError(f"{printable(given)} is no account of the archive")
        print(as_json(facts) if opts.json else "\n".join(account_lines(facts)))


def account_lines(facts: AccountFacts) -> list[str]:
    """Return *facts* as people read them."""
    lines = [*_card(facts.account), "", *_stored(facts)]
    lines += _section("按月（北京时间）", _counts(facts.by_month))
    lines += _section("最新文章", map(_article_line, facts.newest))
    lines += _section("其文章推荐最多的文章", map(_recommended_line, facts.recommended))
    lines += _section("其文章推荐最多的来源", _counts(facts.recommended_sources))
    return [printable(line) for line in lines]


def _card(account: Account) -> Iterator[str]:
    yield f"{account.name or '（无名）'}（{account.media_id or '页面无 T 号'}）"
    if account.description:
        yield account.description
    if account.url:
        yield account.url
    counts = (("文章数", account.article_count), ("关注度", account.follower_count))
    if shown := "　".join(f"{label}：{count}" for label, count in counts if count is not None):
        yield shown


def _stored(facts: AccountFacts) -> Iterator[str]:
    notes = (("其中转载副本", facts.copies), ("无发布时间", facts.undated))
    shown = "，".join(f"{label} {count} 篇" for label, count in notes if count)
    yield f"已收录：{facts.articles} 篇" + (f"（{shown}）" if shown else "")
    if facts.first_seen_at and facts.last_seen_at:
        yield f"首次见到：{beijing_text(facts.first_seen_at)}（北京时间）"
        yield f"最近见到：{beijing_text(facts.last_seen_at)}（北京时间）"


def _section(title: str, lines: Iterator[str]) -> list[str]:
    shown = [f"  {line}" for line in lines]
    return ["", title, *shown] if shown else []


def _counts(counts: dict[str, int]) -> Iterator[str]:
    cells = max((len(f"{count:,}") for count in counts.values()), default=0)
    return (f"{count:>{cells},}  {name}" for name, count in counts.items())


def _article_line(article: AccountArticle) -> str:
    time = beijing_text(article.published_at) if article.published_at else ""
    copy = f"（同 {article.copy_of}）" if article.copy_of else ""
    return f"{time[:_TIME_CELLS]:{_TIME_CELLS}}  {article.doc_id}  {article.title}{copy}"


def _recommended_line(page: Recommended) -> str:
    source = f"（{page.source}）" if page.source else ""
    return f"{page.articles:,} 篇  {page.doc_id}  {page.title or ''}{source}"
