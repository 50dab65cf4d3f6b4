"""Several operations at once, of which none outlives the others."""

from __future__ import annotations

import asyncio

import pytest

from netease_crawler.storage.together import together


class Operation:
    """Answers late, and takes some moments to end when it is cancelled."""

    def __init__(self, moments: int = 10) -> None:
        self._moments = moments
        self.cancelled = 0
        self.has_ended = False

    async def __call__(self) -> None:
        while self._moments > 0:
            try:
                await asyncio.sleep(0.001)
            except asyncio.CancelledError:
                self.cancelled += 1
            self._moments -= 1
        self.has_ended = True


async def give(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def fail(message: str) -> int:
    await asyncio.sleep(0)
    raise ValueError(message)


def test_what_each_returns_is_in_the_order_of_the_operations() -> None:
    async def scenario() -> list[list[int]]:
        return [list(await together(give(1), give(2), give(3))), list(await together())]

    assert asyncio.run(scenario()) == [[1, 2, 3], []]


def test_where_one_fails_the_others_end_by_themselves() -> None:
    operation = Operation()

    async def scenario() -> bool:
        with pytest.raises(ValueError, match="first"):
            await together(operation(), fail("first"), fail("second"))
        return operation.has_ended

    assert asyncio.run(scenario())
    assert operation.cancelled == 0


def test_where_the_caller_is_cancelled_all_have_ended() -> None:
    operations = [Operation(moments=5), Operation(moments=20)]

    async def scenario() -> list[bool]:
        caller = asyncio.ensure_future(together(*(operation() for operation in operations)))
        await asyncio.sleep(0.001)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        return [operation.has_ended for operation in operations]

    assert asyncio.run(scenario()) == [True, True]
    assert [operation.cancelled for operation in operations] == [1, 1]
