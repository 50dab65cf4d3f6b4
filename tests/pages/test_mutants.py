"""However broken a page is, it is an article that can be stored, or raises a PageError."""

from __future__ import annotations

import os
from collections import Counter

import bson
import pytest

from netease_crawler.cleaning import clean_article
from netease_crawler.pages import PageError, parse_article
from netease_crawler.storage.documents import article_document, article_item
from tests.pages.hostile import HOSTILE
from tests.pages.mutants import mutant
from tests.pages.small_page import URL

_MUTANTS = int(os.environ.get("NETEASE_MUTANTS", "500"))
_AWARE = bson.DEFAULT_CODEC_OPTIONS.with_options(tz_aware=True)


def _outcome(body: bytes | str, url: str, encoding: str | None = None) -> str:
    """Return how *body* ended: as an article that was read from the database again, or refused."""
    try:
        article = parse_article(body, url, encoding)
    except PageError as error:
        return type(error).__name__
    cleaned, _ = clean_article(article)
    assert article_item(bson.decode(bson.encode(article_document(cleaned)), _AWARE)) == cleaned
    return "read"


def test_mutants_are_read_or_refused() -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(_MUTANTS):
        changed = mutant(seed)
        try:
            outcomes[_outcome(changed.body, changed.url, changed.encoding)] += 1
        except Exception as error:
            raise AssertionError(
                f"{changed.made_by} from {changed.url!r} in {changed.encoding}; its page:"
                f" python -m tests.pages.mutants {seed} > page.html"
            ) from error
    # Were all refused, nothing would have been tested.
    assert outcomes["read"] > _MUTANTS / 5, outcomes
    assert len(outcomes) > 4, outcomes


@pytest.mark.parametrize("size", [1, 50, 2_000])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_read_or_refused(name: str, size: int) -> None:
    _outcome(HOSTILE[name](size), URL)
