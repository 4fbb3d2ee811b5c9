"""The states of a delivery."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """RECEIVED waits; PUBLISHED became facts; REJECTED said nothing we can use; DEAD failed on our side."""

    RECEIVED = "RECEIVED"
    PUBLISHED = "PUBLISHED"
    REJECTED = "REJECTED"
    DEAD = "DEAD"
