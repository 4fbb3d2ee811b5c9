"""Taking deliveries in: the hot path, three statements in one transaction on the bare driver."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from services.gateway.integrations.connections.queries import Door, door
from services.gateway.integrations.connections.rules import (
    Address,
    ConnectionState,
    Vendor,
    VerifierKind,
)
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks.mapping import cloud_events
from services.gateway.integrations.webhooks.metrics import counted
from services.gateway.integrations.webhooks.rules import DeliveryState
from services.gateway.integrations.webhooks.verifying import (
    ASKING,
    VERIFIERS,
    Asked,
    Presented,
    SignatureWrong,
    Verified,
)
from shared import clock, jobs
from shared.auth import Verifier as Tokens
from shared.db import Writer
from shared.ids import new_id
from shared.outward import Outward
from shared.problems import Conflict, Problem

MAP = "webhooks.map"
_DECOY = [secrets.token_bytes(32)]


class DeliveryIdReused(Conflict):
    """This delivery id was used for another body."""


class ConnectionGone(Problem):
    """This connection is disabled: stop sending."""

    status = HTTPStatus.GONE


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery that is stored, now or since an earlier attempt."""

    id: UUID
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class Unasked:
    """Keys may have to be fetched: `verify` outside of the transaction, then accept again with its answer."""

    verify: Callable[[], Awaitable[Verified]]


async def accept(
    connection: Writer,
    vault: Vault,
    *,
    address: Address,
    presented: Presented,
    tokens: Tokens,
    outward: Outward,
    verified: Verified | None = None,
) -> Receipt | Unasked:
    """Stores a verified delivery once; a repeated one answers as the first did.

    Raises `SignatureWrong` also for an address that nobody has, `DeliveryStale`, `DeliveryUnidentified`,
    `ConnectionGone`, `DeliveryIdReused`.
    """
    now = clock.now()
    at = await door(connection, vault, address, now=now)
    if at is not None and at.verifier in ASKING:
        if verified is None:
            return _asking(at, presented, tokens, outward, now)
    else:
        verified = await _verified(at, presented, now)
    if at is None:
        raise SignatureWrong
    if at.state is ConnectionState.DISABLED:
        raise ConnectionGone("An administrator has disabled it. Ask for a new one.")
    assert verified is not None
    content = verified.content if verified.content is not None else _content(at, presented)
    delivery_id = await _store(connection, vault, at, content, verified, now)
    if delivery_id is None:
        return await _stored_before(connection, vault, at, content, verified)
    arguments = {"id": str(delivery_id)}
    await jobs.enqueue_bare(connection, address.tenant_id, name=MAP, arguments=arguments)
    counted(DeliveryState.RECEIVED)
    return Receipt(delivery_id, DeliveryState.RECEIVED)


async def _verified(at: Door | None, presented: Presented, now: datetime) -> Verified:
    """For an address that nobody has, a signature is computed as for one that somebody has."""
    if at is None:
        scheme = VERIFIERS[VerifierKind.STANDARD_WEBHOOKS]
        return await scheme.verify(presented, secrets=_DECOY, now=now)
    return await VERIFIERS[at.verifier].verify(
        presented, secrets=at.secrets or _DECOY, now=now, settings=at.settings
    )


def _asking(
    at: Door, presented: Presented, tokens: Tokens, outward: Outward, now: datetime
) -> Unasked:
    async def verify() -> Verified:
        return await ASKING[at.verifier].verify(
            presented, Asked(at.tenant_id, at.settings, tokens, now, outward)
        )

    return Unasked(verify)


def _content(at: Door, presented: Presented) -> bytes:
    """What is stored: the body, with what the headers say of it where they are a part of the message."""
    if at.vendor is not Vendor.GENERIC:
        return presented.body
    return cloud_events.bound(presented.headers, presented.body)


async def _store(
    connection: Writer,
    vault: Vault,
    at: Door,
    content: bytes,
    verified: Verified,
    now: datetime,
) -> UUID | None:
    """None when the message is stored already; waits for one that is being stored."""
    delivery_id = new_id()
    stored: UUID | None = await connection.fetchval(
        _STORE,
        at.tenant_id,
        delivery_id,
        at.connection_id,
        verified.message_id,
        vault.fingerprint(content),
        vault.seal(content, bound_to=delivery_id.bytes),
        verified.sent_at,
        now,
    )
    return stored


async def _stored_before(
    connection: Writer, vault: Vault, at: Door, content: bytes, verified: Verified
) -> Receipt:
    row = await connection.fetchrow(_STORED, at.tenant_id, at.connection_id, verified.message_id)
    assert row is not None
    if not vault.is_of(row["fingerprint"], content):
        counted("conflict")
        raise DeliveryIdReused("Send another body under another webhook-id.")
    counted("duplicate")
    return Receipt(row["id"], DeliveryState(row["state"]))


_STORE = """
    INSERT INTO webhooks_delivery
        (tenant_id, id, connection_id, message_id, fingerprint, sealed_body, sent_at, received_at, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'RECEIVED')
    ON CONFLICT (tenant_id, connection_id, message_id) DO NOTHING
    RETURNING id
"""

_STORED = """
    SELECT id, state, fingerprint FROM webhooks_delivery
    WHERE tenant_id = $1 AND connection_id = $2 AND message_id = $3
"""
