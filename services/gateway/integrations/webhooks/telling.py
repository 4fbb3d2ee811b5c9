"""Facts on their way out: the newest word about each thing counts, and too many terminations wait for somebody.

Whoever has facts of a connection from elsewhere (a fetch-back, a reconciliation) tells them here too.
"""

from collections import Counter
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
    (told,) = await tell_each(session, principal, words=[facts], now=now, fingerprints=fingerprints)
    return told


async def tell_each(
    session: AsyncSession,
    principal: Principal,
    *,
    words: Sequence[Sequence[Said]],
    now: datetime,
    fingerprints: Mapping[UUID, bytes] = _OF_FACTS,
) -> list[int]:
    """The same for several in their order, by a statement for all things; answers how many facts of each."""
    told = [0] * len(words)
    fresh: list[tuple[Said, UUID, int]] = []
    for turn in _turns(words):
        sequences = await _advance(session, principal, turn, now, fingerprints)
        for thing, (place, fact) in turn.items():
            if thing in sequences:
                told[place] += 1
                fresh.append((fact, thing, sequences[thing]))
    await events.publish_many(session, principal, facts=fresh)
    return told


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


_Turn = dict[UUID, tuple[int, Said]]
"""By thing: what is said of it, and the place of whose word it is."""


def _turns(words: Sequence[Sequence[Said]]) -> list[_Turn]:
    """Each thing once a turn, in the order of the words, and within one as it was said."""
    turns: list[_Turn] = []
    said = Counter[UUID]()
    for place, facts in enumerate(words):
        for fact in sorted(facts, key=lambda each: each.said_at):
            thing = things.id_of(fact)
            if said[thing] == len(turns):
                turns.append({})
            turns[said[thing]][thing] = place, fact
            said[thing] += 1
    return turns


async def _advance(
    session: AsyncSession,
    principal: Principal,
    turn: _Turn,
    now: datetime,
    fingerprints: Mapping[UUID, bytes],
) -> dict[UUID, int]:
    """The things' next sequences; without those of which a newer word is known."""
    facts = [fact for _, fact in turn.values()]
    told = {
        "tenant": principal.tenant_id,
        "ids": list(turn),
        "connections": [fact.connection_id for fact in facts],
        "kinds": [things.kind_of(fact).value for fact in facts],
        "said_ats": [fact.said_at for fact in facts],
        "ended_ats": [now if things.is_departure(fact) else None for fact in facts],
        "fingerprints": [
            fingerprints.get(thing) or things.fingerprint_of(fact)
            for thing, (_, fact) in turn.items()
        ],
    }
    return {row.id: row.sequence for row in (await session.execute(_ADVANCE, told)).all()}


# By thing, so that two transactions never wait for each other.
_ADVANCE = text(
    """
    INSERT INTO webhooks_source_object AS known
        (tenant_id, id, connection_id, kind, said_at, sequence, ended_at, fingerprint)
    SELECT :tenant, new.id, connection_id, kind, said_at, 1, ended_at, fingerprint
    FROM unnest(
        CAST(:ids AS uuid[]), CAST(:connections AS uuid[]), CAST(:kinds AS text[]),
        CAST(:said_ats AS timestamptz[]), CAST(:ended_ats AS timestamptz[]),
        CAST(:fingerprints AS bytea[])
    ) AS new(id, connection_id, kind, said_at, ended_at, fingerprint)
    ORDER BY new.id
    ON CONFLICT (tenant_id, id) DO UPDATE
    SET said_at = excluded.said_at, sequence = known.sequence + 1,
        ended_at = coalesce(excluded.ended_at, known.ended_at), fingerprint = excluded.fingerprint
    WHERE known.said_at <= excluded.said_at
    RETURNING id, sequence
    """
)
