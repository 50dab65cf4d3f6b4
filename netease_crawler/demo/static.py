"""The site as files, for a static web server."""

from __future__ import annotations

from collections.abc import Iterator

from netease_crawler.demo import other_pages
from netease_crawler.demo.site import Site


def files(site: Site) -> Iterator[tuple[str, str]]:
    """Yield path and text of every page; a deleted article has no file, hence a 404."""
    catalogue = site.catalogue
    yield "index.html", site.index_page()
    yield "robots.txt", other_pages.ROBOTS
    for index in range(site.articles):
        if not site.is_deleted(index):
            yield f"dy/article/{site.doc_id(index)}.html", site.page(index)
    for number in range(catalogue.accounts.size):
        media_id = catalogue.accounts.account(number).media_id
        yield f"dy/media/{media_id}.html", site.account_page(media_id) or ""
    for video in catalogue.videos():
        yield f"v/video/{video.doc_id}.html", other_pages.video(video)
