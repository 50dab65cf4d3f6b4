"""What each page reads, as it shows it."""

from netease_crawler.web.page import Page
from netease_crawler.web.views import account, article, crawl, crawls, graph, search

PAGES: tuple[Page, ...] = (
    search.PAGE,
    article.PAGE,
    account.PAGE,
    graph.PAGE,
    crawls.PAGE,
    crawl.PAGE,
)
