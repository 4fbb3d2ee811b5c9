"""Taking the requests of a connection that are due, and settling what became of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.backlogs import Ahead
from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.rules import ConnectionState
from services.gateway.integrations.fetching.calling import Unanswered
from services.gateway.integrations.fetching.models import Source
from services.gateway.integrations.fetching.rules import next_try
from services.gateway.integrations.fetching.vendors import APIS, VendorApi
from services.gateway.integrations.webhooks.models import FetchBackRequest
from services.gateway.integrations.webhooks.rules import FetchBackState
from shared import clock
from shared.ids import new_id

CLAIM = timedelta(minutes=5)
"""Longer than asking takes: what a killed worker had in hand is asked for again after it."""
MOST_ROWS = 200
LONGEST_REASON = 1000
LOST = "LOST"
SUPERSEDED = "A newer hint took its place."


@dataclass(frozen=True, slots=True)
class Claimed:
    """Requests for one thing that are this worker's for a while."""

    claim: UUID
    kind: str
    external_id: str
    said_at: datetime
    delivery_id: UUID
    hints: Sequence[str]
    approved: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A connection that may be asked, and what is to be asked of it now."""

    connection: Connection
    source: Source
    api: VendorApi
    claimed: Sequence[Claimed]


async def claim(session: AsyncSession, connection_id: UUID) -> Asked | None:
    """As many things as may be asked for at once, all workers together; None when the connection is not asked."""
    now = clock.now()
    locked = select(Source).where(Source.id == connection_id).with_for_update()
    source = await session.scalar(locked)
    connection = await session.scalar(select(Connection).where(Connection.id == connection_id))
    if source is None or connection is None or connection.state is ConnectionState.DISABLED:
        return None
    api = APIS[connection.vendor]
    if source.paused_until is not None and source.paused_until > now:
        return Asked(connection, source, api, [])
    mine = FetchBackRequest.connection_id == connection_id
    in_flight = await session.scalar(
        select(func.count(FetchBackRequest.claim.distinct())).where(mine, _held(now))
    )
    room = source.most_at_once - (in_flight or 0)
    if room <= 0:
        return Asked(connection, source, api, [])
    due = select(FetchBackRequest).where(mine, _due(now)).order_by(FetchBackRequest.due_at)
    rows = await session.scalars(due.limit(MOST_ROWS).with_for_update(skip_locked=True))
    groups: dict[tuple[str, str], list[FetchBackRequest]] = defaultdict(list)
    for row in rows:
        groups[api.target(row.kind, row.external_id)].append(row)
    claimed = [_take(target, of, now) for target, of in list(groups.items())[:room]]
    await session.flush()
    return Asked(connection, source, api, claimed)


async def mine(session: AsyncSession, claimed: Claimed) -> Sequence[FetchBackRequest]:
    """The rows under their lock; none once the claim has been lost."""
    found = select(FetchBackRequest).where(
        FetchBackRequest.claim == claimed.claim,
        FetchBackRequest.state == FetchBackState.FETCHING,
    )
    rows = await session.scalars(found.order_by(FetchBackRequest.id).with_for_update())
    return rows.all()


def end(rows: Sequence[FetchBackRequest], state: FetchBackState, reason: str | None = None) -> None:
    """Settles them; what is held waits for somebody and is not over."""
    for row in rows:
        row.state = state
        row.claim = row.claimed_until = None
        row.settled_at = None if state is FetchBackState.HELD else clock.now()
        row.reason = reason[:LONGEST_REASON] if reason else None


async def put_back(session: AsyncSession, claimed: Claimed, why: Unanswered) -> str:
    """Asks again later: for this thing, or with a pause for anything of the connection. Answers the outcome."""
    rows = await mine(session, claimed)
    if not rows:
        return LOST
    now = clock.now()
    if why.pause is not None:
        await pause(session, rows[0].connection_id, why, until=now + why.pause)
    for row in rows:
        row.reason = why.reason
        if why.pause is None:
            row.tries += 1
        wait = why.pause if why.pause is not None else next_try(row.tries)
        if wait is None:
            end([row], FetchBackState.DEAD, why.reason)
        else:
            await _wait(session, row, now + wait)
    if any(row.state is FetchBackState.DEAD for row in rows):
        return FetchBackState.DEAD
    return "POSTPONED" if why.pause is None else "PAUSED"


async def pause(
    session: AsyncSession, connection_id: UUID, why: Unanswered, *, until: datetime
) -> None:
    """Never shorter than another pause."""
    longest = func.greatest(func.coalesce(Source.paused_until, until), until)
    paused = update(Source).where(Source.id == connection_id)
    await session.execute(paused.values(paused_until=longest, problem=why.reason[:LONGEST_REASON]))


async def next_look(session: AsyncSession, connection_id: UUID) -> Ahead | None:
    """When something will be due; None when nothing waits or nobody may be asked."""
    source = await session.scalar(select(Source).where(Source.id == connection_id))
    if source is None:
        return None
    now = clock.now()
    of = FetchBackRequest.connection_id == connection_id
    waits = FetchBackRequest.state == FetchBackState.WAITING
    held = FetchBackRequest.state == FetchBackState.FETCHING
    row = (
        await session.execute(
            select(
                func.count().label("waiting"),
                func.min(FetchBackRequest.asked_at).label("oldest_at"),
                func.min(FetchBackRequest.due_at).filter(waits).label("due_at"),
                func.min(FetchBackRequest.claimed_until).filter(held).label("freed_at"),
            ).where(of, or_(waits, held))
        )
    ).one()
    times = [each for each in (row.due_at, row.freed_at) if each is not None]
    if not times:
        return None
    wait = max(max(min(times), source.paused_until or now) - now, timedelta(0))
    return Ahead(wait, row.waiting, row.oldest_at)


def _take(target: tuple[str, str], rows: Sequence[FetchBackRequest], now: datetime) -> Claimed:
    mark = new_id()
    for row in rows:
        row.state = FetchBackState.FETCHING
        row.claim, row.claimed_until = mark, now + CLAIM
    newest = max(rows, key=lambda row: row.said_at)
    return Claimed(
        claim=mark,
        kind=target[0],
        external_id=target[1],
        said_at=newest.said_at,
        delivery_id=newest.delivery_id,
        hints=sorted({name for row in rows for name in row.changed_fields}),
        approved=all(row.decided_at is not None for row in rows),
    )


async def _wait(session: AsyncSession, row: FetchBackRequest, due_at: datetime) -> None:
    """While it was in hand a newer hint may have come, which then waits for both."""
    try:
        async with session.begin_nested():
            row.state, row.due_at = FetchBackState.WAITING, due_at
            row.claim = row.claimed_until = None
    except IntegrityError:
        await session.refresh(row)
        end([row], FetchBackState.DONE, SUPERSEDED)


def _held(now: datetime) -> ColumnElement[bool]:
    return and_(
        FetchBackRequest.state == FetchBackState.FETCHING, FetchBackRequest.claimed_until > now
    )


def _due(now: datetime) -> ColumnElement[bool]:
    waits = and_(FetchBackRequest.state == FetchBackState.WAITING, FetchBackRequest.due_at <= now)
    lapsed = and_(
        FetchBackRequest.state == FetchBackState.FETCHING, FetchBackRequest.claimed_until <= now
    )
    return or_(waits, lapsed)
