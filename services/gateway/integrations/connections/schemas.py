"""Connections on the wire."""

from typing import Annotated

from pydantic import AliasChoices, AwareDatetime, Field, StringConstraints

from services.gateway.integrations.connections.rules import (
    ConnectionKind,
    ConnectionState,
    Vendor,
    VerifierKind,
)
from services.gateway.integrations.connections.settings import ConnectionSettings
from shared.schemas import Input, Output

GivenSecret = Annotated[str, StringConstraints(min_length=16, max_length=500)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$")]


class ConnectionCreate(Input):
    """A new link; its name is unique and stays. `secret` is one that the other side has made; else we make it."""

    name: Name
    kind: ConnectionKind
    vendor: Vendor = Vendor.GENERIC
    verifier: VerifierKind = VerifierKind.STANDARD_WEBHOOKS
    settings: ConnectionSettings = ConnectionSettings()
    secret: GivenSecret | None = None


class SecretRotate(Input):
    """How long the secret of now goes on working beside the new one; 0 when it has leaked."""

    overlap_hours: int = Field(default=24, ge=0, le=168)
    secret: GivenSecret | None = None


class SettingsReplace(Input):
    """The settings from now on, whole: what is left out is its default again."""

    settings: ConnectionSettings


class ConnectionRead(Output):
    """A link; `id` is the last part of its webhook URL."""

    id: str = Field(validation_alias=AliasChoices("address", "id"))
    name: str
    kind: ConnectionKind
    vendor: Vendor
    verifier: VerifierKind
    state: ConnectionState
    settings: ConnectionSettings
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ConnectionWithSecret(ConnectionRead):
    """The only answer that holds the secret; a scheme of keys or tokens has none."""

    webhook_path: str
    secret: str | None
