"""Waiting out something that is away, and saying so once."""

import asyncio
from contextlib import suppress
from typing import Any


class Outage:
    """Back-off from 0.1 to 2 seconds; logs the first failure and the recovery, not what lies between."""

    def __init__(self, what: str, log: Any) -> None:
        self._what = what
        self._log = log
        self._failures = 0

    async def wait(self, error: BaseException, stop: asyncio.Event) -> None:
        if not self._failures:
            self._log.warning("unavailable, trying again", what=self._what, error=name_of(error))
        seconds = min(0.1 * 2**self._failures, 2.0)
        self._failures = min(self._failures + 1, 10)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)

    def over(self) -> None:
        if self._failures:
            self._log.info("available again", what=self._what)
            self._failures = 0


def name_of(error: BaseException) -> str:
    """The class of the error and of the driver's beneath it: a message could quote somebody's values."""
    original = getattr(error, "orig", None)
    beneath = getattr(original, "__cause__", None) or original
    return f"{type(error).__name__} ({type(beneath).__name__})" if beneath else type(error).__name__
