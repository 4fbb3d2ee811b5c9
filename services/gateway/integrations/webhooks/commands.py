"""Taking deliveries in, and settling them."""

import secrets
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.queries import with_secrets
from services.gateway.integrations.connections.rules import Address, ConnectionState, VerifierKind
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks import queries
from services.gateway.integrations.webhooks.mapping import MAPPERS, Origin, Unmappable
from services.gateway.integrations.webhooks.models import Delivery
from services.gateway.integrations.webhooks.rules import DeliveryState
from services.gateway.integrations.webhooks.verifying import (
    VERIFIERS,
    Presented,
    SignatureWrong,
    Verified,
)
from shared import clock, events, jobs
from shared.ids import new_id
from shared.problems import Conflict, Problem
from shared.tenancy import Principal

MAP = "webhooks.map"
LONGEST_REASON = 1000
_DECOY = [secrets.token_bytes(32)]


class DeliveryIdReused(Conflict):
    """This delivery id was used for another body."""


class ConnectionGone(Problem):
    """This connection is disabled: stop sending."""

    status = HTTPStatus.GONE


async def accept(
    session: AsyncSession, vault: Vault, *, address: Address, presented: Presented
) -> Delivery:
    """Stores a verified delivery once; a repeated one answers as the first did.

    Raises `SignatureWrong` also for an address that nobody has, `DeliveryStale`, `DeliveryUnidentified`,
    `ConnectionGone`, `DeliveryIdReused`.
    """
    now = clock.now()
    connection, known = await with_secrets(session, vault, address.connection_id, now=now)
    kind = connection.verifier if connection else VerifierKind.STANDARD_WEBHOOKS
    verified = await VERIFIERS[kind].verify(presented, secrets=known or _DECOY, now=now)
    if connection is None:
        raise SignatureWrong
    if connection.state is ConnectionState.DISABLED:
        raise ConnectionGone("An administrator has disabled it. Ask for a new one.")
    delivery_id = await _store(session, vault, connection, presented.body, verified, now)
    if delivery_id is None:
        return await _stored_before(session, vault, connection, presented.body, verified)
    principal = Principal.system(address.tenant_id, "integrations.webhooks")
    await jobs.enqueue(session, principal, name=MAP, arguments={"id": str(delivery_id)})
    return await queries.of_message(
        session, connection_id=connection.id, message_id=verified.message_id
    )


async def settle(
    session: AsyncSession, principal: Principal, vault: Vault, *, delivery_id: UUID
) -> None:
    """Maps a waiting delivery and publishes what it says, or rejects it with the reason; once, whoever asks again."""
    found = (
        select(Delivery, Connection)
        .join(Connection, Connection.id == Delivery.connection_id)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.RECEIVED)
    )
    row = (await session.execute(found.with_for_update(of=Delivery))).one_or_none()
    if row is None:
        return
    delivery, connection = row.Delivery, row.Connection
    origin = Origin(connection.id, delivery.id, connection.name, delivery.received_at)
    body = vault.open(delivery.sealed_body, bound_to=delivery.id.bytes)
    try:
        mapped = MAPPERS[connection.vendor](body, origin)
    except Unmappable as reason:
        delivery.event_type, delivery.reason = reason.event_type, reason.reason[:LONGEST_REASON]
        delivery.state = DeliveryState.REJECTED
    else:
        delivery.event_type, delivery.state = mapped.event_type, DeliveryState.PUBLISHED
        facts = [(fact, delivery.id, None) for fact in mapped.facts]
        await events.publish_many(session, principal, facts=facts)
    delivery.settled_at = clock.now()


async def bury(session: AsyncSession, *, delivery_id: UUID, error: Exception) -> None:
    """Gives up a delivery that we fail on; the reason is the error's class, a message could quote the body."""
    await session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.RECEIVED)
        .values(
            state=DeliveryState.DEAD,
            reason=f"Waymark failed on it: {type(error).__name__}.",
            settled_at=clock.now(),
        )
    )


async def _store(
    session: AsyncSession,
    vault: Vault,
    connection: Connection,
    body: bytes,
    verified: Verified,
    now: datetime,
) -> UUID | None:
    """None when the message is stored already; waits for one that is being stored."""
    delivery_id = new_id()
    statement = insert(Delivery).values(
        tenant_id=connection.tenant_id,
        id=delivery_id,
        connection_id=connection.id,
        message_id=verified.message_id,
        fingerprint=vault.fingerprint(body),
        sealed_body=vault.seal(body, bound_to=delivery_id.bytes),
        sent_at=verified.sent_at,
        received_at=now,
        state=DeliveryState.RECEIVED,
    )
    unique = ["tenant_id", "connection_id", "message_id"]
    stored = statement.on_conflict_do_nothing(index_elements=unique).returning(Delivery.id)
    return await session.scalar(stored)


async def _stored_before(
    session: AsyncSession, vault: Vault, connection: Connection, body: bytes, verified: Verified
) -> Delivery:
    delivery = await queries.of_message(
        session, connection_id=connection.id, message_id=verified.message_id
    )
    if not vault.is_of(delivery.fingerprint, body):
        raise DeliveryIdReused("Send another body under another webhook-id.")
    return delivery
