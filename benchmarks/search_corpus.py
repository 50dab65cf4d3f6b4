"""Articles to search in: the demo site's, made longer, with names that are rare.

The demo's grammar has some thousand words, each in many articles. Real news has more: names of
people, places and products, most of them in a few articles. So each article tells two stories
(1,300 characters) and is given some of 50,000 made-up names, drawn as words are in real texts
(Zipf: the n-th most frequent 1/n as often as the first).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import accumulate

from netease_crawler.cleaning import clean_article
from netease_crawler.demo.site import Site
from netease_crawler.demo.stories import Story
from netease_crawler.items import Account, Article, Block
from netease_crawler.pages import parse_article
from netease_crawler.urls import article_url

_SEED = 7
_PAGES = 200  # whose recommendations, boxes and cards the articles have
_NAMES = 50_000
_NAMES_EACH = (4, 12)
_ACCOUNTS = 500
_BEGIN = datetime(2024, 1, 1, tzinfo=timezone.utc)
_SPAN = timedelta(days=700)
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
# As in transliterated names, where any may follow any.
_SYLLABLES = (
    "阿巴贝比波布策查达德迪杜恩法菲弗戈格古哈海赫华霍吉加杰卡凯科克库拉莱兰朗雷里利林龙卢罗洛"
    "马曼梅米莫纳内尼诺欧帕佩皮普奇乔琼萨塞森沙史斯苏索塔泰坦特廷图托瓦威维温沃西希夏谢雅亚伊扎"
)


class Corpus:
    """Articles, the same for the same number."""

    def __init__(self) -> None:
        site = Site(2 * _PAGES, _SEED)
        existing = [n for n in range(2 * _PAGES) if not site.is_deleted(n)][:_PAGES]
        self._pages = [
            clean_article(parse_article(site.page(n), article_url(site.doc_id(n))))[0]
            for n in existing
        ]
        draw = random.Random(_SEED)
        self.names = tuple(
            "".join(draw.choices(_SYLLABLES, k=draw.choice((2, 3, 3, 4)))) for _ in range(_NAMES)
        )
        """The most frequent first."""
        self._weights = list(accumulate(1 / n for n in range(1, _NAMES + 1)))

    def articles(self, count: int) -> Iterator[Article]:
        """Give the first *count* articles."""
        for number in range(count):
            yield self.article(number)

    def article(self, number: int) -> Article:
        """Return the article *number*."""
        draw = random.Random(f"{_SEED}/{number}")
        story, other = Story(_SEED, 2 * number), Story(_SEED, 2 * number + 1)
        names = draw.choices(self.names, cum_weights=self._weights, k=draw.randint(*_NAMES_EACH))
        texts = [paragraph.text for paragraph in (*story.body(), *other.body())]
        for name in names[1:]:
            texts.insert(draw.randrange(len(texts)), f"{name}对记者表示，此事仍在进行。")
        page = draw.choice(self._pages)
        account = draw.randrange(_ACCOUNTS)
        doc_id = _doc_id(number, account)
        return replace(
            page,
            doc_id=doc_id,
            url=article_url(doc_id),
            title=f"{names[0]}：{story.title}" if draw.random() < 0.3 else story.title,
            published_at=_BEGIN + draw.random() * _SPAN,
            source=f"第{account}观察",
            account=replace(
                page.account or Account(), media_id=f"T{account:013d}", name=f"第{account}观察"
            ),
            blocks=tuple(Block(kind="paragraph", text=text) for text in texts),
        )


def _doc_id(number: int, account: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = _DIGITS[digit] + digits
    return f"K{digits:0>7}05{account:06d}"
