"""The graph of recommendations, as a page and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from netease_crawler.items import Account, Article, Recommendation
from tests.articles import EARLY, LATE, MIDDLE, make_article
from tests.conftest import Store
from tests.web.conftest import Explorer, browser_page

VIDEO = "VABCDEFGH"
ELSEWHERE = "https://www.163.com/special/jiangpan/"
SCRIPT = "javascript:alert(1)"
HOSTILE = "</script><img src=x onerror=alert(1)>\"'二号线"
PUBLISHED = "2025-03-04T01:02:03+00:00"


def recommended(url: str, position: int = 1, **values: Any) -> Recommendation:
    return Recommendation(
        **{"kind": "related", "position": position, "url": url, "title": "早高峰加开列车"} | values
    )


def to(doc_id: str, position: int = 1, **values: Any) -> Recommendation:
    url = f"https://www.163.com/dy/article/{doc_id}.html"
    return recommended(url, position, doc_id=doc_id, **values)


def article(doc_id: str, *recommendations: Recommendation, **values: Any) -> Article:
    account = Account(media_id="T1512041896301", name="江畔观察")
    return make_article(doc_id, account=account, recommendations=recommendations, **values)


@pytest.fixture
def graph(store: Store, explorer: Explorer) -> Explorer:
    """The explorer of EARLY ⇄ MIDDLE → LATE, where EARLY has a hot video and a page elsewhere."""
    store(
        article(
            EARLY,
            to(MIDDLE),
            to(VIDEO, 1, kind="hot", title=None, source="航拍江畔"),
            recommended(ELSEWHERE, 2, kind="hot", title="专题：二号线"),
        ),
        article(MIDDLE, to(EARLY), to(LATE, 2), title="二号线首日"),
        article(LATE, title="二号线延时"),
    )
    return explorer


def node(doc_id: str, in_degree: int, distance: int | None, **values: Any) -> dict[str, Any]:
    return {
        "id": doc_id,
        "title": "江畔新城地铁二号线开通",
        "source": "江畔观察",
        "account": "江畔观察",
        "published_at": PUBLISHED,
        "is_known": True,
        "in_degree": in_degree,
        "distance": distance,
    } | values


def unknown(page_id: str, distance: int, title: str | None, source: str | None) -> dict[str, Any]:
    empty = {"account": None, "published_at": None, "is_known": False}
    return node(page_id, 1, distance, title=title, source=source, **empty)


def edge(source: str, target: str, position: int = 1, kind: str = "related") -> dict[str, Any]:
    return {
        "source": source,
        "target": target,
        "kind": kind,
        "position": position,
        "times_seen": 1,
    }


def test_the_twin_has_the_neighbours_and_what_is_between_them(graph: Explorer) -> None:
    assert graph.get(f"/graph.json?page={EARLY}").json == {
        "centre": EARLY,
        "nodes": [
            node(EARLY, 1, 0),
            node(MIDDLE, 1, 1, title="二号线首日"),
            unknown(VIDEO, 1, None, "航拍江畔"),
            unknown(ELSEWHERE, 1, "专题：二号线", None),
        ],
        "edges": [
            edge(EARLY, MIDDLE),
            edge(MIDDLE, EARLY),
            edge(EARLY, VIDEO, kind="hot"),
            edge(EARLY, ELSEWHERE, 2, kind="hot"),
        ],
        "is_cut": False,
        "newest": None,
    }


@pytest.mark.parametrize(
    ("query", "ids", "edges", "is_cut"),
    [
        (f"page={LATE}", [LATE, MIDDLE], [(MIDDLE, LATE)], False),
        (f"page={LATE}&direction=out", [LATE], [], False),
        (
            f"page={MIDDLE}&direction=out",
            [MIDDLE, EARLY, LATE],
            [(EARLY, MIDDLE), (MIDDLE, EARLY), (MIDDLE, LATE)],
            False,
        ),
        (f"page={EARLY}&kind=related", [EARLY, MIDDLE], [(EARLY, MIDDLE), (MIDDLE, EARLY)], False),
        (
            f"page={EARLY}&limit=2&kind=hot",
            [EARLY, VIDEO, ELSEWHERE],
            [(EARLY, VIDEO), (EARLY, ELSEWHERE)],
            False,
        ),
        (f"page={EARLY}&limit=1&kind=hot", [EARLY, VIDEO], [(EARLY, VIDEO)], True),
        (f"page={EARLY}&limit=1", [EARLY, MIDDLE], [(EARLY, MIDDLE), (MIDDLE, EARLY)], True),
        (f"page={VIDEO}", [VIDEO, EARLY], [(EARLY, VIDEO)], False),
        (f"page={ELSEWHERE}", [ELSEWHERE, EARLY], [(EARLY, ELSEWHERE)], False),
        # an address of an article is the article
        (f"page=https://m.163.com/dy/article/{LATE}.html", [LATE, MIDDLE], [(MIDDLE, LATE)], False),
    ],
)
def test_what_is_asked_for_is_shown(
    graph: Explorer, query: str, ids: list[str], edges: list[tuple[str, str]], is_cut: bool
) -> None:
    shown = graph.get(f"/graph.json?{query}").json
    found = [(one["source"], one["target"]) for one in shown["edges"]]
    assert ([one["id"] for one in shown["nodes"]], found, shown["is_cut"]) == (ids, edges, is_cut)


def test_without_a_page_it_shows_what_is_recommended_often(graph: Explorer) -> None:
    # each once, so by doc id
    assert graph.get("/graph.json").json == {
        "centre": None,
        "nodes": [
            node(EARLY, 1, None),
            node(MIDDLE, 1, None, title="二号线首日"),
            node(LATE, 1, None, title="二号线延时"),
        ],
        "edges": [],
        "is_cut": False,
        "newest": 3,
    }
    assert f'<a href="/graph?page={MIDDLE}">二号线首日</a>' in graph.get("/graph").text


def test_an_empty_archive_says_so(explorer: Explorer) -> None:
    assert "没有可走的推荐。" in explorer.get("/graph").text


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        (
            "page=VNOWHERE0",
            404,
            "VNOWHERE0 is not in the archive, and nothing there recommends it",
        ),
        (f"page={EARLY}&direction=up", 400, "direction: one of both, out, in, not 'up'"),
        (f"page={EARLY}&kind=cold", 400, "kind: one of both, related, hot, not 'cold'"),
        (f"page={EARLY}&limit=501", 400, "limit: a whole number from 1 to 500, not '501'"),
    ],
)
def test_what_cannot_be_shown_is_told(
    graph: Explorer, query: str, status: int, detail: str
) -> None:
    answer = graph.get(f"/graph.json?{query}")
    assert (answer.status, answer.json["detail"]) == (status, detail)


def test_a_list_keeps_what_was_asked_for_in_its_links(graph: Explorer) -> None:
    text = graph.get(f"/graph?page={LATE}&direction=in&limit=30").text
    assert f'<a href="/graph?direction=in&amp;limit=30&amp;page={MIDDLE}">二号线首日</a>' in text
    assert '<h2 id="in">' in text
    assert '<h2 id="out">' not in text


def test_nothing_of_the_archive_becomes_markup(store: Store, explorer: Explorer) -> None:
    store(article(EARLY, recommended(SCRIPT, title=HOSTILE), title=HOSTILE))
    escaped = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&#34;&#39;二号线"
    for page in (EARLY, SCRIPT):
        text = explorer.get(f"/graph?page={page}").text
        assert f"<h1>{escaped}</h1>" in text
        assert "<img" not in text
        assert 'href="javascript' not in text


def test_a_long_address_is_a_page_too(store: Store, explorer: Explorer) -> None:
    long = f"{ELSEWHERE}{'a' * 400}"
    store(article(EARLY, recommended(long)))
    assert f'href="/graph?page={quote(long, safe="")}"' in explorer.get(f"/graph?page={EARLY}").text
    assert explorer.get(f"/graph.json?page={quote(long)}").json["centre"] == long


def test_a_page_may_be_asked_for_as_it_was_pasted(graph: Explorer) -> None:
    address = f" https://www.163.com/dy/article/{EARLY}.html?spss=dy_author "
    assert graph.get(f"/graph.json?page={quote(address)}").json["centre"] == EARLY


def test_only_addresses_of_the_web_are_links(graph: Explorer) -> None:
    text = graph.get(f"/graph?page={ELSEWHERE}").text
    assert f'<a href="{ELSEWHERE}" rel="noopener noreferrer">打开网页</a>' in text


@pytest.fixture
def browser(graph: Explorer) -> Iterator[Page]:
    """A browser at EARLY, without animations."""
    with browser_page(reduced_motion="reduce") as page:
        page.goto(f"{graph.address}/graph?page={EARLY}")
        page.locator(".chosen h2").wait_for()
        yield page


def panel(page: Page) -> list[str]:
    return page.locator(".chosen h2, .chosen li").all_inner_texts()


def test_a_walk_and_back(browser: Page) -> None:
    start = ["江畔新城地铁二号线开通", "二号线首日", VIDEO, "专题：二号线", "二号线首日"]
    assert panel(browser) == start
    browser.locator(".chosen").get_by_text("二号线首日").first.click()
    browser.get_by_text("新增 1 篇").wait_for()
    there = ["二号线首日", "江畔新城地铁二号线开通", "二号线延时", "江畔新城地铁二号线开通"]
    assert panel(browser) == there
    assert browser.url.endswith(f"/graph?page={MIDDLE}")
    assert browser.title() == "二号线首日 · 推荐图 · 网易号档案"
    assert not browser.locator("table").first.is_visible()
    browser.keyboard.press("Escape")
    browser.get_by_text("已撤销").wait_for()
    assert panel(browser) == start
    assert browser.url.endswith(f"/graph?page={EARLY}")
    assert browser.locator("table").first.is_visible()
    assert browser.get_by_role("button", name="撤销").is_disabled()


def test_arrow_keys_go_round_the_neighbours_and_enter_goes_there(browser: Page) -> None:
    said = browser.locator(".picture [role=status]")
    browser.locator("canvas").focus()
    names = []
    for _ in range(4):
        browser.keyboard.press("ArrowRight")
        names.append(said.inner_text())
    assert sorted(names[:3]) == sorted(["二号线首日", VIDEO, "专题：二号线"])
    assert names[3] == names[0]
    while said.inner_text() != VIDEO:
        browser.keyboard.press("ArrowLeft")
    browser.keyboard.press("Enter")
    browser.get_by_text("近邻已全在图中").wait_for()
    assert panel(browser) == [VIDEO, "江畔新城地铁二号线开通"]


_PLACES_OF_PAGES = """canvas => {
  const box = canvas.getBoundingClientRect();
  const places = [];
  for (let x = 4; x < box.width; x += 8) for (let y = 4; y < box.height; y += 8) {
    const at = { clientX: box.left + x, clientY: box.top + y };
    canvas.dispatchEvent(new PointerEvent("pointermove", at));
    if (canvas.classList.contains("over")) places.push({ x, y });
  }
  return places;
}"""


def test_a_page_of_the_picture_can_be_clicked(browser: Page) -> None:
    canvas = browser.locator("canvas")
    first, *neighbours = panel(browser)
    leftmost = canvas.evaluate(_PLACES_OF_PAGES)[0]  # a neighbour: they are all round the first
    canvas.click(position=leftmost)
    there, *back = panel(browser)
    assert there in neighbours
    assert back[0] == first


def test_an_account_stands_out_on_request(browser: Page) -> None:
    choice = browser.locator(".legend").get_by_role("button", name="江畔观察")
    choice.click()
    assert choice.get_attribute("aria-pressed") == "true"
    choice.click()
    assert choice.get_attribute("aria-pressed") == "false"


def test_titles_are_text_in_the_panel_too(store: Store, explorer: Explorer) -> None:
    store(article(EARLY, recommended(SCRIPT, title=HOSTILE), title=HOSTILE))
    with browser_page(reduced_motion="reduce") as page:
        page.goto(f"{explorer.address}/graph?page={EARLY}")
        page.locator(".chosen h2").wait_for()
        assert panel(page) == [HOSTILE, HOSTILE]
        page.locator(".chosen li button").click()
        page.get_by_text("近邻已全在图中").wait_for()
        assert page.locator(".chosen a").count() == 0
        assert page.locator("img").count() == 0


def test_a_long_name_does_not_widen_the_page(store: Store, explorer: Explorer) -> None:
    store(make_article(EARLY, source="江畔观察与新城地铁联合编辑部" * 6))
    with browser_page(viewport={"width": 320, "height": 700}, reduced_motion="reduce") as page:
        page.goto(f"{explorer.address}/graph?page={EARLY}")
        page.locator(".legend button").wait_for()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_without_javascript_the_lists_lead_on(graph: Explorer) -> None:
    with browser_page(java_script_enabled=False) as page:
        page.goto(f"{graph.address}/graph?page={EARLY}")
        assert not page.locator("canvas").is_visible()
        page.locator("td a").first.click()
        assert page.locator("h1").inner_text() == "二号线首日"
