"""Items as documents, and back. Nothing else knows the form of a stored article."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from netease_crawler.fingerprints import content_hash, text_fingerprint
from netease_crawler.grams import VERSION
from netease_crawler.items import (
    Account,
    Article,
    Block,
    HeadlineBox,
    Link,
    Recommendation,
)
from netease_crawler.storage.connection import Document

T = TypeVar("T")

_LISTS: Mapping[str, type] = {
    "blocks": Block,
    "recommendations": Recommendation,
    "history": Link,
    "originals": Link,
}


def article_document(article: Article) -> Document:
    """Return *article* as stored: its fields, its text and images, and what compares it.

    Absent values are left out; times are kept to the millisecond, MongoDB's unit.
    """
    document = _document(article)
    document["_id"] = document.pop("doc_id")
    text = article.text
    document["text"] = text
    document["images"] = list(article.images)
    document["content_hash"] = content_hash(article)
    document["search_version"] = VERSION  # what its search data is made by
    fingerprint = text_fingerprint(text)
    if fingerprint is not None:
        document["fingerprint"] = fingerprint
    return document


def article_item(document: Mapping[str, Any]) -> Article:
    """Return the article that *document* holds: the inverse of :func:`article_document`."""
    values = _known(Article, document)
    values["doc_id"] = document["_id"]
    for name, kind in _LISTS.items():
        values[name] = tuple(_item(kind, entry) for entry in document.get(name, ()))
    values["keywords"] = tuple(document.get("keywords", ()))
    values["headlines"] = tuple(
        HeadlineBox(
            section=box["section"], links=tuple(_item(Link, link) for link in box.get("links", ()))
        )
        for box in document.get("headlines", ())
    )
    if "account" in document:
        values["account"] = _item(Account, document["account"])
    if "next_article" in document:
        values["next_article"] = _item(Link, document["next_article"])
    return Article(**values)


def edge_documents(article: Article, seen_at: datetime, crawl: str) -> list[Document]:
    """Return one document for each page that *article* recommends."""
    edges: dict[str, Document] = {}
    for recommendation in article.recommendations:
        to = recommendation.doc_id or recommendation.url
        edge_id = f"{article.doc_id}/{recommendation.kind}/{to}"
        edges.setdefault(
            edge_id,
            {
                "_id": edge_id,
                "from": article.doc_id,
                "to": to,
                "kind": recommendation.kind,
                "position": recommendation.position,
                "first_seen_at": seen_at,
                "last_seen_at": seen_at,
                "times_seen": 1,
                "crawl": crawl,
            },
        )
    return list(edges.values())


def account_document(account: Account) -> Document:
    """Return what *account* says of itself; ``media_id`` is left to the document's ``_id``."""
    document = _document(account)
    document.pop("media_id", None)
    return document


def _document(item: Any) -> Document:
    names, values_of = _FIELDS[type(item)]
    document: Document = {}
    for name, value in zip(names, values_of(item), strict=True):
        if value is None or value == ():
            continue
        if type(value) in _NESTED:
            if isinstance(value, tuple):
                value = [entry if isinstance(entry, str) else _document(entry) for entry in value]
            else:
                value = _document(value)
        document[name] = value
    return document


def _fields(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(field.name for field in fields(kind))
    return names, attrgetter(*names)


_FIELDS: dict[type, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {
    kind: _fields(kind) for kind in (Account, Article, Block, HeadlineBox, Link, Recommendation)
}
_NESTED = frozenset({tuple, Account, Link})


def _known(kind: type, document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in _FIELDS[kind][0] if name in document}


def _item(kind: type[T], document: Mapping[str, Any]) -> T:
    return kind(**_known(kind, document))
