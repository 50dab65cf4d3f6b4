"""What exists on the site: articles, their kinds, their accounts, and who links to whom.

Articles are numbered from 0, the oldest. All about one follows from the seed, the number of
articles and its own number; nothing is looked up, so a site of any size starts at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, NamedTuple

from netease_crawler import urls
from netease_crawler.demo.accounts import Account, Accounts
from netease_crawler.demo.draw import Draw, Shuffle
from netease_crawler.demo.identifiers import encode, image_url
from netease_crawler.demo.recommendations import Listing
from netease_crawler.demo.stories import Story

_BEIJING = timezone(timedelta(hours=8))
EDITIONS: Final = 24
"""How often hot lists and headlines change over the life of the site."""
_EPOCH_MS = 1_060_500_000_000
"""Where the time in doc ids starts, in unix milliseconds: 2003-08-10 15:20:00 +08:00."""
_FIRST_MS = 1_714_521_600_000
"""When the site starts: 2024-05-01 08:00:00 +08:00."""
_SPAN_MS = 60 * 86_400_000
"""All articles are created within 60 days, however many they are."""
_CHILDREN = 8
"""Article i links to the articles 8i + 1 … 8i + 8: a tree that holds the whole site."""
_NEIGHBOURHOOD = 400
"""Most other links lead to articles this near in time, as on the real site."""
_ALWAYS_ARTICLES = 20
"""The first articles are neither deleted nor copies: the later copies have originals."""


_KINDS = ((3, "deleted"), (7, "copy"), (11, "near_copy"), (100, "article"))
"""Kinds of articles, with their shares added up, in percent."""


class Target(NamedTuple):
    """What an entry of 相关推荐 leads to: the article or the video of that number."""

    number: int
    is_video: bool = False


class Traits(NamedTuple):
    """What chance decides about one article."""

    kind: str
    created_ms: int
    """Creation in unix milliseconds, as its doc id has it."""
    published: int
    """Publication in unix seconds."""
    comment_count: int
    image: int
    has_own_title: bool
    """Whether it has a title of its own, where its story is another's."""


