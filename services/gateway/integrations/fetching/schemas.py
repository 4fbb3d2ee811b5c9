"""Asking the source, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from services.gateway.integrations.fetching.rules import ReconciliationState
from services.gateway.integrations.webhooks.rules import FetchBackState
from shared.schemas import Input, Output

BaseUrl = Annotated[
    str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[\x21-\x7e]+$")
]
ClientId = Annotated[
    str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f:]*$")
]
Secret = Annotated[
    str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00-\x1f]*$")
]


class SourceSet(Input):
    """How the connection is asked, whole. `secret` is the API key, the token or the client's secret; left out, the one
    of before stays, as long as it is for the same host. Without `reconcileHour` (UTC) the nights are quiet.
    """

    base_url: BaseUrl
    client_id: ClientId | None = None
    secret: Secret | None = None
    most_at_once: int = Field(default=2, ge=1, le=8)
    reconcile_hour: int | None = Field(default=2, ge=0, le=23)


class SourceRead(Output):
    """How the connection is asked, without the secret; `problem` says why it is paused."""

    connection_id: str
    base_url: str
    client_id: str | None
    most_at_once: int
    reconcile_hour: int | None
    reconcile_at: AwareDatetime | None
    paused_until: AwareDatetime | None
    problem: str | None
    updated_at: AwareDatetime


class FetchBackRead(Output):
    """Something that a webhook hinted at, and what became of asking for it."""

    id: UUID
    connection_id: str
    delivery_id: UUID
    kind: str
    external_id: str
    changed_fields: list[str]
    state: FetchBackState
    reason: str | None
    tries: int
    said_at: AwareDatetime
    asked_at: AwareDatetime
    due_at: AwareDatetime
    settled_at: AwareDatetime | None
    decided_by: str | None
    decided_at: AwareDatetime | None


class ReconcileWanted(Input):
    """`approveTerminations` lets leavers through however many they are: after a look at a run that is HELD."""

    approve_terminations: bool = False


class ReconciliationRead(Output):
    """One comparison of the source's listing with what was told."""

    id: UUID
    connection_id: str
    state: ReconciliationState
    asked_by: str
    approved: bool
    asked_at: AwareDatetime
    started_at: AwareDatetime | None
    finished_at: AwareDatetime | None
    seen: int
    told: int
    vanished: int
    held: int
    unread: int
    error: str | None
