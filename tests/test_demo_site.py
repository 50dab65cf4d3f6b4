"""The bundled site: the same every time, linked throughout, and true to its own truth."""

from __future__ import annotations

import html
import json
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from selectolax.lexbor import LexborHTMLParser

from netease_crawler import urls
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site

SITE = Site(articles=300, seed=7)
ALL = range(SITE.articles)
ROOT = Path(__file__).parents[1]


def of_kind(kind: str) -> list[int]:
    return [index for index in ALL if SITE.truth(index)["kind"] == kind]


def test_same_seed_same_site():
    again = Site(articles=300, seed=7)
    assert [again.truth(i) for i in ALL] == [SITE.truth(i) for i in ALL]
    assert [again.page(i) for i in reversed(ALL)] == [SITE.page(i) for i in reversed(ALL)]


def test_same_site_in_another_process():
    command = [sys.executable, "-m", "netease_crawler.demo", "--articles", "300", "--truth"]
    lines = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout
    assert [json.loads(line) for line in lines.splitlines()] == [SITE.truth(i) for i in ALL]


def test_another_seed_is_another_site():
    other = Site(articles=300, seed=8)
    assert not {other.doc_id(i) for i in ALL} & {SITE.doc_id(i) for i in ALL}
    assert not {other.truth(i)["title"] for i in ALL} & {SITE.truth(i)["title"] for i in ALL}


