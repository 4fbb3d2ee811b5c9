"""Exports on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.schemas import Output


class ExportState(StrEnum):
    """PREPARING until its files are written, EXPIRED once its term is over."""

    PREPARING = "PREPARING"
    READY = "READY"
    EXPIRED = "EXPIRED"


class ManifestFile(Output):
    """A file of the archive."""

    name: str
    count: int
    bytes: int
    sha256: str


class ManifestRead(Output):
    """What stands in the archive."""

    schema_version: str
    person_id: UUID
    created_at: datetime
    redaction: str
    files: list[ManifestFile]


class ExportRead(Output):
    """An export; `GET /exports/{id}/archive` answers its ZIP while it is READY."""

    id: UUID
    state: ExportState
    ordered_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    manifest: ManifestRead | None


def state_of(row: Any, now: datetime) -> ExportState:
    if row.ready_at is None:
        return ExportState.PREPARING
    return ExportState.READY if now < row.expires_at else ExportState.EXPIRED
