"""The extractors that are compared, each used as its documentation says for Chinese news."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.extractor import Extract, Extractor, Found, Page


def _netease_crawler() -> Extract:
    # Imported anew, its memory of lists and boxes is empty
    for module in [name for name in sys.modules if name.startswith("netease_crawler.pages")]:
        del sys.modules[module]
    parse_article = import_module("netease_crawler.pages").parse_article

    def extract(page: Page) -> Found:
        article = parse_article(page.body, page.url)
        return Found(
            body=article.text,
            title=article.title,
            published_at=article.published_at.isoformat() if article.published_at else None,
            source=article.source,
            account=article.account.name if article.account else None,
        )

    return extract


def _gne() -> Extract:
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()

    def extract(page: Page) -> Found:
        article = extractor.extract(page.text)
        author = article["author"]
        return Found(
            body=article["content"],
            title=article["title"],
            published_at=article["publish_time"],
            source=author,
            account=author,
        )

    return extract


def _trafilatura() -> Extract:
    from trafilatura import bare_extraction

    # By default it gives the date only
    dates = {"original_date": True, "outputformat": "%Y-%m-%dT%H:%M:%S"}

    def extract(page: Page) -> Found | None:
        article = bare_extraction(
            page.text, url=page.url, with_metadata=True, date_extraction_params=dates
        )
        if article is None:
            return None
        return Found(
            body=article.text or "",
            title=article.title,
            published_at=article.date,
            source=article.author,
            account=article.author,
        )

    return extract


def _newspaper4k() -> Extract:
    from newspaper import Article

    def extract(page: Page) -> Found:
        # By itself it would ask the network for the images, to find the largest
        article = Article(page.url, language="zh", fetch_images=False)
        article.download(input_html=page.text)
        article.parse()
        author = ", ".join(article.authors)
        return Found(
            body=article.text,
            title=article.title,
            published_at=article.publish_date.isoformat() if article.publish_date else None,
            source=author,
            account=author,
        )

    return extract


def _readability() -> Extract:
    from lxml.html import fromstring
    from readability import Document

    def extract(page: Page) -> Found:
        document = Document(page.text)
        author = document.author()
        return Found(
            body=fromstring(document.summary()).text_content(),
            title=document.short_title(),  # title() has the name of the site as well
            source=author,
            account=author,
        )

    return extract


def _goose3() -> Extract:
    from goose3 import Goose
    from goose3.text import StopWordsChinese

    goose = Goose({"stopwords_class": StopWordsChinese})

    def extract(page: Page) -> Found:
        # Bytes, as it fetches them itself: text is encoded again by what the page declares,
        # and is lost where it cannot be
        article = goose.extract(raw_html=page.body)
        author = ", ".join(article.authors)
        return Found(
            body=article.cleaned_text,
            title=article.title,
            published_at=article.publish_date,
            source=author,
            account=author,
        )

    return extract


def _magic_html() -> Extract:
    from lxml.html import fromstring
    from magic_html import GeneralExtractor

    extractor = GeneralExtractor()

    def extract(page: Page) -> Found:
        article = extractor.extract(page.text, base_url=page.url)
        return Found(
            body=fromstring(article["html"]).text_content() if article["html"] else "",
            title=article["title"],
        )

    return extract


def _turbohtml() -> Extract:
    from turbohtml import parse

    def extract(page: Page) -> Found:
        article = parse(page.text, positions=False).article()
        return Found(
            body=article.text,
            title=article.title,
            published_at=article.date,
            source=article.byline,
            account=article.byline,
        )

    return extract


def _lexbor() -> Extract:
    from selectolax.lexbor import LexborHTMLParser

    def extract(page: Page) -> None:
        LexborHTMLParser(page.utf8)

    return extract


def _turbohtml_parse() -> Extract:
    from turbohtml import parse

    def extract(page: Page) -> None:
        parse(page.text, positions=False)

    return extract


OURS = Extractor(label="netease_crawler", load=_netease_crawler)
OURS_FORGETFUL = Extractor(
    label="netease_crawler, remembering nothing", load=_netease_crawler, is_loaded_anew=True
)
LEXBOR = Extractor(
    label="bare parse by lexbor, selectolax",
    package="selectolax",
    load=_lexbor,
    is_bare_parse=True,
)
OTHERS = (
    Extractor(label="GNE", package="gne", load=_gne),
    Extractor(label="trafilatura", package="trafilatura", load=_trafilatura),
    Extractor(label="newspaper4k", package="newspaper4k", load=_newspaper4k),
    Extractor(
        label="readability-lxml",
        package="readability-lxml",
        load=_readability,
        lacks=frozenset({"published_at"}),
    ),
    Extractor(label="goose3", package="goose3", load=_goose3),
    Extractor(
        label="magic-html",
        package="magic-html",
        least_python=(3, 12),
        load=_magic_html,
        lacks=frozenset({"published_at", "source", "account"}),
    ),
    Extractor(label="turbohtml", package="turbohtml", least_python=(3, 11), load=_turbohtml),
)
EXTRACTORS = (
    OURS,
    OURS_FORGETFUL,
    *OTHERS,
    LEXBOR,
    Extractor(
        label="bare parse by turbohtml",
        package="turbohtml",
        least_python=(3, 11),
        load=_turbohtml_parse,
        is_bare_parse=True,
    ),
)
"""In the order of the tables."""