@pytest.mark.parametrize("articles", [1, 5, 300, 100_000])
def test_doc_id_leads_back_to_its_index(articles):
    site = Site(articles)
    indexes = range(0, articles, max(1, articles // 1000))
    assert [site.index(site.doc_id(i)) for i in indexes] == list(indexes)


@pytest.mark.parametrize("doc_id", ["J22CN60P0514R9KQ", "KVMTIJ5A0556KMI7", "", "no doc id at all"])
def test_foreign_doc_id_has_no_index(doc_id):
    assert SITE.index(doc_id) is None


def test_doc_ids_follow_the_order_of_articles():
    doc_ids = [SITE.doc_id(i) for i in ALL]
    assert doc_ids == sorted(doc_ids)


def test_creation_in_the_doc_id_lies_before_publication():
    delays = [
        datetime.fromisoformat(truth["published_at"]) - urls.created_at(truth["doc_id"])
        for truth in map(SITE.truth, ALL)
    ]
    assert min(delays).total_seconds() > 0
    assert sum(delay.total_seconds() <= 61 for delay in delays) > 0.85 * len(delays)


def test_shares_of_kinds():
    site = Site(articles=5000)
    shares = Counter(site.catalogue.kind(i) for i in range(5000))
    assert 0.02 < shares["deleted"] / 5000 < 0.04
    assert 0.03 < shares["copy"] / 5000 < 0.05
    assert 0.03 < shares["near_copy"] / 5000 < 0.05


def test_copy_has_the_text_of_its_original_under_another_account():
    copies = [SITE.truth(i) for i in of_kind("copy")]
    originals = [SITE.truth(SITE.index(copy["copy_of"])) for copy in copies]
    assert copies
    assert [copy["paragraphs"] for copy in copies] == [it["paragraphs"] for it in originals]
    assert {original["kind"] for original in originals} == {"article"}
    for copy, original in zip(copies, originals, strict=True):
        assert copy["source"] != original["source"]
        assert copy["doc_id"] > original["doc_id"]


def test_only_copies_share_their_text():
    texts = Counter(
        "".join(truth["paragraphs"])
        for truth in map(SITE.truth, ALL)
        if truth["kind"] in ("article", "near_copy")
    )
    assert set(texts.values()) == {1}


def test_near_copy_changes_few_sentences():
    near_copies = [SITE.truth(i) for i in of_kind("near_copy")]
    assert near_copies
    for near_copy in near_copies:
        original = SITE.truth(SITE.index(near_copy["near_copy_of"]))
        assert len(near_copy["paragraphs"]) == len(original["paragraphs"])
        kept = set(near_copy["paragraphs"]) & set(original["paragraphs"])
        assert len(original["paragraphs"]) // 2 <= len(kept) < len(set(original["paragraphs"]))


def test_every_article_is_reachable_by_related_links():
    reachable = SITE.reachable(SITE.doc_id(0), depth=6, follow=("related",))
    assert set(reachable) == {SITE.doc_id(i) for i in ALL}


@pytest.mark.parametrize("articles", [1, 2, 30, 3000])
def test_every_article_is_reachable_whatever_the_size(articles):
    site = Site(articles, seed=3)
    assert len(site.reachable(site.doc_id(0), 8, ("related",))) == articles


def test_reachable_counts_links_and_stops_at_deleted_articles():
    deleted = SITE.doc_id(of_kind("deleted")[0])
    start = SITE.truth(0)
    linked = {item["doc_id"] for item in start["related"] + start["hot"] if not item["is_video"]}
    assert SITE.reachable(SITE.doc_id(0), depth=0) == {SITE.doc_id(0): 0}
    assert SITE.reachable(SITE.doc_id(0), depth=1) == {start["doc_id"]: 0} | dict.fromkeys(
        linked, 1
    )
    assert SITE.reachable(deleted, depth=5) == {deleted: 0}


def test_reachable_refuses_a_foreign_doc_id():
    with pytest.raises(ValueError, match="not an article of this site"):
        SITE.reachable("J22CN60P0514R9KQ", 1)


def test_lists_have_the_lengths_of_the_real_ones_and_no_article_twice():
    for truth in map(SITE.truth, ALL):
        if truth["kind"] == "deleted":
            continue
        related = [item["doc_id"] for item in truth["related"]]
        assert 20 <= len(related) <= 45
        assert len(set(related)) == len(related)
        assert [item["position"] for item in truth["hot"]] == list(range(1, 21))
        assert truth["doc_id"] not in related


def test_listed_items_say_what_is_true_of_their_articles():
    listed = [item for item in SITE.truth(0)["related"] if not item["is_video"]]
    keys = ("doc_id", "url", "title", "source", "published_at")
    targets = [SITE.truth(SITE.index(item["doc_id"])) for item in listed]
    assert [[item[key] for key in keys] for item in listed] == [
        [target[key] for key in keys] for target in targets
    ]


def test_page_shows_what_the_truth_says():
    for index in of_kind("article") + of_kind("near_copy"):
        truth, page = SITE.truth(index), LexborHTMLParser(SITE.page(index))
        body = page.css(".post_content#content > .post_body > p")
        related = page.css("ul.post_recommends_list li.post_recommend h3 a")
        hot = page.css(".post_recommend_news_hot > .post_recommend_new h3 a")
        statement = page.css_first(".creative_statement")
        assert {
            "doc_id": page.css_first("#contain").attributes["data-docid"],
            "wemedia_id": page.css_first("#contain").attributes.get("data-wemediaid"),
            "title": page.css_first("h1.post_title").text(),
            "source": page.css_first(".post_info > a").text(),
            "editor": statement.text().removeprefix("责任编辑：") if statement else None,
            "paragraphs": [p.text() for p in body if p.text()],
            "keywords": page.css_first("meta[name=keywords]").attributes["content"].split(","),
            "related": [link.text() for link in related],
            "hot": [link.text().strip() for link in hot],
        } == {
            **{key: truth[key] for key in ("doc_id", "wemedia_id", "title", "source", "editor")},
            **{key: truth[key] for key in ("paragraphs", "keywords")},
            "related": [item["title"] for item in truth["related"]],
            "hot": [item["title"] for item in truth["hot"]],
        }


def test_page_of_a_copy_differs_in_layout_only():
    page = SITE.page(of_kind("copy")[0])
    assert ">　　" in page
    assert "\u200b" in page
    assert "&nbsp;</p>" in page


def test_pages_weigh_what_real_ones_do():
    sizes = [len(SITE.page(i).encode()) for i in of_kind("article")]
    assert min(sizes) > 100_000
    assert max(sizes) < 220_000


def test_traps_of_the_real_pages_are_there():
    page = SITE.page(0)
    tree = LexborHTMLParser(page)
    assert "<meta charset" not in page
    assert "<!--keywordsList beigin-->" in page
    assert "来源: <a" in page
    assert "　来源" in page
    assert '"docId": "' + SITE.doc_id(0) + '", //' in page
    assert len(tree.css("ul.post_recommends_list .post_recommend_new.post_recommend_ad")) > 2
    assert len(tree.css(".post_side_mod .post_side_mod")) == 3
    assert len(tree.css(".js-cnshow")) == len(tree.css(".js-bjshow")) == 1
    assert any("artificial_collect_item" in SITE.page(i) for i in range(20))
    assert any("post_recommend_video" in SITE.page(i) for i in range(20))


def test_page_as_sent_leaves_blank_what_javascript_fills_in():
    tree = LexborHTMLParser(SITE.page(0))
    tie = tree.css_first(".post_top_tie_count")
    assert (tie.text(), tie.attributes["href"]) == ("0", "#")
    assert tree.css_first(".post_next.hidden #js_next").attributes["href"] == ""
    assert tree.css("#post_wemedia_a_list li, #js-yuanchuang-content li, .tie-info") == []
    assert "var taiduYuanC = [" in tree.html


def test_rendered_page_shows_what_its_truth_says():
    tree, truth = LexborHTMLParser(SITE.page(40, rendered=True)), SITE.truth_rendered(40)
    history = tree.css("#post_wemedia_a_list li > a")
    originals = tree.css("#js-yuanchuang-content a")
    assert {
        "counts": [int(count.text()) for count in tree.css(".tie-actCount")],
        "join_count": int(tree.css_first(".post_top_tie_count").text()),
        "history": [link.text() for link in history],
        "originals": [link.attributes["href"] for link in originals],
        "next": tree.css_first("#js_next").text(),
    } == {
        "counts": [truth["comment_count"], truth["join_count"]],
        "join_count": truth["join_count"],
        "history": [item["title"] for item in truth["history"]],
        "originals": [item["url"] for item in truth["originals"]],
        "next": truth["next_article"]["title"],
    }


def test_account_card_links_to_a_page_that_lists_the_article():
    truth = SITE.truth(0)
    page = LexborHTMLParser(SITE.account_page(truth["media_id"]))
    assert page.css_first("h2").text() == truth["source"]
    listed = [link.attributes["href"] for link in page.css(".js-list-tab-box .js-item h4 a.title")]
    assert truth["url"] in listed


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def fetch(url: str, host: str = "www.163.com") -> tuple[int, str, str | None]:
    """Return status, text and Location of *url*, asked for under the name *host*."""
    try:
        request = Request(url, headers={"Host": host})  # noqa: S310 - our own server
        with build_opener(_Stay).open(request) as response:
            return response.status, response.read().decode(), None
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers["Location"]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    log = tmp_path_factory.mktemp("demo") / "access.jsonl"
    with DemoSite(articles=300, seed=7, access_log=log) as site:
        yield site, log


def test_mirrors_send_the_hosts_of_netease_to_the_site(running):
    site, _ = running
    hosts = ("www.163.com", "m.163.com", "3g.163.com", "dy.163.com", "news.163.com")
    assert json.loads(site.mirrors) == dict.fromkeys(hosts, site.origin)


@pytest.mark.parametrize("channel", ["dy", "news"])
def test_server_answers_with_the_page(running, channel):
    site, _ = running
    url = f"{site.origin}/{channel}/article/{SITE.doc_id(5)}.html"
    assert fetch(url) == (200, SITE.page(5), None)
    assert fetch(f"{url}?rendered=1") == (200, SITE.page(5, rendered=True), None)


def test_server_says_that_an_article_is_deleted(running):
    site, _ = running
    for doc_id in (SITE.doc_id(of_kind("deleted")[0]), "J22CN60P0514R9KQ"):
        status, text, _ = fetch(f"{site.origin}/dy/article/{doc_id}.html")
        assert (status, "文章已被删除" in text) == (404, True)


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("m.163.com", "/dy/article/{}.html"),
        ("3g.163.com", "/news/article/{}.html"),
        ("dy.163.com", "/v2/article/detail/{}.html"),
        ("dy.163.com", "/article/{}.html"),
    ],
)
def test_other_addresses_lead_to_the_canonical_one(running, host, path):
    site, _ = running
    doc_id = SITE.doc_id(3)
    status, _, location = fetch(site.origin + path.format(doc_id), host)
    assert (status, location) == (301, f"https://www.163.com/dy/article/{doc_id}.html")


