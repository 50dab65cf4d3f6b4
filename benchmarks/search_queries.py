"""Queries of every kind, and what they mean, told otherwise than by the search itself."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.search_corpus import Corpus
from netease_crawler.queries import ArticleQuery

QUERIES = 100
"""Of each kind."""
TWO_WORDS = "two words"
"""The kind that has goals."""


@dataclass(frozen=True, slots=True)
class Text:
    """What the truth is told from."""

    doc_id: str
    account: str | None
    published_at: datetime
    text: str
    """Title and text, folded."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and what it means, told otherwise."""

    query: ArticleQuery
    required: Sequence[str]
    excluded: str | None = None
    either: str | None = None
    """Instead of what is required."""

    def matches(self, text: Text) -> bool:
        query = self.query
        contains = all(word in text.text for word in self.required)
        return (
            (contains or (self.either is not None and self.either in text.text))
            and (self.excluded is None or self.excluded not in text.text)
            and query.account in (None, text.account)
            and (query.since is None or text.published_at >= query.since)
            and (query.until is None or text.published_at < query.until)
        )


def made_up_queries(corpus: Corpus, texts: Sequence[Text], seed: int) -> dict[str, list[Asked]]:
    """Return queries of each kind, with another *seed* others.

    Their words are cut out of texts at random places, so that frequent ones come frequently, and
    most are no words but what stands side by side.
    """
    draw = random.Random(seed)

    def cut(text: Text, length: int = 2) -> str:
        runs = [run for run in re.findall(r"[\u4e00-\u9fff]+", text.text) if len(run) >= length]
        run = draw.choice(runs)
        begin = draw.randrange(len(run) - length + 1)
        return str(run[begin : begin + length])

    def several(make: Callable[[Text], Asked]) -> list[Asked]:
        return [make(draw.choice(texts)) for _ in range(QUERIES)]

    def words(*required: str) -> Asked:
        return Asked(ArticleQuery(text=" ".join(required), with_copies=True), required)

    def two_words(text: Text) -> Asked:
        return words(cut(text), cut(text))

    def excluded(text: Text) -> Asked:
        word, other = cut(text), cut(draw.choice(texts))
        query = ArticleQuery(text=f"{word} -{other}", with_copies=True)
        return Asked(query, (word,), excluded=other)

    def either(text: Text) -> Asked:
        word, other = cut(text), cut(draw.choice(texts))
        query = ArticleQuery(text=f"{word} OR {other}", with_copies=True)
        return Asked(query, (word,), either=other)

    def of_account(text: Text) -> Asked:
        word = cut(text)
        query = ArticleQuery(text=word, account=text.account, with_copies=True)
        return Asked(query, (word,))

    def in_period(text: Text) -> Asked:
        word = cut(text)
        since = text.published_at - timedelta(days=3)
        until = text.published_at + timedelta(days=3)
        query = ArticleQuery(text=word, since=since, until=until, with_copies=True)
        return Asked(query, (word,))

    return {
        "one word": several(lambda text: words(cut(text))),
        TWO_WORDS: several(two_words),
        "three words": several(lambda text: words(cut(text), cut(text), cut(text))),
        "phrase of 6": several(lambda text: words(cut(text, 6))),
        "rare name": several(lambda _: words(draw.choice(corpus.names[5000:]))),
        "one -excluded": several(excluded),
        "one OR another": several(either),
        "word and account": several(of_account),
        "word and week": several(in_period),
        "no hit": several(lambda text: words(cut(text, 4)[::-1] + cut(text, 4))),
    }
