"""The made-up site as its visitors and its tests see it: pages, and what is true of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from netease_crawler import urls
from netease_crawler.demo import other_pages, recommendations
from netease_crawler.demo.accounts import REGIONS
from netease_crawler.demo.catalogue import Catalogue, Target
from netease_crawler.demo.draw import Draw
from netease_crawler.demo.editions import Editions
from netease_crawler.demo.identifiers import image_url
from netease_crawler.demo.markup import ArticlePage, Filled
from netease_crawler.demo.recommendations import Listing
from netease_crawler.demo.stories import Paragraph

_EDITORS = ("林知_NN1042", "周禾_NN2087", "沈砚_NN3310", "陆棠_NB0564", "程野_NN7715")
_SEEN_AT = "2024-07-15 08:00:00"
"""When the site is visited, as its hot lists say: after the last article."""


class Site:
    """A site of *articles* articles, numbered from 0; *seed* chooses which."""

    def __init__(self, articles: int = 300, seed: int = 7) -> None:
        self.articles = articles
        self.seed = seed
        self.catalogue = Catalogue(articles, seed)
        # bounded: what neighbouring pages share
        self._related_item = lru_cache(8192)(self._make_related_item)
        self._hot_item = lru_cache(1024)(self._make_hot_item)
        self._editions = Editions(self.catalogue)

    def doc_id(self, index: int) -> str:
        return self.catalogue.doc_id(index)

    def index(self, doc_id: str) -> int | None:
        """Return which article *doc_id* is, None if it is not of this site."""
        return self.catalogue.number(doc_id)

    def seeds(self, n: int = 1) -> list[str]:
        """Return the addresses of the *n* oldest articles that are not deleted."""
        existing = (i for i in range(self.articles) if self.catalogue.kind(i) != "deleted")
        return [urls.article_url(self.doc_id(i)) for i, _ in zip(existing, range(n), strict=False)]

    def truth(self, index: int) -> dict[str, Any]:
        """Return what a faithful archive holds of the article *index*, fit for JSON.

        ``kind`` is ``article``, ``copy`` (``copy_of`` names the earliest article with its
        text), ``near_copy`` (``near_copy_of``) or ``deleted`` (then without body and lists).
        Times are ISO 8601 in UTC.
        """
        catalogue = self.catalogue
        kind = catalogue.kind(index)
        page = self._article_page(index)
        original = self.doc_id(catalogue.original(index))
        exists = kind != "deleted"
        return {
            "doc_id": page.doc_id,
            "url": urls.article_url(page.doc_id),
            "kind": kind,
            "copy_of": original if kind == "copy" else None,
            "near_copy_of": original if kind == "near_copy" else None,
            "title": page.title,
            "published_at": _iso(catalogue.listing(Target(index))),
            "source": page.account.name,
            "media_id": page.account.media_id,
            "wemedia_id": page.account.wemedia_id,
            "location": page.location,
            "editor": page.editor,
            "paragraphs": [paragraph.text for paragraph in page.body] if exists else [],
            "images": list(page.images) if exists else [],
            "keywords": list(page.keywords),
            "category": page.category,
            "rec_category": page.rec_category,
            "related": self._listed(catalogue.related(index), "related") if exists else [],
            "hot": self._listed(map(Target, catalogue.hot(index)), "hot") if exists else [],
        }

    def truth_rendered(self, index: int) -> dict[str, Any]:
        """Return what the page of *index* shows besides, once JavaScript has run."""
        filled, originals = self._filled(index), self._editions.originals(index)
        history = [_link(item) | {"published_at": _iso(item)} for item in filled.history]
        return {
            "join_count": filled.join_count,
            "comment_count": filled.comment_count,
            "history": history,
            "originals": [_link(item.listing) | {"tag": item.tag} for item in originals],
            "next_article": history[0] if history else None,
        }

    def page(self, index: int, rendered: bool = False) -> str:
        """Return the page of the article *index*, as sent or as *rendered* by a browser.

        A deleted article has the page that says so.
        """
        if self.catalogue.kind(index) == "deleted":
            return other_pages.gone()
        return self._article_page(index, rendered).html

    def is_deleted(self, index: int) -> bool:
        return self.catalogue.kind(index) == "deleted"

    def index_page(self) -> str:
        """Return the front page, which links the 50 newest articles."""
        numbers = range(self.articles - 1, max(-1, self.articles - 51), -1)
        return other_pages.index([self.catalogue.listing(Target(n)) for n in numbers])

    def account_page(self, media_id: str) -> str | None:
        account = self.catalogue.accounts.by_media_id(media_id)
        if account is None:
            return None
        newest = self.catalogue.articles_of(account.number)[:30]
        return other_pages.account(account, [self.catalogue.listing(Target(n)) for n in newest])

    def video_page(self, video_id: str) -> str | None:
        video = self.catalogue.video(video_id)
        return other_pages.video(video) if video else None

    def reachable(
        self, seed_doc_id: str, depth: int, follow: Sequence[str] = ("related", "hot")
    ) -> dict[str, int]:
        """Return the doc ids within *depth* links of *seed_doc_id*, with their distances.

        Deleted articles are among them, and lead nowhere. Videos are not.

        Raises ValueError if *seed_doc_id* is not of this site.
        """
        start = self.index(seed_doc_id)
        if start is None:
            raise ValueError(f"not an article of this site: {seed_doc_id!r}")
        distances = {start: 0}
        frontier = [start]
        for distance in range(1, depth + 1):
            found = {n for i in frontier for n in self._links(i, follow)} - distances.keys()
            distances.update(dict.fromkeys(found, distance))
            frontier = list(found)
        return {self.doc_id(i): distance for i, distance in distances.items()}

    def _links(self, index: int, follow: Sequence[str]) -> set[int]:
        links: set[int] = set()
        if self.is_deleted(index):
            return links
        if "related" in follow:
            links.update(t.number for t in self.catalogue.related(index) if not t.is_video)
        if "hot" in follow:
            links.update(self.catalogue.hot(index))
        return links

    def _article_page(self, index: int, rendered: bool = False) -> ArticlePage:
        catalogue = self.catalogue
        kind = catalogue.kind(index)
        story = catalogue.story(index)
        listing = catalogue.listing(Target(index))
        account = catalogue.account(index)
        body = story.near_body(index) if kind == "near_copy" else story.body()
        draw = Draw(self.seed, "page", index)
        has_category = draw.below(10) > 0
        related = [self._related_item(target) for target in catalogue.related(index)]
        hot = [self._hot_item(number) for number in catalogue.hot(index)]
        return ArticlePage(
            doc_id=listing.doc_id,
            title=listing.title,
            time=listing.time,
            account=account,
            location=draw.choice((account.region, account.region, draw.choice(REGIONS)))
            if draw.below(10)
            else None,
            editor=None if draw.below(5) < 3 else draw.choice(_EDITORS),
            keywords=story.keywords(),
            category=story.topic.category if has_category else None,
            rec_category=story.topic.rec_category if has_category else None,
            body=body,
            images=_images(body, listing, draw),
            is_copy=kind == "copy",
            recommendations=recommendations.blocks(related, hot, _SEEN_AT, draw),
            side=self._editions.side(index, story.topic.channel, rendered=rendered),
            filled=self._filled(index) if rendered else None,
        )

    def _listed(self, targets: Iterable[Target], kind: str) -> list[dict[str, Any]]:
        listings = map(self.catalogue.listing, targets)
        return [
            {
                "doc_id": item.doc_id,
                "url": item.url,
                "title": item.title,
                "source": item.source,
                "published_at": _iso(item),
                # the hot list shows no count
                "comment_count": item.comment_count if kind == "related" else None,
                "is_video": item.is_video,
                "position": position,
            }
            for position, item in enumerate(listings, 1)
        ]

    def _filled(self, index: int) -> Filled:
        draw = Draw(self.seed, "filled", index)
        comments = draw.between(1, 3000)
        siblings = self.catalogue.articles_of(self.catalogue.account_number(index))
        newest = [n for n in siblings[:4] if n != index][:3]
        history = tuple(self.catalogue.listing(Target(n)) for n in newest)
        return Filled(comments + draw.below(60_000), comments, history)

    def _make_related_item(self, target: Target) -> str:
        return recommendations.related_item(self.catalogue.listing(target))

    def _make_hot_item(self, number: int) -> str:
        return recommendations.hot_item(self.catalogue.listing(Target(number)))


def _images(body: tuple[Paragraph, ...], listing: Listing, draw: Draw) -> tuple[str, ...]:
    return tuple(
        image_url(draw.choice(("dingyue", "cms-bucket")), listing.time, draw.below(2**48))
        for paragraph in body
        if paragraph.has_picture
    )


def _iso(listing: Listing) -> str:
    return listing.published_at.isoformat()


def _link(listing: Listing) -> dict[str, Any]:
    return {"doc_id": listing.doc_id, "url": listing.url, "title": listing.title}