def test_server_has_accounts_videos_robots_and_a_front_page(running):
    site, _ = running
    video = next(item for i in ALL for item in SITE.truth(i)["related"] if item["is_video"])
    assert fetch(f"{site.origin}/dy/media/{SITE.truth(0)['media_id']}.html")[0] == 200
    assert fetch(f"{site.origin}/dy/media/T1512041896308.html")[0] == 404
    assert html.escape(video["title"]) in fetch(f"{site.origin}/v/video/{video['doc_id']}.html")[1]
    assert "Disallow: /dy/private/" in fetch(f"{site.origin}/robots.txt")[1]
    assert fetch(f"{site.origin}/")[1].count("/dy/article/") == 50


def test_server_streams_the_truth(running):
    site, _ = running
    lines = fetch(f"{site.origin}/__truth__")[1].splitlines()
    assert [json.loads(line) for line in lines] == [SITE.truth(i) for i in ALL]


def test_server_counts_and_logs_requests(running):
    site, log = running
    path = f"/dy/article/{SITE.doc_id(77)}.html"
    for _ in range(2):
        fetch(f"{site.origin}{path}?f=post2020_dy_recommends")
    assert json.loads(fetch(f"{site.origin}/__access__")[1])[path] == 2
    logged = [json.loads(line) for line in log.read_text().splitlines()]
    mine = [entry for entry in logged if entry["path"] == path]
    assert [{key: entry[key] for key in ("host", "status")} for entry in mine] == [
        {"host": "www.163.com", "status": 200}
    ] * 2
    assert mine[0]["t"] <= mine[1]["t"]


