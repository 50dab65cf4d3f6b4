"""Pages of which it is known what they say: real ones, and made-up ones."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.scoring import normalised
from netease_crawler.demo.site import Site
from netease_crawler.urls import article_url

REAL_PAGES = Path(os.environ.get("NETEASE_PAGES") or Path(__file__).parents[2] / "shared" / "pages")
"""Where the real pages are looked for: ``NAME.html.gz`` with ``NAME.expected.json``."""

TODAYS_LAYOUT = "post2020_dy"
_NOT_FOR_US = "column2015_"  # columns by one author, which parse_article does not read
_APART = 10  # articles of the made-up site for each that is read


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a careful reader finds on a page; None where it does not show it."""

    title: str | None
    published_at: datetime
    source: str | None
    account: str | None
    paragraphs: tuple[str, ...]
    optional: tuple[int, ...] = ()
    """Numbers of the paragraphs, from 0, that may be left out: captions of videos."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    url: str
    body: bytes
    layout: str
    truth: Truth


def real_samples(directory: Path) -> Iterator[Sample]:
    """Yield the articles among the saved pages in *directory*, by name."""
    for file in sorted(directory.glob("*.expected.json")):
        expected = json.loads(file.read_text(encoding="utf-8"))
        name = file.name.removesuffix(".expected.json")
        if expected.get("body_paragraphs") and not name.startswith(_NOT_FOR_US):
            yield Sample(
                url=expected["page_url"] or article_url(expected["docid"]),
                body=gzip.decompress(file.with_name(f"{name}.html.gz").read_bytes()),
                layout=expected["layout"],
                truth=_real_truth(expected),
            )


def demo_samples(count: int) -> Iterator[Sample]:
    """Yield *count* articles of a made-up site, spread over it."""
    if not count:
        return
    site = Site(articles=count * _APART)
    for first in range(0, site.articles, _APART):
        index = next(i for i in range(first, first + _APART) if not site.is_deleted(i))
        truth = site.truth(index)
        yield Sample(
            url=truth["url"],
            body=site.page(index).encode(),
            layout=TODAYS_LAYOUT,
            truth=Truth(
                title=normalised(truth["title"]),
                published_at=datetime.fromisoformat(truth["published_at"]),
                source=normalised(truth["source"]),
                account=normalised(truth["source"]),  # the account is its articles' source
                paragraphs=tuple(truth["paragraphs"]),
            ),
        )


def _real_truth(expected: Mapping[str, Any]) -> Truth:
    return Truth(
        title=normalised(expected["title"]),
        published_at=datetime.fromisoformat(expected["published_at"]),
        source=normalised(expected["source_name"]),
        account=normalised((expected["account"] or {}).get("name")),
        paragraphs=tuple(expected["body_paragraphs"]),
        optional=tuple(expected["optional_paragraph_indexes"]),
    )
