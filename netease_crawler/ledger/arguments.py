"""The arguments of a crawl, which it keeps from its beginning on."""

from __future__ import annotations

from collections.abc import Mapping

from netease_crawler.ledger.crawls import CrawlConflictError


def resolve_arguments(
    crawl: str, given: Mapping[str, str], known: Mapping[str, str] | None
) -> Mapping[str, str]:
    """Return the arguments of *crawl*: those *given*, or those *known* from its beginning.

    Raises CrawlConflictError where both are there and differ, or neither is.
    """
    if known is None:
        if not given:
            raise CrawlConflictError(
                f"crawl: there is no crawl {crawl!r} to go on with; to begin it, give its arguments"
            )
        return given
    if given and dict(given) != dict(known):
        raise CrawlConflictError(
            f"crawl: {crawl!r} began with {_as_options(known)}; give these, none, or another name"
        )
    return known


def _as_options(arguments: Mapping[str, str]) -> str:
    return " ".join(f"-a {name}={value}" for name, value in arguments.items())
