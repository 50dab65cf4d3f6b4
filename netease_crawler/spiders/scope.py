"""What belongs to a crawl of articles: depth, kinds of links, dates, accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from netease_crawler.items import Article
from netease_crawler.ledger.page import Page
from netease_crawler.spiders.arguments import SpiderArgumentError, instant, names, whole_number
from netease_crawler.urls import (
    canonical_url,
    created_at,
    is_article_url,
)

FOLLOWED = ("related", "hot", "history")
_FOLLOWED_UNASKED = ("related", "hot")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Decides which links of an article are fetched, before they are where that is possible."""

    depth: int = 1
    follow: tuple[str, ...] = _FOLLOWED_UNASKED
    since: datetime | None = None
    """Articles created before are left out; the doc id tells, without fetching."""
    until: datetime | None = None
    """Articles created then or later are left out."""
    accounts: frozenset[str] = frozenset()
    """Names as shown after 来源, or media ids (``T…``); empty for all accounts. By a name a
    link is judged before it is fetched, by a media id only its page."""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Scope:
        """Return the scope that *arguments* describe.

        Raises SpiderArgumentError.
        """
        depth = whole_number(arguments, "depth", least=0)
        scope = cls(
            depth=cls.depth if depth is None else depth,
            follow=names(arguments, "follow", allowed=FOLLOWED) or cls.follow,
            since=instant(arguments, "since"),
            until=instant(arguments, "until"),
            accounts=frozenset(names(arguments, "accounts") or ()),
        )
        if scope.since and scope.until and scope.since >= scope.until:
            raise SpiderArgumentError("until: must be later than since")
        return scope

    def links(
        self, article: Article, page: Page, is_known: Callable[[str], bool]
    ) -> Iterator[Page]:
        """Yield what *article*, read from *page*, leads to, with what filters each.

        What *is_known* by its key is left out.
        """
        if page.depth >= self.depth:
            return
        for recommendation in article.recommendations:
            key = recommendation.doc_id or recommendation.url
            if recommendation.kind in self.follow and not is_known(key):
                yield self._link(key, recommendation.url, recommendation.source, page)
        if "history" in self.follow:
            for link in article.history:
                key = link.doc_id or link.url
                if not is_known(key):
                    yield self._link(key, link.url, article.source, page)

    def outside_window(self, doc_id: str) -> str | None:
        """Return why the article *doc_id* is outside of the dates, None where it is within."""
        if self.since is None and self.until is None:
            return None
        created = created_at(doc_id)
        if self.since is not None and created < self.since:
            return "created before since"
        if self.until is not None and created >= self.until:
            return "created after until"
        return None

    def of_another_account(self, article: Article) -> str | None:
        """Return why *article* is of none of the accounts, None where it is of one."""
        if not self.accounts:
            return None
        shown = {article.source}
        if article.account is not None:
            shown |= {article.account.name, article.account.media_id}
        return "of another account" if self.accounts.isdisjoint(shown) else None

    def _link(self, key: str, url: str, source: str | None, page: Page) -> Page:
        depth = page.depth + 1
        if not is_article_url(url):
            return Page(key=key, url=url, depth=depth, found_on=page.key, filtered="not an article")
        return Page(
            key=key,
            url=canonical_url(url),
            depth=depth,
            found_on=page.key,
            filtered=self.outside_window(key) or self._of_another_name(source),
        )

    def _of_another_name(self, source: str | None) -> str | None:
        # A link shows a name at most: where media ids are wanted, only the page can tell.
        if not self.accounts or source is None or source in self.accounts:
            return None
        if any(_is_media_id(name) for name in self.accounts):
            return None
        return "of another account"


def _is_media_id(name: str) -> bool:
    return name.startswith("T") and name[1:].isdecimal()
