"""Exports: everything that is held about somebody, for themself."""

from datetime import datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import shown, told
from services.gateway.types.inputs import ID, needed
from services.gateway.types.relay import Node
from services.gateway.types.writing import Write


@told(
    "Where an export stands.",
    PREPARING="Its files are being written.",
    READY="It can be fetched.",
    EXPIRED="Its term is over.",
)
class ExportState(StrEnum):
    PREPARING = "PREPARING"
    READY = "READY"
    EXPIRED = "EXPIRED"


@strawberry.type(description="A file of an export.")
class ExportFile:
    name: str = shown("Its name in the archive.")
    count: int = shown("How many records it holds.")
    bytes: int = shown("How large it is.")
    sha256: str = shown("SHA-256 of its content, in hexadecimal digits.")


@strawberry.type(
    description="All that profile holds about one, to take along; `GET /files/export.zip` answers it while it is READY."
)
class Export(Node):
    state: ExportState = shown("Where it stands.")
    ordered_at: datetime = shown("When it was asked for.")
    ready_at: datetime | None = shown("When it was ready.")
    expires_at: datetime | None = shown("Until when it can be fetched.")
    files: list[ExportFile] = shown("What stands in it, once it is ready.")


@strawberry.input(description="Of whom to gather everything.")
class OrderExportInput:
    person_id: ID = needed("Oneself.")


WRITES = (
    Write(
        "orderExport",
        "Gathers everything that is held about oneself; one that is being prepared is answered again.",
        OrderExportInput,
        "profile",
        "POST",
        "/people/{personId}/export",
        Export,
    ),
)
