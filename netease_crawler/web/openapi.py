"""The description of the explorer's JSON, as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netease_crawler import __version__
from netease_crawler.web.page import Page
from netease_crawler.web.parameters import Parameter
from netease_crawler.web.problems import ProblemDetails
from netease_crawler.web.schemas import Schema, Schemas

_PROBLEMS = {
    "400": "A parameter cannot be meant.",
    "404": "The archive does not have it.",
    "503": "The database does not answer, or not in time.",
}


def description(pages: Iterable[Page]) -> dict[str, Any]:
    """Return the description of the twins of *pages*."""
    schemas = Schemas()
    paths = {page.twin: {"get": _operation(page, schemas)} for page in pages}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "NetEase Hao Archive",
            "version": __version__,
            "description": (
                "What the explorer's pages show, as JSON; every page has its twin at the same"
                " address with .json behind. Read only. Times are UTC, those that bound bars of"
                " articles midnights in Beijing; dates in parameters are Beijing's."
            ),
        },
        "paths": paths,
        "components": {"schemas": schemas.components},
    }


def _operation(page: Page, schemas: Schemas) -> Schema:
    problem = schemas.of(ProblemDetails)
    return {
        "operationId": page.template.removesuffix(".html"),
        "summary": page.summary,
        "parameters": [
            *(_parameter(one, "path") for one in page.in_path),
            *(_parameter(one, "query") for one in page.parameters),
        ],
        "responses": {
            "200": {
                "description": "What the page shows.",
                "content": {"application/json": {"schema": schemas.of(page.shows)}},
            },
            **{
                status: {
                    "description": meaning,
                    "content": {"application/problem+json": {"schema": problem}},
                }
                for status, meaning in _PROBLEMS.items()
            },
        },
    }


def _parameter(parameter: Parameter, place: str) -> Schema:
    return {
        "name": parameter.name,
        "in": place,
        "description": parameter.description,
        "required": parameter.is_required or place == "path",
        "schema": dict(parameter.schema),
    }
