"""Arguments that several commands share."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]

Tenant = Annotated[
    UUID | None, typer.Option("--tenant", help="One tenant; all that the streams know if left out.")
]
OneService = Annotated[
    str | None, typer.Option("--service", help="profile, goals, feedback or gateway; else all.")
]
Since = Annotated[
    datetime | None, typer.Option("--since", formats=FORMATS, help="A time, in UTC unless it says.")
]


def in_utc(written: datetime | None) -> datetime | None:
    if written is None or written.tzinfo:
        return written
    return written.replace(tzinfo=UTC)
