"""Why a page is not read as an article."""

from __future__ import annotations


class PageError(Exception):
    """The page cannot be read as an article; the message says why."""


class UnknownLayoutError(PageError):
    """An article's page that no layout reads: none matches it, or a part is not where the one
    that matches has it. Save the page and add or mend a layout.
    """


class DeletedArticleError(PageError):
    """NetEase says that the article is gone."""


class BlockedPageError(PageError):
    """The site refused the article: a ban, a verification, or hardly more than its title."""


class NotAnArticleError(PageError):
    """The page is no article but a list, an account, a video, …; the message says which."""


class TruncatedPageError(PageError):
    """The page ends before its end tag: the answer was cut off."""


class UnreadableEncodingError(PageError):
    """No encoding reads the article's text without loss."""


class UnknownListingError(PageError):
    """A list, an account's page or an answer of the API that has not the shape it should have."""
