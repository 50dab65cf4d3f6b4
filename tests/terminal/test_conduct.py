"""How a crawl behaved, as people read it, and what they may ask."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace

import pytest

from netease_crawler.ledger.conduct_report import ConductReport, HostConduct
from netease_crawler.terminal.command import CommandError
from netease_crawler.terminal.conduct import add_conduct_options, conduct_lines, read_windows

HOST = HostConduct(
    host="www.163.com",
    requests=0,
    first_at=None,
    last_at=None,
    busiest=(),
    excesses=(),
    robots_txt={},
    allowed=0,
    forbidden=0,
    unreachable=0,
    unchecked=0,
    asked=0,
    waited=0,
    broken=0,
    ended=0,
    refusals=0,
    pauses=0,
    paused_seconds=0,
)
REPORT = ConductReport(
    crawl="c", rates=(1.0,), workers=2, unfinished=0, tolerance=0.254, hosts=(HOST,)
)


@pytest.mark.parametrize(
    ("report", "judgement"),
    [
        (replace(REPORT, rates=(0.0,)), "CRAWL_RATE was 0: there was no rate to keep."),
        (replace(REPORT, rates=(), hosts=()), "It has sent no request."),
        (
            replace(REPORT, rates=(1.0, 0.2, 0.0)),
            "The rate of 1 or 0.2 requests/s was kept in every window (tolerance: one request for"
            " each worker, and those of 0.254 s).",
        ),
    ],
)
def test_judgement(report, judgement):
    assert conduct_lines(report)[-1] == f"  {judgement}"


def test_retry_after_that_was_not_kept():
    report = replace(REPORT, hosts=(replace(HOST, asked=1, broken=1),))
    assert conduct_lines(report)[2:] == [
        "  www.163.com",
        "         1  answers with Retry-After",
        "         1  NOT waited for",
        "",
        "  PROBLEM: www.163.com was asked again once before its Retry-After was over",
    ]


def windows(*arguments: str) -> list[float]:
    parser = ArgumentParser()
    add_conduct_options(parser)
    return read_windows(parser.parse_args(arguments))


def test_windows():
    assert windows() == windows("--politeness") == [1, 10, 60, 3600]
    assert windows("--politeness", "--window", "5", "--window", "0.5") == [5, 0.5]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--window", "5"], "--window goes with --politeness"),
        (["--politeness", "--window", "-1"], "--window: seconds, 0.001 or more, not '-1'"),
        (["--politeness", "--window", "a day"], "--window: seconds, 0.001 or more, not 'a day'"),
        (["--politeness", "--window", "nan"], "--window: seconds, 0.001 or more, not 'nan'"),
        (["--politeness", "--window", "inf"], "--window: seconds, 0.001 or more, not 'inf'"),
    ],
)
def test_bad_windows(arguments, message):
    with pytest.raises(CommandError) as raised:
        windows(*arguments)
    assert (str(raised.value), raised.value.exitcode) == (message, 2)
