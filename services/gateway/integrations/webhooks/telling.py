"""Facts on their way out: the newest word about each thing counts, and too many terminations wait for somebody.

Whoever has facts of a connection from elsewhere (a fetch-back, a reconciliation) tells them here too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.settings import TerminationLimit
from services.gateway.integrations.webhooks import things
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.models import SourceObject
from services.gateway.integrations.webhooks.rules import ThingKind, is_unusual
from shared import events
from shared.tenancy import Principal

_OF_FACTS: Mapping[UUID, bytes] = {}


async def tell(
    session: AsyncSession,
    principal: Principal,
    *,
    facts: Sequence[Said],
    now: datetime,
    fingerprints: Mapping[UUID, bytes] = _OF_FACTS,
) -> int:
    """Publishes what is not older than what is known; answers how many facts that were.

    `fingerprints`, by thing, stand in where a fact also says what is only true of the moment.
    """
    fresh = []
    for thing, fact in sorted(((things.id_of(fact), fact) for fact in facts), key=_in_order):
        content = fingerprints.get(thing) or things.fingerprint_of(fact)
        sequence = await _advance(session, principal, thing, fact, now, content)
        if sequence is not None:
            fresh.append((fact, thing, sequence))
    await events.publish_many(session, principal, facts=fresh)
    return len(fresh)


async def confirm(session: AsyncSession, *, ids: Sequence[UUID], said_at: datetime) -> None:
    """What is known of these things was still so then: an older word that comes late does not count any more."""
    mine = SourceObject.id.in_(ids), SourceObject.said_at < said_at
    await session.execute(update(SourceObject).where(*mine).values(said_at=said_at))


async def would_end_too_many(
    session: AsyncSession,
    *,
    connection_id: UUID,
    facts: Sequence[Said],
    limit: TerminationLimit,
    now: datetime,
) -> bool:
    """Counts under a lock, so that many deliveries at once do not each think themselves the first."""
    leaving = {things.id_of(fact) for fact in facts if things.is_departure(fact)}
    if not leaving:
        return False
    lock = select(Connection.id).where(Connection.id == connection_id)
    await session.execute(lock.with_for_update(key_share=True))
    recently = SourceObject.ended_at > now - timedelta(hours=limit.window_hours)
    others = SourceObject.id.not_in(leaving)
    counts = select(
        func.count().filter(and_(recently, others)).label("left"),
        func.count().filter(others).label("people"),
    ).where(SourceObject.connection_id == connection_id, SourceObject.kind == ThingKind.PERSON)
    row = (await session.execute(counts)).one()
    return is_unusual(
        row.left + len(leaving), row.people + len(leaving), most=limit.most, share=limit.share
    )


def _in_order(each: tuple[UUID, Said]) -> tuple[UUID, datetime]:
    """By thing, so that two deliveries never wait for each other; then as it was said."""
    return each[0], each[1].said_at


async def _advance(
    session: AsyncSession,
    principal: Principal,
    thing: UUID,
    fact: Said,
    now: datetime,
    content: bytes,
) -> int | None:
    """The thing's next sequence; None when a newer word is known."""
    told = {
        "tenant": principal.tenant_id,
        "id": thing,
        "connection": fact.connection_id,
        "kind": things.kind_of(fact).value,
        "said_at": fact.said_at,
        "ended_at": now if things.is_departure(fact) else None,
        "fingerprint": content,
    }
    sequence: int | None = await session.scalar(_ADVANCE, told)
    return sequence


_ADVANCE = text(
    """
    INSERT INTO webhooks_source_object AS known
        (tenant_id, id, connection_id, kind, said_at, sequence, ended_at, fingerprint)
    VALUES (:tenant, :id, :connection, :kind, :said_at, 1, :ended_at, :fingerprint)
    ON CONFLICT (tenant_id, id) DO UPDATE
    SET said_at = excluded.said_at, sequence = known.sequence + 1,
        ended_at = coalesce(excluded.ended_at, known.ended_at), fingerprint = excluded.fingerprint
    WHERE known.said_at <= excluded.said_at
    RETURNING sequence
    """
)
