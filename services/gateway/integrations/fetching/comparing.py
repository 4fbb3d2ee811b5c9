"""What a source says now, against what was last told of the same things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.fetching.vendors import VendorApi
from services.gateway.integrations.webhooks import telling, things
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.mapping import Origin
from services.gateway.integrations.webhooks.models import SourceObject

SOME_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Content:
    """Facts, and by thing the fingerprint of what they say apart from the moment."""

    facts: Sequence[Said]
    fingerprints: Mapping[UUID, bytes]


@dataclass(frozen=True, slots=True)
class News:
    """What was not told yet; `known` are the things that were ever told of."""

    facts: Sequence[Said]
    known: frozenset[UUID]


def read(api: VendorApi, kind: str, external_id: str, body: bytes, origin: Origin) -> Content:
    """Facts that say "since now" would be new every night, so they are compared as of one moment.

    Raises `Unmappable`.
    """
    facts = api.facts(kind, external_id, body, origin)
    fixed = api.facts(kind, external_id, body, replace(origin, sent_at=SOME_MOMENT))
    return Content(facts, {things.id_of(fact): things.fingerprint_of(fact) for fact in fixed})


async def news(session: AsyncSession, content: Content) -> News:
    """Locks what is known; what is unchanged is confirmed as of now."""
    ids = [things.id_of(fact) for fact in content.facts]
    found = select(SourceObject.id, SourceObject.fingerprint).where(SourceObject.id.in_(ids))
    rows = await session.execute(found.order_by(SourceObject.id).with_for_update())
    known = {row.id: row.fingerprint for row in rows}
    same = {each for each in ids if known.get(each) == content.fingerprints[each]}
    if same:
        said_at = min(fact.said_at for fact in content.facts)
        await telling.confirm(session, ids=sorted(same), said_at=said_at)
    fresh = [fact for fact in content.facts if things.id_of(fact) not in same]
    return News(fresh, frozenset(known))


def origin_of(connection: Connection, *, cause: UUID, said_at: datetime, now: datetime) -> Origin:
    """`cause` is the delivery or the comparison that had the source asked."""
    settings = ConnectionSettings.model_validate(connection.settings)
    return Origin(
        connection_id=connection.id,
        delivery_id=cause,
        system=settings.system or connection.name,
        received_at=now,
        sent_at=said_at,
        course_provider=settings.course_provider,
    )
