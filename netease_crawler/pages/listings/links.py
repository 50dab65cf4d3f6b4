"""Any page that links to articles: front pages, channels, rankings."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from netease_crawler.items import ListedArticle
from netease_crawler.pages.encoding import utf8
from netease_crawler.pages.markup import absolute_url, attribute, line_of
from netease_crawler.urls import doc_id_from_url, is_article_url, without_query

from .answers import refused
from .entries import one_line


def parse_link_list(
    body: bytes | str, url: str, encoding: str | None = None
) -> tuple[ListedArticle, ...]:
    """Return the articles that the page links to, each once, in the order of their first link.

    The address is that of the first link, the title the first that any of its links has. Videos,
    photo sets, threads of comments and redirects of advertisements are left out. Real pages of
    2020 were seen: two front pages and a channel.

    Raises UnknownListingError where it links to no article.
    """
    tree = LexborHTMLParser(utf8(body, encoding))
    addresses: dict[str, str] = {}
    titles: dict[str, str] = {}
    for anchor in tree.css("a"):
        address = absolute_url(attribute(anchor, "href"), url)
        if address is None or not is_article_url(address):
            continue
        doc_id = doc_id_from_url(address)
        addresses.setdefault(doc_id, without_query(address))
        if doc_id not in titles and (title := one_line(line_of(anchor) or "")):
            titles[doc_id] = title
    if not addresses:
        raise refused(tree, url, "no link to an article")
    return tuple(
        ListedArticle(url=address, doc_id=doc_id, title=titles.get(doc_id))
        for doc_id, address in addresses.items()
    )
