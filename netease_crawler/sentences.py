"""How criteria are said in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from netease_crawler.phrases import Phrases


@dataclass(frozen=True, kw_only=True)
class Language:
    """The words of a sentence about a selection."""

    places: Mapping[str, tuple[str, str]]
    """Where phrases are: ``in one of them contains``, ``none of them contains``."""
    labels: Mapping[str, str]
    """What is before the value of a criterion."""
    contains_also: str
    contains_not: str
    either: str
    listing: str
    has_video: str
    deleted: str
    not_deleted: str
    since: str
    until: str
    with_copies: str
    without_copies: str
    all_articles: str
    comma: str
    semicolon: str

    def contains(self, name: str, phrases: Phrases) -> str:
        """Say what the criterion *name* has to contain."""
        contains, contains_none = self.places[name]
        required = [_either(choice, self.either) for choice in phrases.required]
        excluded = _either(phrases.excluded, self.either)
        if not required:
            return contains_none + excluded
        said = contains + f"{self.listing}{self.contains_also}".join(required)
        return f"{said}{self.listing}{self.contains_not}{excluded}" if excluded else said


def _either(phrases: tuple[str, ...], either: str) -> str:
    quoted = [f"“{phrase}”" for phrase in phrases]
    return either.join(quoted)


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        "zh": Language(
            places={
                "text": ("标题或正文含", "标题和正文不含"),
                "title": ("标题含", "标题不含"),
                "body": ("正文含", "正文不含"),
            },
            labels={
                "account": "网易号为",
                "source": "来源为",
                "location": "IP 属地为",
                "keyword": "关键词有",
                "category": "分类为",
            },
            contains_also="含",
            contains_not="不含",
            either="或",
            listing="、",
            has_video="有视频",
            deleted="已被删除",
            not_deleted="未被删除",
            since="{} 起",
            until="{} 之前",
            with_copies="含转载副本",
            without_copies="不含转载副本",
            all_articles="全部文章",
            comma="，",
            semicolon="；",
        ),
        "en": Language(
            places={
                "text": ("title or text contains ", "title and text do not contain "),
                "title": ("title contains ", "title does not contain "),
                "body": ("text contains ", "text does not contain "),
            },
            labels={
                "account": "account is ",
                "source": "source is ",
                "location": "IP location is ",
                "keyword": "keywords include ",
                "category": "category is ",
            },
            contains_also="",
            contains_not="not ",
            either=" or ",
            listing=", ",
            has_video="with a video",
            deleted="deleted on the site",
            not_deleted="not deleted on the site",
            since="published {} or later",
            until="published before {}",
            with_copies="with copies",
            without_copies="without copies",
            all_articles="all articles",
            comma="; ",
            semicolon="; ",
        ),
    }
)
"""By name."""
