"""What every layout has in common: the fields of an article, and when there is none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from netease_crawler.items import Article, Block
from netease_crawler.urls import (
    article_url,
    canonical_url,
    doc_id_from_url,
    is_article_url,
    is_doc_id,
)

from .errors import DeletedArticleError, UnknownLayoutError
from .folding import Folded
from .markup import attribute
from .refusals import says_deleted, without_body

_NOTICE_LENGTH = 60  # characters: a notice of deletion, and links back to the site below it


class ArticlePage(ABC):
    """Reads the pages of one layout, as the server sends them and as a browser renders them."""

    layout: ClassVar[str]
    """Name of the layout, as articles carry it."""
    held_by: ClassVar[str | None] = None
    """Id of the element that holds the article, where it has one."""

    def __init__(self, tree: LexborHTMLParser, url: str, folded: Folded) -> None:
        self._tree = tree
        self._requested_url = url
        self._folded = folded

    @staticmethod
    @abstractmethod
    def matches(tree: LexborHTMLParser) -> bool:
        """Whether the page *tree* has this layout."""

    @abstractmethod
    def claimed_doc_ids(self) -> Iterator[str | None]:
        """Yield what may be the page's own doc id, the surest first."""

    @property
    @abstractmethod
    def title(self) -> str | None:
        """The headline."""

    @property
    @abstractmethod
    def blocks(self) -> tuple[Block, ...]:
        """The body, without what is a field of its own."""

    def to_item(self) -> Article:
        """Return the article; a layout adds the fields that it shows.

        Raises UnknownLayoutError where title, doc id or body is not where the layout has it,
        BlockedPageError where hardly more than a title is there, DeletedArticleError where a
        notice stands in place of the body.
        """
        blocks = self.blocks
        if not blocks:
            raise without_body(self._tree, self.layout)
        lines = [block.text for block in blocks if block.text]
        if len("".join(lines)) <= _NOTICE_LENGTH and lines and says_deleted(lines[0]):
            raise DeletedArticleError(lines[0])
        title = self.title
        if title is None:
            raise UnknownLayoutError(f"{self.layout} without a title")
        return Article(
            doc_id=self.doc_id,
            url=self.url,
            layout=self.layout,
            title=title,
            blocks=blocks,
            keywords=self.keywords,
        )

    @cached_property
    def doc_id(self) -> str:
        for claimed in self.claimed_doc_ids():
            if claimed and is_doc_id(claimed):
                return claimed
        if is_article_url(self._canonical):
            return doc_id_from_url(self._canonical)
        raise UnknownLayoutError(f"{self.layout} without a doc id")

    @cached_property
    def url(self) -> str:
        for address in (self._canonical, self._requested_url):
            if is_article_url(address) and doc_id_from_url(address) == self.doc_id:
                return canonical_url(address)
        return article_url(self.doc_id)

    @property
    def keywords(self) -> tuple[str, ...]:
        # <meta name="keywords" content="某地,某事,">
        listed = self._meta("name", "keywords") or ""
        return tuple(keyword.strip() for keyword in listed.split(",") if keyword.strip())

    @cached_property
    def _canonical(self) -> str:
        return attribute(self._tree.css_first("link[rel=canonical]"), "href") or ""

    @cached_property
    def _scripts(self) -> list[LexborNode]:
        return self._tree.css("script")

    def _meta(self, key: str, value: str) -> str | None:
        return attribute(self._tree.css_first(f'meta[{key}="{value}"]'), "content")
