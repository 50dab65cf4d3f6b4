from __future__ import annotations

import io
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from netease_crawler import __version__
from netease_crawler.exports import parquet
from netease_crawler.exports.formats import record
from netease_crawler.exports.parquet import ParquetWriter
from netease_crawler.storage.archive import StoredArticle
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.exports.stored import PROVENANCE, stored


def written(*articles: StoredArticle) -> pq.ParquetFile:
    file = io.BytesIO()
    writer = ParquetWriter(file, PROVENANCE)
    for article in articles:
        writer.write(record(article))
    writer.close()
    return pq.ParquetFile(file)


def plain(article: StoredArticle) -> dict[str, Any]:
    """What a row is, with lists for tuples as Parquet has them."""

    def lists(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: lists(entry) for name, entry in value.items()}
        return [lists(entry) for entry in value] if isinstance(value, (tuple, list)) else value

    own = {name: lists(value) for name, value in asdict(article.article).items()}
    return own | {
        "text": article.article.text,
        "images": list(article.article.images),
        "copy_of": article.copy_of,
        "first_seen_at": article.first_seen_at,
        "last_seen_at": article.last_seen_at,
        "deleted_at": article.deleted_at,
    }


def test_articles_are_read_back_as_they_were() -> None:
    articles = [
        stored(make_full_article(EARLY)),
        stored(make_article(MIDDLE, published_at=None, blocks=()), copy_of=LATE, deleted_at=SEEN),
    ]
    assert written(*articles).read().to_pylist() == [plain(article) for article in articles]


def test_the_types_are_those_of_the_items() -> None:
    schema = written().schema_arrow
    time = pa.timestamp("ms", tz="UTC")
    link = pa.struct(
        [
            pa.field("url", pa.string(), nullable=False),
            pa.field("title", pa.string(), nullable=False),
            pa.field("doc_id", pa.string()),
            pa.field("tag", pa.string()),
            pa.field("published_at", time),
            pa.field("image_url", pa.string()),
        ]
    )
    links = pa.list_(pa.field("element", link, nullable=False))
    box = pa.struct(
        [
            pa.field("section", pa.string(), nullable=False),
            pa.field("links", links, nullable=False),
        ]
    )
    for expected in (
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("published_at", time),
        pa.field("comment_count", pa.int64()),
        pa.field("has_statement", pa.bool_(), nullable=False),
        pa.field(
            "keywords", pa.list_(pa.field("element", pa.string(), nullable=False)), nullable=False
        ),
        pa.field("headlines", pa.list_(pa.field("element", box, nullable=False)), nullable=False),
        pa.field("next_article", link),
        pa.field("last_seen_at", time, nullable=False),
        pa.field("deleted_at", time),
    ):
        assert schema.field(expected.name) == expected
    assert schema.names == list(record(stored(make_article())))


def test_the_file_says_where_it_comes_from() -> None:
    file = written(stored(make_article()))
    metadata = {name.decode(): text.decode() for name, text in file.metadata.metadata.items()}
    metadata.pop("ARROW:schema")
    assert metadata == {
        "selection": "来源为“江畔观察”；不含转载副本",
        "selection_en": "source is “江畔观察”; without copies",
        "made_at": "2025-03-05T06:07:08+00:00",
        "made_by": f"netease_crawler {__version__}",
    }
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_rows_are_written_in_groups() -> None:
    article = stored(make_article())
    metadata = written(*[article] * (parquet.ROWS + 1)).metadata
    groups = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert groups == [parquet.ROWS, 1]
