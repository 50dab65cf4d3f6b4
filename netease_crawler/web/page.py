"""What a page of the explorer is: an address, what may be asked of it, and who answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netease_crawler.storage.connection import Database
from netease_crawler.web.parameters import Parameter
from netease_crawler.web.problems import bad_request

LANGUAGE = "lang"
"""The parameter of every page for people that says in which language it is to be."""


@dataclass(frozen=True)
class Asked:
    """What a page is asked."""

    database: Database
    values: Mapping[str, Any]
    """By parameter, what it read or its default; every parameter of the page is there."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, and its twin for programs, at the same address with ``.json`` behind."""

    path: str
    """As aiohttp writes it: ``/articles/{doc_id}``."""
    template: str
    summary: str
    """What it shows, for the description of the API."""
    shows: type
    """What *view* returns: a dataclass, which is the twin as it stands."""
    view: Callable[[Asked], Awaitable[Any]]
    """Reads what the page shows; raises ProblemError."""
    parameters: Sequence[Parameter] = ()
    in_path: Sequence[Parameter] = ()
    """Those that are parts of *path*."""

    @property
    def twin(self) -> str:
        """Path of the twin."""
        return f"{self.path}.json"

    def read(self, path: Mapping[str, str], query: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return the values of all parameters; raises ProblemError (400), which names one."""
        given = dict(path)
        for name, value in query:
            if name in given:
                raise bad_request(f"{name}: is given twice")
            given[name] = value
        known = {parameter.name: parameter for parameter in (*self.in_path, *self.parameters)}
        for name in given:
            if name not in known:
                raise bad_request(f"{name[:50]}: there is no such parameter")
        return {name: _value(known[name], given.get(name)) for name in known}


def _value(parameter: Parameter, given: str | None) -> Any:
    if not given:
        if parameter.is_required:
            raise bad_request(f"{parameter.name}: is not given")
        return parameter.default
    try:
        return parameter.read(given)
    except ValueError as error:
        raise bad_request(f"{parameter.name}: {error}") from None