def test_site_ends_when_its_parent_is_gone():
    command = [sys.executable, "-m", "netease_crawler.demo", "--until-stdin-closes"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_site_that_cannot_start_says_so():
    with pytest.raises(RuntimeError, match="did not start"), DemoSite(articles=0):
        pass


def test_write_makes_a_file_of_every_page(tmp_path):
    command = [sys.executable, "-m", "netease_crawler.demo", "--articles", "40"]
    subprocess.run([*command, "--write", tmp_path], check=True, capture_output=True, cwd=ROOT)
    site = Site(articles=40)
    written = {path.stem: path.read_text() for path in (tmp_path / "dy/article").iterdir()}
    assert written == {site.doc_id(i): site.page(i) for i in range(40) if not site.is_deleted(i)}
    assert len(list((tmp_path / "dy/media").iterdir())) == 3


def test_class_is_renamed_after_some_articles():
    site = Site(articles=5)
    paths = [f"/dy/article/{site.doc_id(i)}.html" for i in range(5) if not site.is_deleted(i)]
    pages = [site.page(i) for i in range(5) if not site.is_deleted(i)]
    assert all(page.count('class="post_info"') == 1 for page in pages)
    with DemoSite(articles=5, renamed=("post_info", "post_meta"), renamed_after=2) as server:
        served = [fetch(f"{server.origin}{path}")[1] for path in paths]
        truth = fetch(f"{server.origin}/__truth__")[1]
    renamed = [page.replace('class="post_info"', 'class="post_meta"') for page in pages[2:]]
    assert served == [*pages[:2], *renamed]
    assert [json.loads(line) for line in truth.splitlines()] == [site.truth(i) for i in range(5)]
