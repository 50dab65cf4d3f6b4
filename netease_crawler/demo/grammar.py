"""Sentences from rules: a small grammar that remembers the facts of one story.

A grammar is text: a rule's name alone on a line, its alternatives indented below it.
In an alternative, ``[rule]`` is drawn anew each time, ``{rule}`` once per story (so that a
story keeps its city and its people), and ``[20-80]`` is a number.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from netease_crawler.demo.draw import Draw, stamp

_REFERENCE = re.compile(r"\[(?:(\d+)-(\d+)|(\w+))\]|\{(\w+)\}")


class _Number(NamedTuple):
    first: int
    last: int


class _Rule(NamedTuple):
    name: str
    stamp: int
    is_fact: bool


_Part = str | _Number | _Rule
_Alternative = str | tuple[_Part, ...]
Grammar = dict[str, tuple[_Alternative, ...]]


def parse(text: str) -> Grammar:
    r"""Return the rules in *text*.

    >>> sorted(parse("who\n  [name]先生\nname\n  林\n  周\n"))
    ['name', 'who']
    """
    rules: dict[str, list[_Alternative]] = {}
    alternatives: list[_Alternative] = []
    for line in text.splitlines():
        if line.startswith(" "):
            alternatives.append(_parts(line.strip()))
        elif line:
            alternatives = rules.setdefault(line, [])
    return {name: tuple(found) for name, found in rules.items()}


def _parts(text: str) -> _Alternative:
    parts: list[_Part] = []
    end = 0
    for match in _REFERENCE.finditer(text):
        if match.start() > end:
            parts.append(text[end : match.start()])
        first, last, fresh, fact = match.groups()
        parts.append(
            _Number(int(first), int(last))
            if first
            else _Rule(fresh or fact, stamp(fresh or fact), fact is not None)
        )
        end = match.end()
    if end < len(text):
        parts.append(text[end:])
    # most alternatives are plain words: no parts to go through
    return text if parts == [text] else tuple(parts)


class Telling:
    """The facts of one story, and sentences about them.

    A fact follows from *source* and its own name, never from the order in which sentences
    ask for it: a title can be told without the body.
    """

    def __init__(self, grammar: Grammar, source: Draw) -> None:
        self._grammar = grammar
        self._source = source
        self._facts: dict[str, str] = {}

    def say(self, rule: str, draw: Draw) -> str:
        """Return one of the alternatives of *rule*, as *draw* has it."""
        alternatives = self._grammar[rule]
        return self._spell(alternatives[draw.below(len(alternatives))], draw)

    def say_several(self, rule: str, count: int, draw: Draw) -> list[str]:
        """Return *count* different alternatives of *rule*, fewer if it has fewer."""
        alternatives = self._grammar[rule]
        chosen = draw.sample(len(alternatives), count)
        return [self._spell(alternatives[number], draw) for number in chosen]

    def _spell(self, alternative: _Alternative, draw: Draw) -> str:
        if isinstance(alternative, str):
            return alternative
        spelt = []
        for part in alternative:
            if isinstance(part, str):
                spelt.append(part)
            elif isinstance(part, _Number):
                spelt.append(str(draw.between(part.first, part.last)))
            elif part.is_fact:
                spelt.append(self._fact(part))
            else:
                spelt.append(self.say(part.name, draw))
        return "".join(spelt)

    def _fact(self, rule: _Rule) -> str:
        fact = self._facts.get(rule.name)
        if fact is None:
            fact = self._facts[rule.name] = self.say(rule.name, self._source.branch(rule.stamp))
        return fact