class Catalogue:
    """The articles number 0 to *size* - 1."""

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.seed = seed
        self.accounts = Accounts(max(3, size // 12), seed)
        self._step_ms = _SPAN_MS // size
        self._turns = Shuffle(self.accounts.size, seed, "turns")
        self._videos = max(1, size // 20)
        self._video_ids = Shuffle(32**8, seed, "video ids")
        # bounded, and per catalogue: a large site shares little between distant pages
        self.traits = lru_cache(32768)(self._traits)
        self.listing = lru_cache(16384)(self._listing)
        self._hot = lru_cache(EDITIONS)(self._hot_of_edition)

    def doc_id(self, number: int) -> str:
        column = self.accounts.column(self.account_number(number))
        return encode(self.traits(number).created_ms - _EPOCH_MS, 32, 8) + column

    def number(self, doc_id: str) -> int | None:
        """Return the number of the article *doc_id*, None if the site has none."""
        if not urls.is_doc_id(doc_id):
            return None
        number = (int(doc_id[:8], 32) + _EPOCH_MS - _FIRST_MS) // self._step_ms
        if 0 <= number < self.size and self.doc_id(number) == doc_id:
            return number
        return None

    def kind(self, number: int) -> str:
        """Return ``article``, ``copy``, ``near_copy`` or ``deleted``."""
        return self.traits(number).kind

    def _traits(self, number: int) -> Traits:
        draw = Draw(self.seed, "article", number)
        chance = 99 if number < _ALWAYS_ARTICLES else draw.below(100)
        created_ms = _FIRST_MS + number * self._step_ms + draw.below(self._step_ms)
        # within a minute for 11 of 12, up to 14 days for the others
        delay = draw.between(1, 60) if draw.below(12) else draw.between(61, 14 * 86_400)
        return Traits(
            kind=next(kind for limit, kind in _KINDS if chance < limit),
            created_ms=created_ms,
            published=created_ms // 1000 + delay,
            comment_count=max(0, draw.between(-9_999, 20_000)),
            image=draw.below(2**48),
            has_own_title=draw.below(2) == 0,
        )

    def original(self, number: int) -> int:
        """Return which article first told the story of the article *number*."""
        if self.kind(number) not in ("copy", "near_copy"):
            return number
        account = self.account_number(number)
        original = Draw(self.seed, "original", number).below(number)
        while self.kind(original) != "article" or self.account_number(original) == account:
            original = (original - 1) % number
        return original

    def account_number(self, number: int) -> int:
        """Return the account of the article *number*: each has its turn once a round."""
        turn, place = divmod(number, self.accounts.size)
        return self._turns.forward((place + 5 * turn) % self.accounts.size)

    def articles_of(self, account: int) -> list[int]:
        """Return the articles of *account* that still exist, newest first."""
        size, place = self.accounts.size, self._turns.backward(account)
        rounds = range((self.size - 1) // size, -1, -1)
        numbers = (turn * size + (place - 5 * turn) % size for turn in rounds)
        return [n for n in numbers if n < self.size and self.kind(n) != "deleted"]

    def account(self, number: int) -> Account:
        return self.accounts.account(self.account_number(number))

    def story(self, number: int) -> Story:
        """Return the story of the article *number*, which is that of its original."""
        return Story(self.seed, self.original(number))

    def title(self, number: int) -> str:
        story = self.story(number)
        if self.original(number) == number or not self.traits(number).has_own_title:
            return story.title
        return story.other_title(number)

    def _listing(self, target: Target) -> Listing:
        number = target.number
        if target.is_video:
            return self._video(number)
        traits = self.traits(number)
        doc_id = self.doc_id(number)
        time = _beijing_time(traits.published)
        return Listing(
            doc_id=doc_id,
            url=urls.article_url(doc_id),
            title=self.title(number),
            source=self.accounts.name(self.account_number(number)),
            time=time,
            comment_count=traits.comment_count,
            image_url=image_url("dingyue", time, traits.image),
        )

    def _video(self, number: int) -> Listing:
        video_id = "V" + encode(self._video_ids.forward(number), 32, 8)
        draw = Draw(self.seed, "video", number)
        return Listing(
            doc_id=video_id,
            url=f"https://www.163.com/v/video/{video_id}.html",
            title="视频｜" + Story(self.seed, self.size + number).title,
            source=self.accounts.name(draw.below(self.accounts.size)),
            time=_beijing_time((_FIRST_MS + draw.below(_SPAN_MS)) // 1000),
            comment_count=draw.below(2) * draw.below(200_000),
            image_url=f"http://bjnewsrec-cv.ws.126.net/{video_id}_12.jpg",
            is_video=True,
        )

    def video(self, video_id: str) -> Listing | None:
        """Return the video *video_id* (``V`` and 8 base-32 digits), None if there is none."""
        number = self._video_ids.backward(int(video_id[1:], 32))
        return self.listing(Target(number, is_video=True)) if number < self._videos else None

    def videos(self) -> Iterator[Listing]:
        return (self.listing(Target(number, is_video=True)) for number in range(self._videos))

    def related(self, number: int) -> list[Target]:
        """Return 相关推荐 of the article *number*: 20 to 40 entries, up to 3 of them videos."""
        draw = Draw(self.seed, "related", number)
        length, videos = 20 + min(draw.below(18), draw.below(18)), draw.below(4)
        chosen = dict.fromkeys(self._children(number))
        first = max(0, min(number - _NEIGHBOURHOOD, self.size - 2 * _NEIGHBOURHOOD))
        near = min(2 * _NEIGHBOURHOOD, self.size)
        chosen.update(dict.fromkeys(draw.below(self.size) for _ in range(3)))
        chosen.update(dict.fromkeys(first + n for n in draw.sample(near, length)))
        chosen.pop(number, None)
        kept = list(chosen)[: max(length, len(self._children(number)))]
        targets = [Target(n) for n in kept]
        targets += [Target(n, is_video=True) for n in draw.sample(self._videos, videos)]
        return [targets[place] for place in draw.sample(len(targets), len(targets))]

    def _children(self, number: int) -> list[int]:
        first = _CHILDREN * number + 1
        children = list(range(first, min(first + _CHILDREN, self.size)))
        # a deleted page links to nothing: its children are adopted
        adopted = [self._children(child) for child in children if self.kind(child) == "deleted"]
        return children + [child for family in adopted for child in family]

    def edition(self, number: int) -> int:
        return number * EDITIONS // self.size

    def hot(self, number: int) -> list[int]:
        """Return 热点推荐 of the article *number*: the 20 of its day, never itself."""
        return [n for n in self._hot(self.edition(number)) if n != number][:20]

    def _hot_of_edition(self, edition: int) -> list[int]:
        return Draw(self.seed, "hot", edition).sample(self.size, 21)


def _beijing_time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, _BEIJING).isoformat(" ")[:19]
