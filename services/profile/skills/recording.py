"""Who may say what about whose skills, and who may answer it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.models import Person
from services.profile.policy import POLICY
from services.profile.skills import asserting, estimates, queries
from services.profile.skills.asserting import Statement
from services.profile.skills.events import (
    AssertionConfirmed,
    AssertionFact,
    AssertionRejected,
    AssertionRetracted,
    AssertionReviewRequested,
)
from services.profile.skills.models import Skill, SkillAssertion, SkillFramework
from services.profile.skills.problems import (
    EvidenceNeeded,
    FrameworkIsDeprecated,
    FrameworkIsDraft,
    OwnAssertion,
    SourceNotYours,
    UnknownSkill,
)
from services.profile.skills.rules import (
    OWN_CLAIMS,
    RECORDED_BY,
    AssertionSource,
    AssertionState,
    FrameworkStatus,
    first_state,
)
from services.profile.skills.schemas import AssertionCreate
from shared import clock
from shared.problems import Forbidden, Invalid, NotFound
from shared.tenancy import Actor, Principal


async def record(session: AsyncSession, principal: Principal, *, new: AssertionCreate) -> UUID:
    """Raises `NotFound`, `SourceNotYours`, `EvidenceNeeded`, `UnknownSkill`, `FrameworkIsDraft`, …"""
    own = principal.person_id == new.person_id
    await _allow(session, principal, new, own=own)
    await refuse_closed(session, [new.skill_id])
    today = clock.today()
    occurred_on = new.occurred_on or today
    if occurred_on > today:
        raise Invalid.field("/occurredOn", "must not lie in the future")
    if new.expires_on and new.expires_on <= occurred_on:
        raise Invalid.field("/expiresOn", "must be a day after occurredOn")
    await estimates.lock(session, [new.person_id])
    if new.origin_event_id and (known := await _of_event(session, principal, new)):
        return known
    client = principal.subject if principal.actor is Actor.CLIENT else None
    plain = new.model_dump(
        include={"person_id", "skill_id", "source", "level", "expires_on", "polarity"}
        | {"confidence", "note", "origin_event_id"}
    )
    statement = Statement(
        **plain,
        occurred_on=occurred_on,
        state=first_state(new.source, own=own, review=new.request_review),
        assessor_id=principal.person_id,
        assessor_group=new.assessor_group or client,
        evidence=[each.model_dump(mode="json", by_alias=True) for each in new.evidence],
        author_client=client,
    )
    return await asserting.record(session, principal, statement)


async def request_review(
    session: AsyncSession, principal: Principal, *, assertion_id: UUID
) -> None:
    """Raises `NotFound`, `Forbidden`, `StateTransition`."""
    found = await _locked(session, principal, assertion_id)
    if principal.person_id != found["person_id"]:
        raise Forbidden("Only the person themself asks for a review.")
    waits = AssertionState.PENDING_REVIEW
    await _step(session, principal, found, waits, AssertionReviewRequested, None)


async def confirm(
    session: AsyncSession, principal: Principal, *, assertion_id: UUID, reason: str | None
) -> None:
    """Raises `NotFound`, `Forbidden`, `OwnAssertion`, `StateTransition`."""
    found = await _for_decision(session, principal, assertion_id)
    await _step(session, principal, found, AssertionState.CONFIRMED, AssertionConfirmed, reason)


async def reject(
    session: AsyncSession, principal: Principal, *, assertion_id: UUID, reason: str | None
) -> None:
    """Raises `NotFound`, `Forbidden`, `OwnAssertion`, `StateTransition`."""
    found = await _for_decision(session, principal, assertion_id)
    await _step(session, principal, found, AssertionState.REJECTED, AssertionRejected, reason)


async def retract(
    session: AsyncSession, principal: Principal, *, assertion_id: UUID, reason: str
) -> None:
    """Raises `NotFound`, `Forbidden`, `StateTransition`."""
    found = await _locked(session, principal, assertion_id)
    by_client = principal.actor is Actor.CLIENT and found["author_client"] == principal.subject
    by_person = principal.person_id is not None and found["author_id"] == principal.person_id
    if not (by_client or by_person):
        raise Forbidden("Only who recorded it takes it back.")
    await _step(session, principal, found, AssertionState.RETRACTED, AssertionRetracted, reason)


async def _allow(
    session: AsyncSession, principal: Principal, new: AssertionCreate, *, own: bool
) -> None:
    if not await session.scalar(select(Person.id).where(Person.id == new.person_id)):
        raise NotFound
    if own and new.source in OWN_CLAIMS:
        if not new.evidence:
            raise EvidenceNeeded("/evidence: say what backs the claim, e.g. a credential.")
        return
    action = RECORDED_BY.get(new.source)
    if own and new.source is not AssertionSource.SELF:
        raise SourceNotYours("source: of yourself record SELF, COURSE, CERTIFICATION or PROJECT.")
    if action and await POLICY.may(session, principal, "ASSERTION", action, new.person_id):
        return
    if await POLICY.may(session, principal, "ASSERTION", "READ", new.person_id):
        raise SourceNotYours(f"source: {new.source} is not yours to record of this person.")
    raise NotFound


async def refuse_closed(session: AsyncSession, skill_ids: Sequence[UUID]) -> None:
    """Raises `UnknownSkill`, `FrameworkIsDraft`, `FrameworkIsDeprecated` unless all of them take new assertions."""
    rows = await session.execute(
        select(Skill.id, SkillFramework.status)
        .join(SkillFramework, Skill.framework_id == SkillFramework.id)
        .where(Skill.id.in_(skill_ids))
    )
    statuses = {row.id: row.status for row in rows}
    if statuses.keys() != set(skill_ids):
        raise UnknownSkill("/skillId: there is no such skill")
    if FrameworkStatus.DRAFT in statuses.values():
        raise FrameworkIsDraft("skillId: publish the framework first.")
    if FrameworkStatus.DEPRECATED in statuses.values():
        raise FrameworkIsDeprecated("skillId: choose a skill of a framework that is in use.")


async def _of_event(
    session: AsyncSession, principal: Principal, new: AssertionCreate
) -> UUID | None:
    """What the same caller recorded for the same event. Raises `Invalid` when it was somebody else."""
    found = await session.scalar(
        select(SkillAssertion).where(
            SkillAssertion.origin_event_id == new.origin_event_id,
            SkillAssertion.skill_id == new.skill_id,
        )
    )
    if found is None:
        return None
    same = (found.person_id, found.author_id) == (new.person_id, principal.person_id)
    if same and found.author_client in (None, principal.subject):
        return found.id
    raise Invalid.field("/originEventId", "is used by another assertion")


async def _locked(
    session: AsyncSession, principal: Principal, assertion_id: UUID
) -> Mapping[str, Any]:
    """The assertion as it stands once nobody else changes what is said about the person. Raises `NotFound`."""
    found = await queries.assertion(session, principal, assertion_id)
    await estimates.lock(session, [found.person_id])
    rows = await session.execute(
        select(SkillAssertion.__table__).where(SkillAssertion.id == assertion_id)
    )
    return dict(rows.mappings().one())


async def _for_decision(
    session: AsyncSession, principal: Principal, assertion_id: UUID
) -> Mapping[str, Any]:
    found = await _locked(session, principal, assertion_id)
    if principal.person_id in (found["person_id"], found["author_id"]) and principal.person_id:
        raise OwnAssertion("Ask somebody else to decide.")
    if not await POLICY.may(session, principal, "ASSERTION", "DECIDE", found["person_id"]):
        raise Forbidden("The person's manager or HR decides on this.")
    return found


async def _step(
    session: AsyncSession,
    principal: Principal,
    found: Mapping[str, Any],
    to: AssertionState,
    fact: type[AssertionFact],
    reason: str | None,
) -> None:
    await asserting.step(session, principal, assertion=found, to=to, fact=fact, reason=reason)
