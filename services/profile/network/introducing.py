"""Introductions: one asks, one offers, one accepts; whoever says no says it to nobody."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.network import commands, events, texts
from services.profile.network.models import Introduction
from services.profile.network.rules import IntroductionState, Part, has_expired, shown_state
from services.profile.network.schemas import IntroductionCreate, IntroductionRead
from services.profile.people.models import Person
from shared import clock
from shared.ids import new_id
from shared.policy import me
from shared.problems import Forbidden, Invalid, NotFound, StateTransition
from shared.tenancy import Principal
from shared.views import Columns

MINE_TO_ANSWER = {
    Part.INTRODUCER: IntroductionState.ASKED,
    Part.TARGET: IntroductionState.OFFERED,
}


def known(principal: Principal, row: Columns | type[Introduction]) -> ColumnElement[bool]:
    """Those in which one has a part; who is to be met knows of it from the introducer's yes."""
    target = and_(row.target_id == me(principal), row.offered_at.is_not(None))
    return or_(row.requester_id == me(principal), row.introducer_id == me(principal), target)


async def ask(
    session: AsyncSession, principal: Principal, *, new: IntroductionCreate
) -> Introduction:
    """The same ask that still waits is answered again. Raises `Forbidden`, `Invalid`."""
    requester_id, introduction_id = commands.owner(principal), new_id()
    await commands.check_colleague(session, principal, new.introducer_id, "/introducerId")
    await commands.check_colleague(session, principal, new.target_id, "/targetId")
    if new.introducer_id == new.target_id:
        raise Invalid.field("/targetId", "name somebody else than who introduces you")
    for earlier in await session.scalars(
        select(Introduction).where(
            Introduction.requester_id == requester_id,
            Introduction.introducer_id == new.introducer_id,
            Introduction.target_id == new.target_id,
        )
    ):
        if _state(earlier, Part.REQUESTER) is IntroductionState.ASKED:
            return earlier
    sealed = await texts.sealed(session, requester_id, introduction_id, {"message": new.message})
    row = Introduction(
        id=introduction_id,
        requester_id=requester_id,
        introducer_id=new.introducer_id,
        target_id=new.target_id,
        asked_at=clock.now(),
        **sealed,
    )
    session.add(row)
    await session.flush()
    await events.tell_introduction(session, principal, row)
    return row


async def answer(
    session: AsyncSession, principal: Principal, *, introduction_id: UUID, yes: bool
) -> Introduction:
    """Of the introducer or of who is to be met, in their turn. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    row = await find(session, principal, introduction_id, locked=True)
    part = part_of(row, commands.owner(principal))
    if part is Part.REQUESTER:
        raise Forbidden("The others answer; you have asked.")
    state = _state(row, part)
    if state is not MINE_TO_ANSWER[part]:
        wanted = IntroductionState.ACCEPTED if yes else IntroductionState.DECLINED
        raise StateTransition(str(state), wanted, [])
    now = clock.now()
    if not yes:
        row.declined_by, row.declined_at = part, now
    elif part is Part.INTRODUCER:
        row.offered_at = now
    else:
        row.accepted_at = now
    await session.flush()
    await events.tell_introduction(session, principal, row)
    return row


async def find(
    session: AsyncSession, principal: Principal, introduction_id: UUID, *, locked: bool = False
) -> Introduction:
    """Raises `NotFound`."""
    wanted = select(Introduction).where(
        Introduction.id == introduction_id, known(principal, Introduction)
    )
    row = await session.scalar(
        wanted.with_for_update() if locked else wanted,
        execution_options={"populate_existing": True},
    )
    if row is None:
        raise NotFound
    return row


async def of_principal(session: AsyncSession, principal: Principal) -> list[IntroductionRead]:
    """The newest first."""
    mine = select(Introduction).where(known(principal, Introduction))
    rows = await session.scalars(
        mine.order_by(Introduction.asked_at.desc(), Introduction.id.desc())
    )
    return [await shown(session, principal, row) for row in rows.all()]


async def shown(session: AsyncSession, principal: Principal, row: Introduction) -> IntroductionRead:
    part = part_of(row, commands.owner(principal))
    state = _state(row, part)
    said = await texts.opened(session, row.requester_id, row, "message")
    emails: dict[UUID, str | None] = {}
    if state is IntroductionState.ACCEPTED:
        both = select(Person.id, Person.work_email).where(
            Person.id.in_([row.requester_id, row.target_id])
        )
        emails = {each.id: each.work_email for each in await session.execute(both)}
    names = ("id", "requester_id", "introducer_id", "target_id", "asked_at")
    members: dict[str, Any] = {name: getattr(row, name) for name in names}
    return IntroductionRead(
        part=part,
        state=state or IntroductionState.ASKED,
        requester_email=emails.get(row.requester_id),
        target_email=emails.get(row.target_id),
        **members,
        **said,
    )


def part_of(row: Introduction, person_id: UUID) -> Part:
    parts = {
        row.requester_id: Part.REQUESTER,
        row.introducer_id: Part.INTRODUCER,
        row.target_id: Part.TARGET,
    }
    return parts[person_id]


def _state(row: Introduction, part: Part) -> IntroductionState | None:
    return shown_state(
        part,
        offered=row.offered_at is not None,
        accepted=row.accepted_at is not None,
        declined_by=row.declined_by,
        expired=has_expired(row.asked_at, clock.now()),
    )
