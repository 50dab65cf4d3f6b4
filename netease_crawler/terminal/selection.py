"""The options by which commands select articles."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from netease_crawler.queries import ArticleQuery
from netease_crawler.terminal.command import CommandError
from netease_crawler.times import beijing_instant

WORDS = (
    'Words are found wherever their characters are, simplified or traditional; "exact phrases"'
    " may have spaces, -excluded words must not occur, of words"
    " with OR between one is enough."
)
"""How words to look for are written."""


def add_selection_options(parser: ArgumentParser) -> None:
    """Add an option for each criterion of :class:`ArticleQuery` but the text."""
    group = parser.add_argument_group("Selection")
    group.add_argument("--title", metavar="WORDS", help="with these in the title")
    group.add_argument("--body", metavar="WORDS", help="with these in the text below the title")
    group.add_argument("--account", metavar="NAME|ID", help="of this 网易号: its name, or T…")
    group.add_argument("--source", metavar="NAME", help="of this source (来源), whole name")
    group.add_argument("--location", metavar="NAME", help="posted from there (IP 属地), whole name")
    group.add_argument("--keyword", metavar="WORD", help="with this keyword")
    group.add_argument("--category", metavar="NAME", help="of this category or one below it")
    group.add_argument(
        "--since", metavar="TIME", help="published then or later: 2024-05-31, Beijing time"
    )
    group.add_argument(
        "--until", metavar="TIME", help="published before: 2024-06-30 leaves out the 30th"
    )
    group.add_argument("--has-video", action="store_true", help="with a video")
    deletion = group.add_mutually_exclusive_group()
    deletion.add_argument(
        "--deleted",
        action="store_true",
        default=None,
        help="that a crawl has found deleted on the site",
    )
    deletion.add_argument(
        "--not-deleted",
        dest="deleted",
        action="store_false",
        default=None,
        help="that no crawl has found deleted",
    )
    group.add_argument(
        "--with-copies",
        action="store_true",
        help="also articles with the text of an earlier one, which are left out",
    )


def read_selection(opts: Namespace, text: str | None) -> ArticleQuery:
    """Return the query of *opts* and *text*; raises CommandError."""
    try:
        return ArticleQuery(
            text=text,
            title=opts.title,
            body=opts.body,
            account=opts.account,
            source=opts.source,
            location=opts.location,
            keyword=opts.keyword,
            category=opts.category,
            since=_instant("since", opts.since),
            until=_instant("until", opts.until),
            has_video=opts.has_video,
            deleted=opts.deleted,
            with_copies=opts.with_copies,
        )
    except ValueError as error:
        raise CommandError(str(error), 2) from None


def only_argument(args: list[str], name: str) -> str | None:
    """Return the one argument of a command, None if there is none; raises CommandError.

    What follows `--` is no option, though it may begin with `-`.
    """
    end = args.index("--") if "--" in args else len(args)
    for arg in args[:end]:
        if arg.startswith("-") and arg != "-":
            raise CommandError(f"no such option: {arg}", 2)
    given = args[:end] + args[end + 1 :]
    if len(given) > 1:
        raise CommandError(f"give one {name}, in quotes if it has spaces, not {len(given)}", 2)
    return given[0] if given else None


def no_argument(args: list[str]) -> None:
    """Check that a command that takes no argument got none; raises CommandError."""
    if args:
        raise CommandError(f"no such option or argument: {args[0]}", 2)


def _instant(name: str, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return beijing_instant(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
