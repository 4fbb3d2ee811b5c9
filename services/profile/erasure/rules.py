"""When an erasure is done, and when it is late."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

SERVICES = frozenset({"profile", "goals", "feedback", "integrations"})
EXPECTED_WITHIN = timedelta(days=1)


class ErasureState(StrEnum):
    """PARTIAL: a day has passed and a service has not given its receipt; it still will when it is back."""

    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    PARTIAL = "PARTIAL"
    COMPLETED = "COMPLETED"


def state_of(
    receipts: Collection[str],
    *,
    received_at: datetime,
    completed_at: datetime | None,
    now: datetime,
) -> ErasureState:
    """`receipts` are the services that gave one."""
    if completed_at is not None:
        return ErasureState.COMPLETED
    if now - received_at > EXPECTED_WITHIN:
        return ErasureState.PARTIAL
    return ErasureState.IN_PROGRESS if receipts else ErasureState.RECEIVED


def is_settled(receipts: Collection[str]) -> bool:
    return set(receipts) >= SERVICES
