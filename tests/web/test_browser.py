"""The explorer as its users see it, in a real browser."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from netease_crawler.items import Article
from tests.articles import make_article, make_full_article
from tests.conftest import Store
from tests.web.conftest import Explorer, browser_page

_BEGIN = datetime(2024, 5, 1, tzinfo=timezone.utc)


def _articles(count: int) -> list[Article]:
    """Return articles that were published a day apart."""
    return [
        make_article(
            f"K0A1B2C{number:X}05149ABC",
            title=f"第{number}天的江畔新城",
            published_at=_BEGIN + timedelta(days=number),
            text=f"江畔新城第{number}天：地铁二号线今晨开通，首日客流超过三万人次。" * 3,
        )
        for number in range(count)
    ]


def _addresses(page: Page) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator(".articles h2 a").all()]


def test_a_period_is_chosen_by_dragging_over_the_timeline(store: Store, explorer: Explorer) -> None:
    store(*_articles(12))
    with browser_page() as page:
        page.goto(f"{explorer.address}/search?text=江畔&order=newest")
        box = page.locator("[data-timeline]").bounding_box()
        assert box is not None
        bars = page.locator("[data-timeline] a").count()
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] * 3.5 / bars, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 1.5 / bars, middle, steps=5)
        assert page.locator("[data-timeline] a.chosen").count() == 3
        with page.expect_navigation():
            page.mouse.up()
        assert _addresses(page) == [f"/articles/K0A1B2C{day}05149ABC" for day in (3, 2, 1)]


def test_escape_ends_the_dragging(store: Store, explorer: Explorer) -> None:
    store(*_articles(5))
    with browser_page() as page:
        page.goto(f"{explorer.address}/search")
        address = page.url
        page.locator("[data-timeline]").hover()
        page.mouse.down()
        page.keyboard.press("Escape")
        assert page.locator("[data-timeline] a.chosen").count() == 0
        page.mouse.up()
        assert page.url == address


def test_after_escape_a_bar_is_opened_by_its_key(store: Store, explorer: Explorer) -> None:
    store(*_articles(5))
    with browser_page() as page:
        page.goto(f"{explorer.address}/search")
        page.locator("[data-timeline]").hover()
        page.mouse.down()
        page.keyboard.press("Escape")
        page.mouse.move(0, 0)
        page.mouse.up()
        page.locator("[data-timeline] a").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert _addresses(page) == ["/articles/K0A1B2C005149ABC"]


def test_a_bar_of_the_timeline_is_a_link_without_javascript(
    store: Store, explorer: Explorer
) -> None:
    store(*_articles(12))
    with browser_page(java_script_enabled=False) as page:
        page.goto(f"{explorer.address}/search")
        page.locator("[data-timeline] a").nth(2).click()
        assert _addresses(page) == ["/articles/K0A1B2C205149ABC"]


def test_search_by_keyboard_alone(store: Store, explorer: Explorer) -> None:
    store(*_articles(3))
    with browser_page() as page:
        page.goto(f"{explorer.address}/search")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type("第1天")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert _addresses(page) == ["/articles/K0A1B2C105149ABC"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_fit_and_are_accessible(
    store: Store, explorer: Explorer, scheme: str, width: int
) -> None:
    full = make_full_article()
    store(*_articles(12), full)
    paths = [
        *("/search?text=江畔", "/search?text=没有的词&has_video=1", "/api"),
        *(f"/articles/{full.doc_id}", "/account?name=江畔观察", f"/graph?page={full.doc_id}"),
        *("/graph", "/crawls"),
    ]
    found: dict[str, object] = {}
    with browser_page(color_scheme=scheme, viewport={"width": width, "height": 844}) as page:
        for path in paths:
            page.goto(f"{explorer.address}{path}", wait_until="networkidle")
            found[path] = [
                (violation["id"], [node["target"] for node in violation["nodes"]])
                for violation in Axe().run(page).response["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[path] = "is too wide"
    assert found == {path: [] for path in paths}
