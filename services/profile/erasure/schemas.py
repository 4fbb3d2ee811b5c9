"""The wire of erasures."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.profile.erasure.rules import ErasureState
from shared.schemas import Input, Output


class ErasureCreate(Input):
    """Why the person is erased; it stays with the receipts, so it must not name them."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ReceiptRead(Output):
    """What a service removed: rows of its tables, events of its stream, the person's key if it had one."""

    service: str
    rows: int
    events: int
    key_destroyed_at: datetime | None
    given_at: datetime


class ErasureRead(Output):
    """An erasure with the receipts that have come in."""

    id: UUID
    person_id: UUID
    reason: str
    state: ErasureState
    received_at: datetime
    completed_at: datetime | None
    receipts: list[ReceiptRead]
