from __future__ import annotations

import csv
import io
import json

import pytest

from netease_crawler.exports.formats import (
    COLUMNS,
    RECORD,
    SHEET,
    CsvWriter,
    JsonLinesWriter,
    record,
    sheet_row,
)
from netease_crawler.storage.archive import StoredArticle
from tests.articles import EARLY, LATE, SEEN, make_article, make_full_article
from tests.exports.stored import stored


def csv_rows(*articles: StoredArticle) -> list[dict[str, str]]:
    file = io.BytesIO()
    writer = CsvWriter(file, SHEET.fields)
    for article in articles:
        writer.write(sheet_row(article))
    text = file.getvalue().decode()
    assert text[0] == "\ufeff"
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_csv_has_a_row_for_each_article() -> None:
    assert csv_rows(stored(make_full_article(), copy_of=LATE, deleted_at=SEEN)) == [
        {
            "doc_id": EARLY,
            "url": f"https://www.163.com/dy/article/{EARLY}.html",
            "published_at": "2025-03-04T09:02:03+08:00",
            "title": "江畔新城地铁二号线开通",
            "source": "江畔观察",
            "account": "江畔观察",
            "media_id": "T1512041896301",
            "location": "江苏",
            "editor": "林一_NN1001",
            "original_title": "二号线开通首日",
            "category": "社会/民生",
            "keywords": "地铁\n开通",
            "join_count": "12",
            "comment_count": "3",
            "text": "首日客流\n江畔新城地铁二号线今晨开通，首日客流超过三万人次。\n站台",
            "images": "http://dingyue.ws.126.net/2025/0304/a.jpg",
            "copy_of": LATE,
            "first_seen_at": "2025-03-04T13:06:07+08:00",
            "last_seen_at": "2025-03-04T13:06:07+08:00",
            "deleted_at": "2025-03-04T13:06:07+08:00",
        }
    ]


def test_csv_cell_of_an_absent_value_is_empty() -> None:
    [row] = csv_rows(stored(make_article(published_at=None, source=None, title="0")))
    assert {name for name in COLUMNS if row[name]} == {
        "doc_id",
        "url",
        "title",
        "text",
        "first_seen_at",
        "last_seen_at",
    }


@pytest.mark.parametrize(
    "title", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠市民"]
)
def test_no_csv_cell_is_taken_for_a_formula(title: str) -> None:
    [row] = csv_rows(stored(make_article(title=title, keywords=(title, "地铁"))))
    assert (row["title"], row["keywords"]) == (f"'{title}", f"'{title}\n地铁")


def test_json_line_holds_the_item_and_what_the_archive_knows() -> None:
    file = io.BytesIO()
    article = make_article(keywords=("地铁",))
    JsonLinesWriter(file).write(record(stored(article, copy_of=LATE, deleted_at=SEEN)))
    assert file.getvalue().endswith(b"}\n")
    text = f"{EARLY} 号报道：江畔新城地铁二号线今晨开通，首日客流超过三万人次。"
    assert json.loads(file.getvalue()) == {
        "doc_id": EARLY,
        "url": f"https://www.163.com/dy/article/{EARLY}.html",
        "layout": "post2020_dy",
        "title": "江畔新城地铁二号线开通",
        "published_at": "2025-03-04T01:02:03+00:00",
        "source": "江畔观察",
        "source_url": None,
        "location": None,
        "editor": None,
        "original_title": None,
        "blocks": [{"kind": "paragraph", "text": text, "url": None, "caption": None}],
        "keywords": ["地铁"],
        "category": None,
        "rec_category": None,
        "join_count": None,
        "comment_count": None,
        "has_statement": False,
        "account": None,
        "recommendations": [],
        "history": [],
        "headlines": [],
        "originals": [],
        "next_article": None,
        "fetched_at": None,
        "text": text,
        "images": [],
        "copy_of": LATE,
        "first_seen_at": "2025-03-04T05:06:07+00:00",
        "last_seen_at": "2025-03-04T05:06:07+00:00",
        "deleted_at": "2025-03-04T05:06:07+00:00",
    }


def test_a_schema_names_the_fields_of_its_rows_with_their_types() -> None:
    article = stored(make_full_article())
    assert [list(schema.fields) for schema in (RECORD, SHEET)] == [
        list(schema.row(article)) for schema in (RECORD, SHEET)
    ]
    assert {
        name: RECORD.fields[name] for name in ("title", "published_at", "blocks", "account")
    } == {
        "title": "string",
        "published_at": "time",
        "blocks": "list of Block",
        "account": "Account",
    }
    assert SHEET.fields["account"] == "string"
