from __future__ import annotations

import json

from netease_crawler.commands.stats import stats_lines
from netease_crawler.storage.statistics import Statistics
from netease_crawler.times import beijing_instant
from tests.articles import MIDDLE, make_article, make_full_article
from tests.conftest import Store
from tests.scrapy_process import ScrapyProject

STATISTICS = Statistics(
    articles=1234,
    copies=56,
    accounts=78,
    edges=24680,
    revisions=9,
    quarantine=0,
    earliest=beijing_instant("2024-04-30 08:00"),
    latest=beijing_instant("2024-05-31 09:10:11"),
    undated=3,
    by_month={"2024-04": 31, "2024-05": 1200},
    top_sources={"江畔观察": 800, "山城晚报": 12},
    by_layout={"post2020_dy": 1234},
    bytes=12_345_678,
)


def test_statistics_are_shown_to_read() -> None:
    assert stats_lines(STATISTICS) == [
        "   1,234  articles",
        "      56  of them copies",
        "      78  accounts",
        "  24,680  recommendations",
        "       9  earlier states of edited articles",
        "       0  pages in quarantine",
        "  12.3 MB on disk",
        "",
        "Published (Beijing time)",
        "  2024-04-30 08:00:00 to 2024-05-31 09:10:11",
        "     31  2024-04",
        "  1,200  2024-05",
        "      3  without a time",
        "",
        "Sources with the most articles",
        "  800  江畔观察",
        "   12  山城晚报",
        "",
        "Read by layout",
        "  1,234  post2020_dy",
    ]


def test_stats_as_json(project: ScrapyProject, store: Store) -> None:
    store(make_full_article(), make_article(MIDDLE))
    done = project.run("stats", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    statistics = json.loads(done.stdout)
    assert statistics.pop("bytes") > 0
    assert statistics == {
        "articles": 2,
        "copies": 0,
        "accounts": 1,
        "edges": 2,
        "revisions": 0,
        "quarantine": 0,
        "earliest": "2025-03-04T01:02:03+00:00",
        "latest": "2025-03-04T01:02:03+00:00",
        "undated": 0,
        "by_month": {"2025-03": 2},
        "top_sources": {"江畔观察": 2},
        "by_layout": {"post2020_dy": 2},
    }


def test_an_empty_archive_says_what_to_try(project: ScrapyProject) -> None:
    done = project.run("stats")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "No article yet; try `scrapy demo`."
