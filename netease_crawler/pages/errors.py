"""Why a page is not read as an article."""

from __future__ import annotations


class PageError(Exception):
    """The page cannot be read as an article; the message says why."""


class UnknownLayoutError(PageError):
    """An article's page that no known layout matches. Save the page and add a layout for it."""


class DeletedArticleError(PageError):
    """NetEase says that the article is gone."""


class BlockedPageError(PageError):
    """The site refused the article: a ban, a verification, or a page with only its title."""


class NotAnArticleError(PageError):
    """The page is no article: a list, a front page, or less than an article must have."""


class TruncatedPageError(PageError):
    """The page ends before its end tag: the answer was cut off."""


class UnreadableEncodingError(PageError):
    """No encoding reads the bytes without loss."""
