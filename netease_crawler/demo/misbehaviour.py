"""How the site misbehaves: which answer it gives instead of the right one, where and how often."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

STATUS: Final = "status"
"""The answer that says what its rule says: status, headers, body."""
ANSWERS: Final = (
    STATUS,
    "verification",  # the page that asks for a captcha, with 200
    "title_only",  # the article without its body, with 200
    "empty",  # nothing, with 200
    "empty_list",  # [], with 200
    "hang",  # no answer
    "drip",  # the right page, a byte each second
    "truncated_gzip",  # the right page, compressed, the first half of it
    "too_long",  # Content-Length says more than is sent
    "too_short",  # Content-Length says less than is sent
    "reset",  # the connection is cut before the answer
    "cut",  # the connection is cut within the answer
    "huge",  # 200 MB
    "bomb",  # 200 MB that are 200 KB while compressed
    "cookies",  # the right page; its cookies grow, and whoever sends them back gets 400
)


class MisbehaviourError(ValueError):
    """A script of misbehaviour cannot be used; one line that says why."""


@dataclass(frozen=True, kw_only=True)
class Misbehaviour:
    """One rule of a script: what is answered to which requests."""

    answer: str = STATUS
    """One of ANSWERS."""
    path: str = "*/article/*"
    """Which paths, ``*`` and ``?`` standing for anything."""
    every: int = 1
    """Only on each so manieth article …"""
    offset: int = 0
    """… beginning with this number of them."""
    after: int = 0
    """Not on the first so many requests …"""
    times: int | None = None
    """… and then so often; None: for ever."""
    each: bool = False
    """Whether requests are counted for each path, or all that match together."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the answer ``status``, as is *body*. ``{path}`` stands for the path."""
    body: str = ""

    def __post_init__(self) -> None:
        if self.answer not in ANSWERS:
            raise MisbehaviourError(f"answer: one of {', '.join(ANSWERS)}, not {self.answer!r}")
        if self.every < 1:
            raise MisbehaviourError("every: a whole number from 1 up")


class Script:
    """The rules that a site keeps, and how often each of them was asked."""

    def __init__(self, rules: Iterable[Misbehaviour]) -> None:
        self._rules = tuple(rules)
        self._asked: Counter[tuple[int, str]] = Counter()

    def rule_for(self, path: str, article: int | None) -> Misbehaviour | None:
        """Return the first rule for a request of *path*, None where it is answered rightly.

        *article* is the number of the article asked for.
        """
        for position, rule in enumerate(self._rules):
            if not _concerns(rule, path, article):
                continue
            asked = (position, path if rule.each else "")
            self._asked[asked] += 1
            turn = self._asked[asked] - rule.after
            if turn > 0 and (rule.times is None or turn <= rule.times):
                return rule
        return None


def _concerns(rule: Misbehaviour, path: str, article: int | None) -> bool:
    if rule.every > 1 and (article is None or article % rule.every != rule.offset):
        return False
    return fnmatchcase(path, rule.path)


def _every_twentieth() -> tuple[Misbehaviour, ...]:
    """Return a rule for each answer: some for ever, some for the first request of a page."""
    return (
        Misbehaviour(every=20, offset=1, status=429, times=1, each=True),
        Misbehaviour(
            every=20, offset=2, status=503, headers={"Retry-After": "1"}, times=1, each=True
        ),
        Misbehaviour(every=20, offset=3, status=403),
        *(
            Misbehaviour(answer=answer, every=20, offset=4 + number)
            for number, answer in enumerate(ANSWERS[1:])
        ),
        Misbehaviour(every=20, offset=19, status=302, headers={"Location": "{path}"}),
    )


SCRIPTS: Final[Mapping[str, tuple[Misbehaviour, ...]]] = {
    "hostile": _every_twentieth(),
    "overload": (
        Misbehaviour(status=503, headers={"Retry-After": "1"}, every=3, times=1, each=True),
    ),
    "ban": (Misbehaviour(status=403, after=30, times=25),),
    "captcha": (Misbehaviour(answer="verification", after=30),),
    "no-robots": (Misbehaviour(path="/robots.txt", status=503),),
}
"""Scripts that have a name."""


def read_script(name: str) -> tuple[Misbehaviour, ...]:
    """Return the script of this *name*, or what is written in a file of it.

    That is a JSON list of objects, each with attributes of a rule; *name* may also be the list.

    Raises MisbehaviourError.
    """
    if name in SCRIPTS:
        return SCRIPTS[name]
    try:
        text = name if name.startswith("[") else Path(name).read_text("utf-8")
        return _rules(json.loads(text))
    except OSError as error:
        raise MisbehaviourError(
            f"{name!r} is none of {', '.join(SCRIPTS)}, and cannot be read: {error.strerror}"
        ) from None
    except ValueError as error:
        raise MisbehaviourError(f"{name!r}: {error}") from None


def _rules(values: Any) -> tuple[Misbehaviour, ...]:
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise MisbehaviourError("a list of objects")
    try:
        return tuple(Misbehaviour(**value) for value in values)
    except TypeError as error:
        raise MisbehaviourError(str(error)) from None
