"""Text rules that hold in any layout: what a reader sees, without what no reader sees.

Characters that are seen stay as they are: no width is folded, no punctuation changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from netease_crawler.items import (
    Account,
    Article,
    Block,
    HeadlineBox,
    Link,
    Recommendation,
)
from netease_crawler.urls import original_image_url

_Item = TypeVar("_Item", Account, Article, Block, HeadlineBox, Link, Recommendation)

# C0 and C1 controls that are no white space, soft hyphen, zero-width and bidi marks, BOM
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
    # a zero-width joiner, but where it makes one picture of several
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)

# What NetEase sets under a body, where a page has it inside. 特别声明：以上内容(如有图片或视频亦
# 包括在内)为自媒体平台“网易号”用户上传并发布，本平台仅提供信息存储服务。; until 2020 作者 for 用户
_STATEMENT = re.compile(
    r"特别声明\s?[:：].*“网易号”(?:用户|作者)上传并发布.*|Notice: The content above .*NetEase Hao.*"
)
_STAFF_NUMBER = re.compile(r"_N[A-Z]*\d+$")
# 本文来源：某某网 责任编辑：某某_NN1234, together or on lines of their own
_CREDITS = re.compile(
    r"(?:本文来源\s?[:：]\s?(?P<source>\S(?:(?!责任编辑).){0,40}?))?\s?(?:责任编辑\s?[:：]\s?(?P<editor>\S+))?"
)


def clean_article(article: Article) -> tuple[Article, Counter[str]]:
    """Return *article* in clean form, and how often each rule changed something.

    Cleaning what is clean changes nothing. The rules: ``invisible`` (a text lost characters
    that show nothing), ``whitespace`` (a run of white space became one ASCII space),
    ``empty`` (a block or link without text went), ``image`` (an address was unwrapped),
    ``keyword`` (one was empty or there already), ``statement`` and ``credits`` (such a line
    under the body went; credits fill an absent ``source`` or ``editor``).
    """
    cleaner = _Cleaner()
    cleaned = cleaner.article(article)
    return cleaned, +cleaner.changes  # without the rules that changed nothing


class _Cleaner:
    """Applies the rules and counts what they change."""

    def __init__(self) -> None:
        self.changes: Counter[str] = Counter()

    def article(self, article: Article) -> Article:
        cleaned = _with(
            article,
            title=self._text(article.title),
            source=self._optional(article.source),
            location=self._optional(article.location),
            editor=self._optional(article.editor),
            original_title=self._optional(article.original_title),
            blocks=self._blocks(article.blocks),
            keywords=self._keywords(article.keywords),
            category=self._optional(article.category),
            rec_category=self._optional(article.rec_category),
            account=self._account(article.account) if article.account else None,
            recommendations=tuple(map(self._recommendation, article.recommendations)),
            history=self._links(article.history),
            headlines=tuple(map(self._headline_box, article.headlines)),
            originals=self._links(article.originals),
            next_article=next(iter(self._links((article.next_article,))), None),
        )
        return self._without_ending(cleaned)

    def _text(self, text: str) -> str:
        if text.isprintable() and "  " not in text and text.strip() == text:
            return text  # as most are; no invisible character is printable
        visible = _INVISIBLE.sub("", text)
        cleaned = " ".join(visible.split())
        self.changes["invisible"] += visible != text
        self.changes["whitespace"] += cleaned != visible
        return cleaned

    def _optional(self, text: str | None) -> str | None:
        return (self._text(text) or None) if text is not None else None

    def _image(self, url: str | None) -> str | None:
        original = original_image_url(url) if url is not None else None
        self.changes["image"] += original != url
        return original

    def _blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        kept = []
        for block in blocks:
            is_image = block.kind == "image"
            cleaned = _with(
                block,
                text=self._optional(block.text),
                url=self._image(block.url) if is_image else block.url,
                caption=self._optional(block.caption),
            )
            if cleaned.text is None and cleaned.kind not in ("image", "video"):
                self.changes["empty"] += 1
            else:
                kept.append(cleaned)
        return tuple(kept)

    def _keywords(self, keywords: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = tuple(dict.fromkeys(filter(None, map(self._text, keywords))))
        self.changes["keyword"] += len(keywords) - len(cleaned)
        return cleaned

    def _account(self, account: Account) -> Account:
        return _with(
            account,
            name=self._optional(account.name),
            description=self._optional(account.description),
            avatar_url=self._image(account.avatar_url),
        )

    def _recommendation(self, entry: Recommendation) -> Recommendation:
        return _with(
            entry,
            title=self._optional(entry.title),
            source=self._optional(entry.source),
            image_url=self._image(entry.image_url),
        )

    def _headline_box(self, box: HeadlineBox) -> HeadlineBox:
        return _with(box, section=self._text(box.section), links=self._links(box.links))

    def _links(self, links: Iterable[Link | None]) -> tuple[Link, ...]:
        cleaned = [
            _with(
                link,
                title=self._text(link.title),
                tag=self._optional(link.tag),
                image_url=self._image(link.image_url),
            )
            for link in links
            if link is not None
        ]
        kept = tuple(link for link in cleaned if link.title)
        self.changes["empty"] += len(cleaned) - len(kept)
        return kept

    def _without_ending(self, article: Article) -> Article:
        """Return *article* without the lines of the site at the end of its body."""
        while article.blocks and (text := article.blocks[-1].text):
            credit = _CREDITS.fullmatch(text)
            if _STATEMENT.fullmatch(text):
                article = replace(article, has_statement=True)
                self.changes["statement"] += 1
            elif credit and _agrees(credit, article):
                source, editor = (
                    article.source or credit["source"],
                    article.editor or credit["editor"],
                )
                article = replace(article, source=source, editor=editor)
                self.changes["credits"] += 1
            else:
                break
            article = replace(article, blocks=article.blocks[:-1])
        return article


def _with(item: _Item, **values: Any) -> _Item:
    """Return *item* with *values*: itself where it has them, as nearly every item does."""
    for name, value in values.items():
        if getattr(item, name) != value:
            return replace(item, **values)
    return item


def _agrees(credit: re.Match[str], article: Article) -> bool:
    """Whether the line is the site's; an author may credit others under an article."""
    if _STAFF_NUMBER.search(credit["editor"] or ""):
        return article.editor in (None, credit["editor"])
    return (article.source is None or credit["source"] in (None, article.source)) and (
        article.editor is None or credit["editor"] in (None, article.editor)
    )
