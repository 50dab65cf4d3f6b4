"""Others that crashes are tried on are whole while nothing crashes, or they prove nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

from benchmarks.reliability.jobdir import JobdirCrawl
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site

_ARTICLES = 30  # all of them within a link of the seed, one of them deleted


def test_an_undisturbed_crawl_with_jobdir_stores_each_article_once(
    mongo_uri: str, tmp_path: Path
) -> None:
    site = Site(_ARTICLES)
    with (
        DemoSite(site.articles, site.seed) as demo,
        closing(JobdirCrawl(tmp_path, demo, site.seeds()[0], mongo_uri)) as crawl,
    ):
        was_done = crawl.is_done()
        worker = crawl.start()
        try:
            worker.wait(120)
        finally:
            worker.kill()
        existing = (n for n in range(site.articles) if not site.is_deleted(n))
        assert not was_done
        assert crawl.is_done()
        assert crawl.stored() == Counter(site.doc_id(n) for n in existing)
