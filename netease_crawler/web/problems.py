"""Why a page could not be shown: one form for people, one for programs (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, kw_only=True)
class ProblemDetails:
    """What went wrong, in the form of RFC 9457 (``application/problem+json``)."""

    status: int
    """The status of the answer."""
    title: str
    """What the status means."""
    detail: str
    """One line that says what was wrong with this request, or what to do."""


class ProblemError(Exception):
    """The page cannot be shown; *detail* is one line that says why or what to do."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.details = ProblemDetails(status=status.value, title=status.phrase, detail=detail)


def bad_request(detail: str) -> ProblemError:
    """Return the problem of a request that cannot be meant."""
    return ProblemError(HTTPStatus.BAD_REQUEST, detail)


def not_found(detail: str) -> ProblemError:
    """Return the problem of what the archive does not have."""
    return ProblemError(HTTPStatus.NOT_FOUND, detail)
