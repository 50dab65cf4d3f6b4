"""An archive of 网易号 (NetEase Hao) articles: crawled with Scrapy, kept in MongoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Archive", "ArticleQuery", "StorageUnavailableError", "__version__"]

if TYPE_CHECKING:
    from netease_crawler.library import Archive, ArticleQuery, StorageUnavailableError
else:

    def __getattr__(name: str) -> object:
        # Scrapy imports this package for its settings, and needs no database for them.
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from netease_crawler import library

        return getattr(library, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
