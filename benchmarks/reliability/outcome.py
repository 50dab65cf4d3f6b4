"""What a crawl came to, beside what is true of the demo site."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from benchmarks.reliability.ours import DATABASE, Ours
from benchmarks.reliability.stage import Stage, reachable
from netease_crawler.demo.site import Site
from netease_crawler.ledger.reports import UnknownCrawlError
from tests.crawl.truth import Archived, expected_articles, expected_buckets, stored_articles


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The end of a scenario."""

    happened: str
    """What was done to the crawl, and how often."""
    expected: int
    """Articles that are to be stored."""
    lost: int
    """Of those, how many are not."""
    twice: int
    """Documents that a whole crawl would not have, as they are there already."""
    wrong: int | None
    """Stored articles of which any value differs from the truth, and documents whose times cannot
    be; None where that is not looked at."""
    fetched_again: int
    """Requests for articles that had been asked for before."""
    word: str
    """What the crawl says of itself."""
    is_right: bool
    """Whether it says that it is done, and its sums are those of the site."""
    seconds: float
    stall: float | None = None
    """How many seconds an event loop was late, at most; None where it is not measured."""

    @property
    def is_met(self) -> bool:
        return self.is_right and not (self.lost or self.twice or self.wrong)


def outcome(stage: Stage, site: Site, happened: str, seconds: float) -> Outcome:
    """Compare what *stage*'s subject has stored with what is true of *site*."""
    truth = _truth(site.articles)
    stored = stage.subject.stored()
    by_path = stage.log.by_path()
    subject = stage.subject
    twice = stored.total() - len(stored)
    wrong = None
    if isinstance(subject, Ours):
        archived = stored_articles(stage.database.uri, DATABASE)
        wrong = sum(archived[doc_id] != truth.get(doc_id) for doc_id in archived)
        wrong += subject.out_of_time()
        twice += subject.written_twice()
        problem = _problem(subject, stage, site)
        word = problem or "sums match"
    else:
        problem = None if subject.is_done() else "not done"
        word = problem or "done"
    return Outcome(
        happened=happened,
        expected=len(truth),
        lost=len(truth.keys() - stored.keys()),
        twice=twice,
        wrong=wrong,
        fetched_again=by_path.total() - len(by_path),
        word=word,
        is_right=problem is None,
        seconds=seconds,
    )


def _problem(subject: Ours, stage: Stage, site: Site) -> str | None:
    """Return what is wrong with the crawl by its own report, or by its workers' exit codes."""
    try:
        report = subject.report()
    except UnknownCrawlError:
        return "it did not begin"
    if report.problem is not None:
        return report.problem
    ended = {name: pages for name, pages in report.buckets.items() if pages and name != "filtered"}
    if ended != (expected := dict(expected_buckets(site, stage.pages))):
        return f"pages ended as {ended}, not {expected}"
    if 0 not in stage.exit_codes:
        return "finished, but no worker's exit code is 0"
    return None


@lru_cache(1)
def _truth(articles: int) -> Archived:
    site = Site(articles)
    return expected_articles(site, reachable(site))
