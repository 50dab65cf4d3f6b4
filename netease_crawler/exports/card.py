"""The card of a data set: what is in an export, as people and dataset hubs read it.

Markdown with the front matter of Hugging Face's dataset cards
(https://github.com/huggingface/hub-docs/blob/main/datasetcard.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from netease_crawler.exports.contents import Contents
from netease_crawler.exports.provenance import Provenance
from netease_crawler.exports.schema import Tally
from netease_crawler.ledger.reports import Summary

_SIZES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B")
_LISTED_CRAWLS = 20
_RIGHTS = """\
No licence is given. The texts and pictures belong to their authors and to NetEase; that they could
be read does not mean that they may be published, sold or trained on. What you may do with them, the
law says.

There are personal data in it: names of authors and editors, the province from which they wrote, and
whoever the articles are about. Do not put together profiles of persons, and delete what an author
asks you to delete. What was removed from the archive later is still in this file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file that was written."""

    name: str
    size: int
    """In bytes."""
    sha256: str
    """In hexadecimal digits."""
    format: str
    """Its ending: ``parquet``."""


def card(
    file: File,
    provenance: Provenance,
    contents: Contents,
    tables: Mapping[str, Tally],
    crawls: Sequence[Summary],
) -> str:
    """Return the card of *file*; *crawls* are those of the archive, the latest first."""
    sections = (
        f"# 网易号 articles: {_code(file.name)}",
        f"{provenance.query.describe()}。\n\n(In English: {provenance.query.describe('en')}.)",
        _table(("", ""), _facts(file, provenance, contents)),
        "## How it was made",
        _making(provenance, crawls),
        "## Fields",
        "How many rows have a value in a field; the others say nothing of it, which is not zero.",
        *(_field_table(name, tally) for name, tally in tables.items()),
        "## Rights and persons",
        _RIGHTS,
    )
    return "\n\n".join((_front_matter(file, contents), *sections)) + "\n"


def _front_matter(file: File, contents: Contents) -> str:
    lines = [
        "---",
        "language:",
        "- zh",
        "license: other",
        "license_name: none-given",
        "annotations_creators:",
        "- no-annotation",
        "language_creators:",
        "- found",
        "source_datasets:",
        "- original",
        "tags:",
        "- news",
        f"pretty_name: {_yaml(f'网易号 articles: {file.name}')}",
        "size_categories:",
        f"- {_size_category(contents.articles)}",
    ]
    if file.format != "graphml":  # which no loader of theirs reads
        lines += [
            "configs:",
            "- config_name: default",
            "  data_files:",
            "  - split: train",
            f"    path: {_yaml(file.name)}",
        ]
    return "\n".join([*lines, "---"])


def _facts(file: File, provenance: Provenance, contents: Contents) -> Iterator[tuple[str, str]]:
    yield "file", f"{_code(file.name)}, {file.size:,} bytes"
    yield "SHA-256", f"`{file.sha256}`"
    yield "begun", _utc(provenance.made_at)
    yield "articles", f"{contents.articles:,}"
    if provenance.query.with_copies:
        yield "copies of another article's text", f"{contents.copies:,} of them, see `copy_of`"
    else:
        yield "copies of another article's text", "left out"
    if provenance.query.deleted is False:
        yield "deleted on the site", "left out, where a crawl has found it"
    else:
        yield "deleted on the site", f"{contents.deleted:,} found so, see `deleted_at`"
    yield "accounts", f"{len(contents.accounts):,}"
    yield "sources (来源)", f"{len(contents.sources):,}"
    yield "published", _span(contents.published)
    yield "without a time of publication", f"{contents.undated:,}"
    yield "seen on the site", _span(contents.seen)


def _making(provenance: Provenance, crawls: Sequence[Summary]) -> str:
    lines = [
        f"Exported with {provenance.facts()['made_by']} from an archive of pages of www.163.com,"
        " which keeps each article as its page last showed it, pictures and videos as addresses."
        " These are the crawls of the whole archive:",
        "",
    ]
    for crawl in crawls[:_LISTED_CRAWLS]:
        ended = f"to {_utc(crawl.ended_at)}" if crawl.ended_at else "not ended"
        lines.append(f"* {_code(crawl.crawl)} ({crawl.spider}), {_utc(crawl.started_at)} {ended}")
    if more := len(crawls) - _LISTED_CRAWLS:
        lines += [f"* and {more:,} earlier ones"] if more > 0 else []
    return "\n".join(lines if crawls else [*lines, "* none is recorded"])


def _field_table(name: str, tally: Tally) -> str:
    rows = [
        (f"`{field}`", type_, f"{tally.filled[field]:,}", _share(tally.filled[field], tally.rows))
        for field, type_ in tally.fields.items()
    ]
    return f"{tally.rows:,} {name}:\n\n" + _table(("field", "type", "with a value", "share"), rows)


def _table(head: Sequence[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _size_category(articles: int) -> str:
    if articles < 1000:
        return "n<1K"
    for exponent, (low, high) in enumerate(pairwise(_SIZES), 4):
        if articles < 10**exponent:
            return f"{low}<n<{high}"
    return "n>1B"


def _span(span: tuple[datetime, datetime] | None) -> str:
    return "-" if span is None else f"{_utc(span[0])} to {_utc(span[1])}"


def _utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def _code(text: str) -> str:
    """Return *text*, a name that someone gave, as code in Markdown, in a table too."""
    return f"`{text.replace('`', chr(39)).replace('|', '¦')}`"


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # which is YAML as well
