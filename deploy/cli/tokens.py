"""Tokens of the local key, for the terminal and for the other commands."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from deploy.cli.output import write_json
from deploy.local import keys
from deploy.local.home import home_path
from deploy.local.installation import Installation
from deploy.local.problems import Refused


class BearerUnclear(Refused):
    """A token is for a person or for a client."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token is for: a person, or a client with scopes."""

    person: str | None
    client: str | None = None
    scopes: tuple[str, ...] = ()
    tenant_id: UUID | None = None


def token(bearer: Bearer, *, lifetime: timedelta, as_json: bool) -> None:
    made = Installation.read(home_path())
    minted = mint(made, bearer, lifetime=lifetime)
    if as_json:
        write_json({"token": minted, "tenantId": bearer.tenant_id or made.tenant_id})
    else:
        print(minted)


def mint(made: Installation, bearer: Bearer, *, lifetime: timedelta = keys.LIFETIME) -> str:
    """Raises `BearerUnclear`, and `KeyRefused` outside development."""
    subject = bearer.client or bearer.person
    if not subject or (bearer.client and bearer.person):
        raise BearerUnclear("Name one bearer: --as EMAIL, or --client NAME with --scope.")
    if bearer.scopes and not bearer.client:
        raise BearerUnclear("--scope is for clients: name one with --client.")
    return keys.mint(
        made.keys,
        environment=os.environ.get("WAYMARK_ENV") or made.environment["WAYMARK_ENV"],
        subject=subject,
        tenant_id=bearer.tenant_id or made.tenant_id,
        client_id=bearer.client,
        scopes=bearer.scopes,
        lifetime=lifetime,
    )


def client_token(made: Installation, scopes: Iterable[str]) -> str:
    """For a command of the operator that works as a machine client."""
    return mint(made, Bearer(None, "waymark-cli", tuple(scopes)))
