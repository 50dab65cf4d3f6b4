"""Spider arguments: text in, checked values out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path

from netease_crawler.ledger.page import Page
from netease_crawler.times import beijing_instant
from netease_crawler.urls import article_url, canonical_url, doc_id_from_url, is_doc_id

_CRAWL_NAME = re.compile(r"[\w.-]{1,100}")


class SpiderArgumentError(ValueError):
    """A spider argument cannot be used; one line that names it and what is allowed."""


def check_names(given: Collection[str], allowed: Collection[str]) -> None:
    """Raise SpiderArgumentError where a *given* name is not among the *allowed*."""
    for name in given:
        if name not in allowed:
            raise SpiderArgumentError(
                f"{name}: no such argument; allowed are {', '.join(sorted(allowed))}"
            )


def crawl_name(value: str) -> str:
    """Return *value* if a crawl can have this name."""
    if not _CRAWL_NAME.fullmatch(value):
        raise SpiderArgumentError(
            f"crawl: letters, digits, '.', '_' and '-' (100 at most), not {value!r}"
        )
    return value


def whole_number(arguments: Mapping[str, str], name: str, *, least: int) -> int | None:
    """Return argument *name* as a number of at least *least*, None where it is not given."""
    value = arguments.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal()) or int(value) < least:
        raise SpiderArgumentError(f"{name}: a whole number from {least} up, not {value!r}")
    return int(value)


def instant(arguments: Mapping[str, str], name: str) -> datetime | None:
    """Return argument *name*, a date or a time in Beijing, in UTC; None where not given."""
    value = arguments.get(name)
    if value is None:
        return None
    try:
        return beijing_instant(value)
    except ValueError as error:
        raise SpiderArgumentError(f"{name}: {error}") from None


def names(
    arguments: Mapping[str, str], name: str, *, allowed: Collection[str] | None = None
) -> tuple[str, ...] | None:
    """Return argument *name*, a list with commas; None where it is not given."""
    value = arguments.get(name)
    if value is None:
        return None
    found = tuple(part for raw in value.split(",") if (part := raw.strip()))
    if not found:
        raise SpiderArgumentError(f"{name}: is empty")
    for part in found:
        if allowed is not None and part not in allowed:
            raise SpiderArgumentError(f"{name}: one or more of {', '.join(allowed)}, not {part!r}")
    return found


def article_seeds(arguments: Mapping[str, str]) -> list[Page]:
    """Return the articles of the arguments ``urls`` and ``urls_file``, each once."""
    seeds: dict[str, Page] = {}
    for address in re.split(r"[,\s]+", arguments.get("urls", "")):
        if address:
            page = _seed(address, "urls")
            seeds.setdefault(page.key, page)
    if (path := arguments.get("urls_file")) is not None:
        for number, line in enumerate(_lines(path), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                page = _seed(line.strip(), f"urls_file: line {number}")
                seeds.setdefault(page.key, page)
    if not seeds:
        raise SpiderArgumentError(
            "urls: give the address of an article, several with commas between, or a file"
            " of them with urls_file"
        )
    return list(seeds.values())


def saved_files(arguments: Mapping[str, str], is_page: Callable[[Path], bool]) -> list[Path]:
    """Return the files of the argument ``path``: itself, or those below it that *is_page*."""
    value = arguments.get("path")
    if not value:
        raise SpiderArgumentError("path: give a saved page, or a directory of them")
    path = Path(value).expanduser().resolve()
    try:
        if not path.is_dir():
            with path.open("rb"):
                return [path]
        files = sorted(file for file in path.rglob("*") if file.is_file() and is_page(file))
    except OSError as error:
        raise SpiderArgumentError(f"path: cannot read {value!r}: {error.strerror}") from None
    if not files:
        raise SpiderArgumentError(f"path: no saved page (.html, .html.gz, …) below {value!r}")
    return files


def _seed(given: str, where: str) -> Page:
    if is_doc_id(given):
        return Page(key=given, url=article_url(given))
    address = given if "://" in given else f"https://{given}"
    try:
        return Page(key=doc_id_from_url(address), url=canonical_url(address))
    except ValueError:
        raise SpiderArgumentError(
            f"{where}: {given!r} is not a NetEase article; allowed are addresses like"
            " https://www.163.com/dy/article/J22CN60P0514R9KQ.html, mobile and old forms too"
        ) from None


def _lines(path: str) -> list[str]:
    try:
        return Path(path).expanduser().read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise SpiderArgumentError(f"urls_file: cannot read {path!r}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SpiderArgumentError(f"urls_file: {path!r} is not a text in UTF-8") from None
