"""``python -m netease_crawler.demo``: serve the made-up site, or write it to a directory."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from netease_crawler.demo.misbehaviour import (
    SCRIPTS,
    Misbehaviour,
    MisbehaviourError,
    read_script,
)
from netease_crawler.demo.server import Server, serve, truth_line
from netease_crawler.demo.site import Site
from netease_crawler.demo.static import files

_EPILOG = """example:
  python -m netease_crawler.demo --articles 1000 --port 8163
      and, in another terminal, with the address that it prints:
  scrapy crawl article -a urls=$(curl -s http://127.0.0.1:8163/__truth__ | head -1 | jq -r .url) \\
      -s SITE_MIRRORS='{"www.163.com": "http://127.0.0.1:8163"}'
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m netease_crawler.demo",
        description="Serve a made-up 网易号 site on this machine; its address is printed.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=_count, default=300, help="how many (default: 300)")
    parser.add_argument("--seed", type=int, default=7, help="which site (default: 7)")
    parser.add_argument("--port", type=int, default=0, help="default: any free port")
    parser.add_argument(
        "--access-log", type=Path, metavar="FILE", help="append a line of JSON per request"
    )
    parser.add_argument(
        "--write", type=Path, metavar="DIR", help="write all pages to DIR instead of serving them"
    )
    parser.add_argument(
        "--truth", action="store_true", help="print what is true of each article, as JSON lines"
    )
    parser.add_argument(
        "--rename",
        type=_renamed,
        metavar="CLASS=NEW",
        help="rename a class of the articles' pages, as the site does when it changes",
    )
    parser.add_argument(
        "--after", type=int, default=0, metavar="N", help="... but not on the first N served"
    )
    parser.add_argument(
        "--misbehave",
        type=_script,
        default=(),
        metavar="FILE|NAME",
        help="answer badly: a JSON list of rules (netease_crawler/demo/misbehaviour.py), in a"
        f" file or as it is, or one of {', '.join(SCRIPTS)}",
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    site = Site(arguments.articles, arguments.seed)
    if arguments.write:
        _write(site, arguments.write)
    if arguments.truth:
        for index in range(site.articles):
            sys.stdout.write(truth_line(site, index))
    if arguments.write or arguments.truth:
        return
    with contextlib.ExitStack() as stack:
        log = arguments.access_log
        server = Server(
            site,
            stack.enter_context(log.open("a", encoding="utf-8")) if log else None,
            arguments.rename,
            arguments.after,
            arguments.misbehave,
        )
        until_stdin_closes = arguments.until_stdin_closes
        try:
            asyncio.run(serve(server, arguments.port, _announce, until_stdin_closes))
        except OSError as error:
            parser.exit(1, f"cannot serve on port {arguments.port}: {error}\n")


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return count


def _renamed(text: str) -> tuple[str, str]:
    old, _, new = text.partition("=")
    if not old or not new:
        raise argparse.ArgumentTypeError("must be like post_info=post_meta")
    return old, new


def _script(text: str) -> tuple[Misbehaviour, ...]:
    try:
        return read_script(text)
    except MisbehaviourError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _announce(origin: str) -> None:
    print(origin, flush=True)


def _write(site: Site, directory: Path) -> None:
    for written, (path, text) in enumerate(files(site), 1):
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if written % 1000 == 0:
            print(f"{written} files", file=sys.stderr)
    print(f"{written} files in {directory}", file=sys.stderr)


if __name__ == "__main__":
    main()
