"""The search page and its twin."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlencode

from netease_crawler.items import Account
from netease_crawler.storage.connection import Database
from tests.articles import EARLY, LATE, MIDDLE, make_article
from tests.conftest import InDatabase, Store
from tests.web.conftest import Explorer

_MAY = datetime(2024, 5, 1, 4, tzinfo=timezone.utc)


def test_the_twin_has_the_articles_with_what_matches_and_all_facets(
    store: Store, explorer: Explorer
) -> None:
    store(
        make_article(
            MIDDLE,
            title="地铁二号线开通",
            text="今晨，江畔新城地铁开通。",
            published_at=_MAY,
            location="江苏",
            category="社会/民生",
        ),
        make_article(EARLY, title="江畔的早晨", text="没有提到那种车。", published_at=_MAY),
    )
    assert explorer.get(f"/search.json?text={quote('地铁')}").json == {
        "zh": "标题或正文含“地铁”；不含转载副本",
        "en": "title or text contains “地铁”; without copies",
        "order": "relevance",
        "articles": [
            {
                "doc_id": MIDDLE,
                "url": f"https://www.163.com/dy/article/{MIDDLE}.html",
                "title": "地铁二号线开通",
                "source": "江畔观察",
                "published_at": "2024-05-01T04:00:00+00:00",
                "copy_of": None,
                "deleted_at": None,
                "highlighted_title": [
                    {"text": "地铁", "is_match": True},
                    {"text": "二号线开通", "is_match": False},
                ],
                "snippet": [
                    {"text": "今晨，江畔新城", "is_match": False},
                    {"text": "地铁", "is_match": True},
                    {"text": "开通。", "is_match": False},
                ],
            }
        ],
        "next": None,
        "facets": {
            "total": 1,
            "is_estimate": False,
            "looked_at": 1,
            "values": {
                "source": [{"value": "江畔观察", "count": 1}],
                "account": [],
                "location": [{"value": "江苏", "count": 1}],
                "category": [{"value": "社会", "count": 1}],
            },
            "has_video": 0,
            "copies": 0,
            "timeline": [
                {
                    "begin": "2024-05-01T00:00:00+08:00",
                    "end": "2024-05-02T00:00:00+08:00",
                    "count": 1,
                }
            ],
            "undated": 0,
        },
        "unsearchable": 0,
    }


def test_pages_follow_one_another_by_an_opaque_token(store: Store, explorer: Explorer) -> None:
    ids = [f"K0A1B2C{number}05149ABC" for number in range(5)]
    store(
        *(
            make_article(doc_id, text=f"第{number}篇。", published_at=_MAY + timedelta(days=number))
            for number, doc_id in enumerate(ids)
        )
    )
    for query in ({"text": "篇"}, {"text": "篇", "order": "newest"}, {}):
        found, after, pages = [], "", 0
        while pages == 0 or after:
            answer = explorer.get(f"/search.json?{urlencode(query)}&limit=2&after={after}").json
            found += [article["doc_id"] for article in answer["articles"]]
            after, pages = answer["next"], pages + 1
        assert (found, pages) == (ids[::-1], 3)


def test_a_token_of_another_search_is_refused(store: Store, explorer: Explorer) -> None:
    store(make_article(EARLY), make_article(LATE, text="另一篇。"))
    token = explorer.get("/search.json?limit=1").json["next"]
    answer = explorer.get(f"/search.json?text={quote('江畔')}&limit=1&after={token}")
    assert answer.status == 400
    assert answer.json["detail"] == "after: is not where a page of this search ended"


def test_what_the_site_wrote_is_text_and_nothing_else(store: Store, explorer: Explorer) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
    store(make_article(EARLY, title=hostile, text=f"江畔{hostile}", source=hostile))
    page = explorer.get(f"/search?text={quote('江畔')}").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_what_is_typed_is_text_and_nothing_else(store: Store, explorer: Explorer) -> None:
    store(make_article(EARLY, text="价格 $gt 100 元 .* (a+)+$"))
    for typed in ("$gt", ".*", "(a+)+$", "' || 1 == 1"):
        answer = explorer.get(f"/search.json?{urlencode({'text': typed})}").json
        assert [one["doc_id"] for one in answer["articles"]] == [EARLY] * (typed[0] != "'")
    page = explorer.get(f"/search?{urlencode({'text': '<b>', 'source': chr(34) + '><b>'})}").text
    assert "<b>" not in page


def test_a_criterion_is_taken_off_by_its_chip(store: Store, explorer: Explorer) -> None:
    store(make_article(EARLY, location="江苏"))
    page = explorer.get(f"/search?{urlencode({'location': '江苏', 'has_video': '1'})}").text
    assert 'href="/search?has_video=1"' in page
    assert f'href="/search?{urlencode({"location": "江苏"})}"' in page


def test_an_account_that_is_chosen_is_a_click_away(store: Store, explorer: Explorer) -> None:
    store(make_article(EARLY, account=Account(name="江畔观察")))
    link = f'<a href="/account?{urlencode({"name": "江畔观察"})}">看这个网易号</a>'
    assert link in explorer.get(f"/search?account={quote('江畔观察')}").text
    assert link not in explorer.get("/search").text


def test_copies_are_counted_and_found_on_request(store: Store, explorer: Explorer) -> None:
    same = "这篇文章被转载了，全文一字不差，足够长，可以认出是同一篇。" * 3
    store(make_article(EARLY, text=same))
    store(make_article(LATE, text=same, source="转载者"))
    answer = explorer.get("/search.json").json
    assert [one["doc_id"] for one in answer["articles"]] == [EARLY]
    assert (answer["facets"]["total"], answer["facets"]["copies"]) == (1, 1)
    answer = explorer.get("/search.json?with_copies=1&order=newest").json
    assert {one["doc_id"]: one["copy_of"] for one in answer["articles"]} == {
        EARLY: None,
        LATE: EARLY,
    }


def test_articles_without_search_data_are_told_of(
    store: Store, explorer: Explorer, in_database: InDatabase[None]
) -> None:
    store(make_article(EARLY))

    async def forget_the_version(database: Database) -> None:
        await database["articles"].update_many({}, {"$unset": {"search_version": ""}})

    in_database(forget_the_version)
    search = f"/search.json?text={quote('江畔')}"
    assert explorer.get(search).json["unsearchable"] == 1
    assert "有 1 篇尚无检索数据" in explorer.get(search.replace(".json", "")).text
    assert explorer.get("/search.json").json["unsearchable"] == 0  # without words all are found
