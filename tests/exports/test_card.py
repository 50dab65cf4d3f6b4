from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from netease_crawler import __version__
from netease_crawler.exports.card import File, card
from netease_crawler.exports.contents import Contents
from netease_crawler.exports.schema import Tally
from netease_crawler.ledger.reports import Summary
from netease_crawler.queries import ArticleQuery
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.exports.stored import PROVENANCE, stored

FILE = File(name="a|`.parquet", size=12345, sha256="ab" * 32, format="parquet")
CARD = f"""\
---
language:
- zh
license: other
license_name: none-given
annotations_creators:
- no-annotation
language_creators:
- found
source_datasets:
- original
tags:
- news
pretty_name: "网易号 articles: a|`.parquet"
size_categories:
- n<1K
configs:
- config_name: default
  data_files:
  - split: train
    path: "a|`.parquet"
---

# 网易号 articles: `a¦'.parquet`

来源为“江畔观察”；不含转载副本。

(In English: source is “江畔观察”; without copies.)

|  |  |
| --- | --- |
| file | `a¦'.parquet`, 12,345 bytes |
| SHA-256 | `{"ab" * 32}` |
| begun | 2025-03-05 06:07:08 UTC |
| articles | 2 |
| copies of another article's text | left out |
| deleted on the site | 0 found so, see `deleted_at` |
| accounts | 1 |
| sources (来源) | 1 |
| published | 2025-03-04 01:02:03 UTC to 2025-03-04 01:02:03 UTC |
| without a time of publication | 1 |
| seen on the site | 2025-03-04 05:06:07 UTC to 2025-03-04 05:06:07 UTC |

## How it was made

Exported with netease_crawler {__version__} from an archive of pages of www.163.com, which keeps \
each article as its page last showed it, pictures and videos as addresses. These are the crawls of \
the whole archive:

* `c2` (article), 2025-03-05 05:06:07 UTC not ended
* `c1` (saved), 2025-03-04 05:06:07 UTC to 2025-03-05 05:06:07 UTC

## Fields

How many rows have a value in a field; the others say nothing of it, which is not zero.

2 articles:

| field | type | with a value | share |
| --- | --- | --- | --- |
| `title` | string | 2 | 100.0% |
| `editor` | string | 1 | 50.0% |
| `join_count` | integer | 2 | 100.0% |

## Rights and persons

No licence is given."""


def test_the_card_says_what_is_in_the_file() -> None:
    contents = Contents()
    contents.add(
        [stored(make_full_article(EARLY)), stored(make_article(MIDDLE, published_at=None))]
    )
    tally = Tally({"title": "string", "editor": "string", "join_count": "integer"})
    tally.add({"title": "一", "editor": "林一", "join_count": 0})
    tally.add({"title": "二", "editor": None, "join_count": 3})
    first = Summary(
        crawl="c1",
        spider="saved",
        outcome="finished",
        started_at=SEEN,
        ended_at=SEEN + timedelta(days=1),
        states={},
    )
    second = replace(
        first, crawl="c2", spider="article", started_at=SEEN + timedelta(days=1), ended_at=None
    )
    text = card(FILE, PROVENANCE, contents, {"articles": tally}, [second, first])
    assert text[: len(CARD)] == CARD


def test_a_selection_without_what_was_deleted_says_so() -> None:
    provenance = replace(PROVENANCE, query=ArticleQuery(deleted=False))
    lines = card(FILE, provenance, Contents(), {}, []).splitlines()
    assert [line for line in lines if line.startswith("| deleted")] == [
        "| deleted on the site | left out, where a crawl has found it |"
    ]


def test_an_empty_graph_with_copies() -> None:
    provenance = replace(PROVENANCE, query=ArticleQuery(with_copies=True))
    file = replace(FILE, name="a.graphml", format="graphml")
    lines = card(
        file, provenance, Contents(), {"nodes": Tally({"title": "string"})}, []
    ).splitlines()
    assert "configs:" not in lines  # no loader reads GraphML
    assert [
        line for line in lines if line.startswith(("| copies", "| published", "| `title`"))
    ] == [
        "| copies of another article's text | 0 of them, see `copy_of` |",
        "| published | - |",
        "| `title` | string | 0 | - |",
    ]


@pytest.mark.parametrize(
    ("articles", "category"),
    [
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (999_999, "100K<n<1M"),
        (10**9 - 1, "100M<n<1B"),
        (10**9, "n>1B"),
    ],
)
def test_size_category(articles: int, category: str) -> None:
    contents = Contents()
    contents.articles = articles
    lines = card(FILE, PROVENANCE, contents, {}, []).splitlines()
    assert lines[lines.index("size_categories:") + 1] == f"- {category}"


def test_contents_count_copies_deleted_accounts_and_sources() -> None:
    contents = Contents()
    contents.add(
        [stored(make_full_article(EARLY)), stored(make_full_article(MIDDLE), copy_of=EARLY)]
    )
    contents.add([stored(make_article(LATE, source="山城晚报"), deleted_at=SEEN)])
    assert (contents.articles, contents.copies, contents.deleted) == (3, 1, 1)
    assert contents.accounts == {"T1512041896301"}
    assert contents.sources == {"江畔观察", "山城晚报"}
