"""What a hot path leaves for a moment later: counting and telling, done in batches, where its code is warm.

On a busy machine each request finds the processor's caches cold; the same work costs a third when it is done for many.
"""

import asyncio
import atexit
import sys
from collections.abc import Callable, Iterator

from prometheus_client import REGISTRY, Metric
from prometheus_client.registry import Collector

SECONDS = 0.25
MOST = 1000

Work = Callable[[], None]

_waiting: list[Work] = []


def afterwards(work: Work) -> None:
    """Does it within `SECONDS`; a process that is killed takes it along. It must not fail."""
    _waiting.append(work)
    if len(_waiting) == 1:
        asyncio.get_running_loop().call_later(SECONDS, flush)
    elif len(_waiting) >= MOST:
        flush()


def flush() -> None:
    """Does now what is waiting, and lets go of the lines that it wrote."""
    works, _waiting[:] = _waiting[:], []
    for work in works:
        work()
    if works:
        sys.stdout.flush()


class _BeforeTheRest(Collector):
    """Has the counts up to date when metrics are read: it is registered, and so asked, before all that count."""

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        flush()
        return iter(())


REGISTRY.register(_BeforeTheRest())
atexit.register(flush)
