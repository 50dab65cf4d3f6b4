"""How a crawl behaved towards each host, as people read it."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from netease_crawler.ledger.conduct_report import ConductReport, HostConduct
from netease_crawler.terminal.command import CommandError

_WINDOWS = (1.0, 10.0, 60.0, 3600.0)  # seconds


def add_conduct_options(parser: ArgumentParser) -> None:
    """Add the options of the report of a crawl's conduct."""
    parser.add_argument(
        "--politeness",
        action="store_true",
        help="show instead how the crawl behaved towards each host",
    )
    parser.add_argument(
        "--window",
        metavar="SECONDS",
        action="append",
        help="with --politeness: look at windows of this length, not of 1, 10, 60 and 3600"
        " seconds; may be repeated",
    )


def read_windows(opts: Namespace) -> list[float]:
    """Return the lengths of windows to look at, in seconds; raises CommandError."""
    if opts.window and not opts.politeness:
        raise CommandError("--window goes with --politeness", 2)
    return [_seconds(text) for text in opts.window or ()] or list(_WINDOWS)


def conduct_lines(report: ConductReport) -> list[str]:
    """Return *report* as people read it."""
    lines = [f"Crawl {report.crawl}: how it behaved"]
    for host in report.hosts:
        lines += ["", *_host_lines(host)]
    if report.unfinished:
        lines += [
            "",
            f"  Killed, or at work: {report.unfinished} of {report.workers} workers; what they did"
            " in their last 10 s is not shown.",
        ]
    return [*lines, "", f"  {_judgement(report)}"]


def _host_lines(host: HostConduct) -> Iterator[str]:
    yield f"  {host.host}"
    if host.first_at and host.last_at:
        yield (
            f"  {host.requests:>8}  requests, {host.first_at:%Y-%m-%d %H:%M:%S} to"
            f" {host.last_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    for busiest in host.busiest:
        yield (
            f"  {busiest.requests:>8}  at most in any {busiest.seconds:g} s:"
            f" {busiest.per_second:.2f} requests/s"
        )
    answers = ", ".join(f"{answer} {times}×" for answer, times in host.robots_txt.items())
    for number, what in (
        (sum(host.robots_txt.values()), f"answers for robots.txt: {answers}"),
        (host.allowed, "requests that robots.txt allowed"),
        (host.forbidden, "that it forbade: not sent"),
        (host.unreachable, "while it could not be had: not sent"),
        (host.unchecked, "sent without asking it"),
        (host.asked, "answers with Retry-After"),
        (host.waited, "waited for"),
        (host.ended, "not asked again in that run"),
        (host.broken, "NOT waited for"),
        (host.refusals, "refusals"),
        (host.pauses, f"pauses, {host.paused_seconds:g} s in all"),
    ):
        if number:
            yield f"  {number:>8}  {what}"


def _judgement(report: ConductReport) -> str:
    if report.problem:
        return f"PROBLEM: {report.problem}"
    if not report.hosts:
        return "It has sent no request."
    limits = [f"{rate:g}" for rate in report.rates if rate]
    if not limits:
        return "CRAWL_RATE was 0: there was no rate to keep."
    return (
        f"The rate of {' or '.join(limits)} requests/s was kept in every window (tolerance: one"
        f" request for each worker, and those of {report.tolerance:g} s)."
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0.001 <= seconds < math.inf:
        raise CommandError(f"--window: seconds, 0.001 or more, not {text!r}", 2)
    return seconds
