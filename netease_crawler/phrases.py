"""What people type to search: words, "exact phrases", -excluded words, OR.

Nothing typed is an error: what has no meaning here is text to look for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netease_crawler.grams import fold

LONGEST = 200
"""Characters that may be typed."""
MOST = 16
"""Words and phrases that may be typed."""

_TYPED = re.compile(
    r"""(?P<minus>-)?(?:"(?P<straight>[^"]+)"|“(?P<curly>[^”]+)”|「(?P<corner>[^」]+)」)"""
    r"""(?=["“「\s]|$)"""  # "a"b stays text
    r"|\S+"
)
_OR = "OR"


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a text has to contain, as typed; each phrase is looked for as it stands."""

    required: tuple[tuple[str, ...], ...] = ()
    """One of each tuple."""
    excluded: tuple[str, ...] = ()
    """None of these."""

    def folded(self) -> Phrases:
        """Return what to compare with a folded text."""
        return Phrases(
            tuple(tuple(map(fold, choice)) for choice in self.required),
            tuple(map(fold, self.excluded)),
        )


def read_phrases(typed: str) -> Phrases:
    """Return what *typed* says.

    Raises ValueError, with one line, where there is too much of it or nothing to look for.

    >>> read_phrases('新能源 汽车 OR "electric cars" -二手')
    Phrases(required=(('新能源',), ('汽车', 'electric cars')), excluded=('二手',))
    """
    if len(typed) > LONGEST:
        raise ValueError(f"has {len(typed)} characters, at most {LONGEST} are allowed")
    words = [word for match in _TYPED.finditer(typed) if fold((word := _word(match)).phrase)]
    if not words:
        raise ValueError("is empty")
    if len(words) > MOST:
        raise ValueError(f"has {len(words)} words, at most {MOST} are allowed")
    required: list[tuple[str, ...]] = []
    excluded: list[str] = []
    before: _Word | None = None
    is_choice = False
    for word, after in zip(words, [*words[1:], None], strict=True):
        if word.is_or and not is_choice and _is_required(before) and _is_required(after):
            is_choice = True
        elif word.is_excluded:
            excluded.append(word.phrase)
        elif is_choice:
            required[-1] += (word.phrase,)
            is_choice = False
        else:
            required.append((word.phrase,))
        before = word
    choices = dict.fromkeys(tuple(dict.fromkeys(choice)) for choice in required)
    return Phrases(tuple(choices), tuple(dict.fromkeys(excluded)))


@dataclass(frozen=True, slots=True)
class _Word:
    phrase: str
    is_excluded: bool = False
    is_or: bool = False


def _word(match: re.Match[str]) -> _Word:
    quoted = match["straight"] or match["curly"] or match["corner"]
    if quoted is not None:
        return _Word(quoted.strip(), is_excluded=match["minus"] is not None)
    is_excluded = match[0].startswith("-") and bool(fold(match[0][1:]))
    return _Word(match[0][is_excluded:], is_excluded, is_or=match[0] == _OR)


def _is_required(word: _Word | None) -> bool:
    return word is not None and not word.is_excluded
