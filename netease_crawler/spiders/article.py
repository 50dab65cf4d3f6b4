"""Articles and what they recommend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from netease_crawler.items import Article
from netease_crawler.ledger.page import Page
from netease_crawler.spiders.arguments import article_seeds, whole_number
from netease_crawler.spiders.base import LedgerSpider
from netease_crawler.spiders.scope import Scope


class ArticleSpider(LedgerSpider):
    """Crawls articles of 网易号 and follows their recommendations.

    Arguments: ``urls`` (addresses with commas between), ``urls_file`` (one a line),
    ``depth`` (default 1; 0 = only the given ones), ``max_articles``, ``follow``
    (``related,hot`` by default; also ``history``), ``since`` and ``until`` (Beijing time,
    by the doc id, before fetching), ``accounts`` (names or media ids), ``crawl`` (name).
    """

    name = "article"
    ARGUMENTS = frozenset(
        {"urls", "urls_file", "depth", "max_articles", "follow", "since", "until", "accounts"}
    )

    PATHS = frozenset({"urls_file"})

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, str]) -> None:
        Scope.read(arguments)
        whole_number(arguments, "max_articles", least=1)
        article_seeds(arguments)

    def begin(self, arguments: Mapping[str, str]) -> None:
        self._scope = Scope.read(arguments)
        self._arguments = arguments
        self.max_articles = whole_number(arguments, "max_articles", least=1)

    def seeds(self) -> Iterator[Page]:
        return (
            replace(page, filtered=self._scope.outside_window(page.key))
            for page in article_seeds(self._arguments)
        )

    def links(self, article: Article, page: Page) -> Iterable[Page]:
        return self._scope.links(article, page, self.ledger.is_known)

    def out_of_scope(self, article: Article, page: Page) -> str | None:
        return self._scope.of_another_account(article)
