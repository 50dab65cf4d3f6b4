"""Whether a host is to be asked, by how it answered before: a circuit breaker without a network."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

LAST: Final = 20
"""So many answers are looked at …"""
REFUSALS: Final = 10
"""… and so many refusals among them open the circuit."""
PAUSES: Final = 5
"""So many pauses in a row a host is given."""


class Circuit:
    """What the answers of a host allow.

    Closed, every request passes. Open, one after each pause, as a trial: its answer closes the
    circuit, or opens it for twice as long. Pauses are in a row until LAST answers in a closed
    circuit have not opened it.
    """

    def __init__(self, first_pause: float, now: Callable[[], float] = time.monotonic) -> None:
        """*first_pause* and *now* are in seconds."""
        self._first_pause = first_pause
        self._now = now
        self._answers: deque[bool] = deque(maxlen=LAST)  # whether they were refusals
        self._next_trial: float | None = None  # None: closed
        self._trial = 0
        self.openings = 0
        """How often in a row it was opened."""

    @property
    def is_open(self) -> bool:
        return self._next_trial is not None

    @property
    def is_sound(self) -> bool:
        """Whether the last LAST answers have not opened it: what was before, is over."""
        return not self.is_open and len(self._answers) == LAST

    @property
    def refusals(self) -> str:
        """How many of the last answers were refusals: ``10 of 13``."""
        return f"{sum(self._answers)} of {len(self._answers)}"

    @property
    def pause(self) -> float:
        """How long it is open before the next trial, in seconds."""
        return self._first_pause * 2.0 ** (self.openings - 1)

    def wait(self) -> float:
        """Return the seconds until the next trial."""
        return 0.0 if self._next_trial is None else max(0.0, self._next_trial - self._now())

    def passes(self, trial: int | None) -> bool:
        """Whether a request passes that is the *trial* of this number, or none."""
        return not self.is_open or trial == self._trial

    def new_trial(self) -> int | None:
        """Return the number of a trial to be made now; None if it is not the time."""
        if self.wait() > 0:
            return None
        self._next_trial = self._now() + self.pause  # should this one never be answered
        self._trial += 1
        return self._trial

    def note(self, *, is_refusal: bool, trial: int | None = None) -> bool:
        """Note an answer, or that there was none; return whether that opens or closes the circuit.

        While it is open only the last trial counts: others were asked before.
        """
        if self.is_open:
            if trial != self._trial:
                return False
            if is_refusal:
                self._open()
            else:
                self._next_trial = None
                self._answers.clear()
            return True
        self._answers.append(is_refusal)
        if sum(self._answers) >= REFUSALS:
            self._open()
            return True
        if len(self._answers) == LAST:
            self.openings = 0
        return False

    def _open(self) -> None:
        self.openings += 1
        self._trial += 1  # whoever has the number before has had its answer
        self._next_trial = self._now() + self.pause
