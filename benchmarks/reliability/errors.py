"""Why a scenario did not come to its end."""


class NotPossibleError(Exception):
    """A scenario cannot happen on this machine; the message says what it needs."""


class TimeLimitError(Exception):
    """A scenario took longer than it may; the message says what it waited for."""
