"""What an export says of where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from netease_crawler import __version__
from netease_crawler.queries import ArticleQuery


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What was selected, when and by which version."""

    query: ArticleQuery
    made_at: datetime
    """When the export began, in UTC."""

    def facts(self) -> dict[str, str]:
        """Return it as names and texts, for the metadata of a file."""
        return {
            "selection": self.query.describe(),
            "selection_en": self.query.describe("en"),
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "made_by": f"netease_crawler {__version__}",
        }
