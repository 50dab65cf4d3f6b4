"""By chance or not: what the sentinel lets pass, and how soon it notices."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterable, Iterator

import pytest

from netease_crawler.coverage import shown
from netease_crawler.demo.site import Site
from netease_crawler.drift import (
    UNREAD,
    USUAL,
    Coverage,
    Fall,
    Name,
    Sentinel,
    chance,
    counted,
    is_strict,
    usual_share,
)
from netease_crawler.pages import PageError, parse_article
from tests.real_pages import REAL_PAGES, needs_real_pages

LAYOUT = "post2020_dy"
SOURCE, EDITOR = (LAYOUT, "source"), (LAYOUT, "editor")


@pytest.mark.parametrize(
    ("lacking", "asked", "share", "expected"),
    [
        (0, 10, 0.5, 1.0),
        (1, 1, 0.75, 0.25),
        (10, 10, 0.5, 0.5**10),
        (1, 2, 0.5, 0.75),
        (2, 3, 0.5, 0.5),
        (1, 300, 0.999, 1 - 0.999**300),
        (5, 10, 1.0, 0.0),
        (5, 10, 0.0, 1.0),
        (400_000, 1_000_000, 0.5, 1.0),
        (600_000, 1_000_000, 0.5, 0.0),
    ],
)
def test_chance_is_the_tail_of_the_binomial(
    lacking: int, asked: int, share: float, expected: float
) -> None:
    assert chance(lacking, asked, share) == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_usual_share_adds_up_what_is_known() -> None:
    archive, crawl = {SOURCE: Coverage(800, 700)}, {SOURCE: Coverage(100, 100)}
    assert usual_share(SOURCE, archive, crawl) == (99.8 + 700 + 100) / (100 + 800 + 100)
    assert usual_share(EDITOR, archive, crawl) == 10 / 20


def test_field_is_strict_from_the_first_page_only_if_every_known_page_shows_it() -> None:
    assert is_strict(usual_share(SOURCE))
    keywords = (LAYOUT, "keywords")
    assert not is_strict(usual_share(keywords, {keywords: Coverage(179, 179)}))
    assert is_strict(usual_share(keywords, {keywords: Coverage(180, 180)}))


def run(
    sentinel: Sentinel, pages: Iterable[dict[str, bool]]
) -> tuple[list[list[Name]], list[tuple[int, Fall]]]:
    """Return what each page lacked that must not pass, and the falls with their page's number."""
    held: list[list[Name]] = []
    falls: list[tuple[int, Fall]] = []
    for number, shows in enumerate(pages):
        lacked, fell = sentinel.watch(LAYOUT, shows, f"page {number}")
        held.append(lacked)
        falls += [(number, fall) for fall in fell]
        if not lacked:
            counted(sentinel.crawl, LAYOUT, shows)
    return held, falls


def test_first_page_of_an_empty_archive_without_a_usual_field_does_not_pass() -> None:
    assert run(Sentinel(), [{"source": False, "editor": False}]) == ([[SOURCE]], [])


def test_usual_field_that_ends_is_noticed_after_a_few_pages() -> None:
    held, falls = run(Sentinel(), [{"source": True}] * 120 + [{"source": False}] * 50)
    assert held == [[]] * 120 + [[SOURCE]] * 50
    assert falls == [
        (
            123,
            Fall(
                layout=LAYOUT,
                field="source",
                usual=pytest.approx((99.8 + 120) / 220),
                seen=0.0,
                asked=4,
                pages=("page 120", "page 121", "page 122"),
            ),
        )
    ]


def test_one_odd_page_is_no_fall() -> None:
    pages = [{"source": number % 100 != 50} for number in range(1000)]
    held, falls = run(Sentinel(), pages)
    assert [number for number, lacked in enumerate(held) if lacked] == list(range(50, 1000, 100))
    assert falls == []


@pytest.mark.parametrize("share", [0.4, 0.5, 0.8, 0.94])
@pytest.mark.parametrize("seed", range(5))
def test_optional_field_that_ends_is_noticed_within_the_window(share: float, seed: int) -> None:
    chosen = random.Random(seed)
    pages = [{"editor": chosen.random() < share} for _ in range(400)] + [{"editor": False}] * 50
    held, falls = run(Sentinel(), pages)
    assert [fall.name for _, fall in falls] == [EDITOR]
    noticed = falls[0][0]
    assert 400 <= noticed < 450
    assert held == [[]] * noticed + [[EDITOR]] * (450 - noticed)


def test_optional_field_is_measured_against_the_earlier_pages_of_its_own_crawl() -> None:
    of_another_kind = Sentinel()
    of_another_kind.archive = {EDITOR: Coverage(10_000, 8_000)}
    assert run(of_another_kind, [{"editor": False}] * 300) == ([[]] * 300, [])


def test_crawl_that_goes_on_knows_its_earlier_pages() -> None:
    sentinel = Sentinel()
    sentinel.crawl = {EDITOR: Coverage(200, 120)}
    sentinel.begin()
    _, falls = run(sentinel, [{"editor": False}] * 50)
    assert [(number, fall.usual) for number, fall in falls] == [(22, 0.6)]


def test_fall_that_another_worker_noticed_holds_pages_too() -> None:
    sentinel = Sentinel()
    sentinel.alerts.add(EDITOR)
    assert run(sentinel, [{"editor": True}, {"editor": False}]) == ([[], [EDITOR]], [])


def test_pages_that_no_layout_reads_are_noticed() -> None:
    sentinel = Sentinel()
    falls = [
        (number, fall)
        for number in range(120)
        for fall in sentinel.watch_reading(number % 4 > 0, f"page {number}")
    ]
    assert falls == [
        (
            36,
            Fall(
                layout="?",
                field="layout",
                usual=1.0,
                seen=27 / 37,
                asked=37,
                pages=("page 0", "page 4", "page 8"),
            ),
        )
    ]
    assert falls[0][1].name == UNREAD


def test_few_pages_that_no_layout_reads_are_no_fall() -> None:
    sentinel = Sentinel()
    assert not any(sentinel.watch_reading(number % 6 > 0, "page") for number in range(600))


def articles_of_the_demo_site(seed: int) -> Iterator[dict[str, bool]]:
    site = Site(150, seed)
    for index in range(site.articles):
        if not site.is_deleted(index):
            url = f"https://www.163.com/dy/article/{site.doc_id(index)}.html"
            yield shown(parse_article(site.page(index), url))


@pytest.mark.parametrize("seed", [7, 11])
def test_the_demo_site_shows_what_is_usual_and_nothing_falls(seed: int) -> None:
    pages = list(articles_of_the_demo_site(seed))
    assert {field for shows in pages for field in USUAL[LAYOUT] if not shows[field]} == set()
    held, falls = run(Sentinel(), pages * 3)
    assert (sum(map(bool, held)), falls) == (0, [])


@needs_real_pages
def test_the_real_pages_show_what_is_usual() -> None:
    lacking: dict[str, list[str]] = {}
    read = 0
    for file in REAL_PAGES.glob("*.html.gz"):
        try:
            article = parse_article(gzip.decompress(file.read_bytes()), file.as_uri())
        except PageError:
            continue
        read += 1
        usual = USUAL.get(article.layout, frozenset())
        lacking[file.name] = [
            field for field, is_shown in shown(article).items() if field in usual and not is_shown
        ]
    assert read >= 18
    assert {name: fields for name, fields in lacking.items() if fields} == {}
