"""Which tests go together to a worker, and in which order, when several workers run them.

A file stays together, and so does all of `e2e`, which needs an installation. What takes long comes first, then whatever
has most tests: so that in the end no worker waits long for another one.
"""

from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

TOGETHER = "tests/e2e/"
LONG = (
    TOGETHER,
    "tests/services/gateway/test_equivalence.py",
    "tests/services/gateway/test_gathered.py",
    "tests/services/profile/test_told_orders.py",
    "tests/unit/deploy/test_up.py",
    "tests/services/integrations/test_outbound_running.py",
    "tests/services/profile/test_reporting_tree.py",
    "tests/chassis/test_events_processes.py",
    "tests/chassis/test_events_in_order.py",
)


class Scheduling(LoadFileScheduling):  # type: ignore[misc]
    """As `--dist loadfile`, but for what goes together."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a worker only, and the same in each."""
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(scope_of(item.nodeid) for item in items)
    place = {scope: number for number, scope in enumerate(LONG)}

    def when(item: pytest.Item) -> tuple[int, int, str]:
        scope = scope_of(item.nodeid)
        return place.get(scope, len(LONG)), -tests[scope], scope

    items.sort(key=when)


def scope_of(nodeid: str) -> str:
    return TOGETHER if nodeid.startswith(TOGETHER) else nodeid.split("::", 1)[0]
