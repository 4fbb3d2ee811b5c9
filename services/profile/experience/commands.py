"""Writing experience: by its person; managers and HR verify it, or object."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.experience import evidence, queries
from services.profile.experience.events import (
    ExperienceChanged,
    ExperienceFact,
    ExperienceRecorded,
    ExperienceVerified,
    ExperienceWithdrawn,
    tell,
)
from services.profile.experience.models import Experience, ExperienceRevision
from services.profile.experience.problems import (
    OwnExperience,
    RecordWithdrawn,
    SkillNotInRecord,
    SkillNotKnown,
)
from services.profile.experience.rules import (
    RevisionKind,
    Verification,
    Visibility,
    first_visibility,
)
from services.profile.experience.schemas import (
    ExperienceCreate,
    ExperienceRead,
    ExperienceUpdate,
    ExperienceVerification,
    SkillUsed,
)
from services.profile.people import queries as people
from services.profile.policy import POLICY
from services.profile.skills.models import Skill
from services.profile.skills.queries import open_skills
from shared import clock
from shared.ids import new_id
from shared.problems import Forbidden, Invalid, PreconditionFailed
from shared.tenancy import Principal


async def record(
    session: AsyncSession, principal: Principal, *, person_id: UUID, new: ExperienceCreate
) -> Experience:
    """Raises `NotFound`, `Forbidden` for anybody else, `Invalid`, `SkillNotKnown`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "EXPERIENCE", "WRITE", person_id)
    now = clock.now()
    made = Experience(
        id=new_id(),
        person_id=person_id,
        **new.model_dump(exclude={"skills", "visibility"}),
        skills=_stored(new.skills),
        visibility=new.visibility or first_visibility(new.type),
        verification=Verification.DECLARED,
        told=False,
        recorded_at=now,
    )
    await _check(session, principal, made)
    session.add(made)
    await _settle(session, principal, made, RevisionKind.RECORDED, None)
    return made


async def change(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    record_id: UUID,
    expected: int,
    changes: ExperienceUpdate,
) -> Experience:
    """What says something else must be verified anew. Raises `NotFound`, `PreconditionFailed`, `RecordWithdrawn`, …"""
    found = await _own(session, principal, person_id, record_id, expected)
    sent = changes.model_fields_set
    fields = changes.model_dump(include=set(sent) - {"skills"})
    if "skills" in sent:
        fields["skills"] = _stored(changes.skills)
    different = {name for name, value in fields.items() if getattr(found, name) != value}
    if not different:
        return found
    for name in different:
        setattr(found, name, fields[name])
    await _check(session, principal, found)
    if different != {"visibility"} or found.visibility is Visibility.PRIVATE:
        await _unverify(session, principal, found, Verification.DECLARED, "The record changed.")
    await _settle(session, principal, found, RevisionKind.CHANGED, None)
    return found


async def verify(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    record_id: UUID,
    expected: int,
    word: ExperienceVerification,
) -> Experience:
    """The skills whose level the person claims, or the verifier gives, become evidence.

    Raises `NotFound`, `OwnExperience`, `Forbidden`, `PreconditionFailed`, `SkillNotInRecord`.
    """
    found = await _others(session, principal, person_id, record_id, expected)
    levels = {UUID(each["skillId"]): each["level"] for each in found.skills}
    for at, each in enumerate(word.skills):
        if each.skill_id not in levels:
            raise SkillNotInRecord(f"/skills/{at}/skillId: the record does not name this skill.")
        levels[each.skill_id] = each.level
    found.verification = Verification.VERIFIED
    found.verified_by_id, found.verified_at = principal.person_id, clock.now()
    known = {skill_id: level for skill_id, level in levels.items() if level is not None}
    with session.no_autoflush:
        await evidence.give(session, principal, found, known)
    await _settle(session, principal, found, RevisionKind.VERIFIED, word.note)
    return found


async def object_to(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    record_id: UUID,
    expected: int,
    reason: str,
) -> Experience:
    """Nobody stands for the record, who did no more. Raises `NotFound`, `OwnExperience`, `Forbidden`, …"""
    found = await _others(session, principal, person_id, record_id, expected)
    await _unverify(session, principal, found, Verification.NONE, reason)
    await _settle(session, principal, found, RevisionKind.OBJECTED, reason)
    return found


async def withdraw(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    record_id: UUID,
    expected: int,
    reason: str | None,
) -> Experience:
    """What it proved goes with it. Raises `NotFound`, `Forbidden`, `PreconditionFailed`, `RecordWithdrawn`."""
    found = await _own(session, principal, person_id, record_id, expected)
    found.withdrawn_at = clock.now()
    await _unverify(session, principal, found, Verification.DECLARED, "The record was withdrawn.")
    await _settle(session, principal, found, RevisionKind.WITHDRAWN, reason)
    return found


async def _own(
    session: AsyncSession, principal: Principal, person_id: UUID, record_id: UUID, expected: int
) -> Experience:
    found = await queries.record(
        session, principal, person_id=person_id, record_id=record_id, to_change=True
    )
    await POLICY.require(session, principal, "EXPERIENCE", "WRITE", person_id)
    return _as_read(found, expected)


async def _others(
    session: AsyncSession, principal: Principal, person_id: UUID, record_id: UUID, expected: int
) -> Experience:
    found = await queries.record(
        session, principal, person_id=person_id, record_id=record_id, to_change=True
    )
    if principal.person_id == person_id:
        raise OwnExperience("Ask your manager or HR.")
    if not await POLICY.may(session, principal, "EXPERIENCE", "VERIFY", person_id):
        raise Forbidden("The person's manager or HR decides on this.")
    return _as_read(found, expected)


def _as_read(found: Experience, expected: int) -> Experience:
    if found.version != expected:
        raise PreconditionFailed("Somebody changed this record in the meantime. Read it again.")
    if found.withdrawn_at is not None:
        raise RecordWithdrawn("Record it anew.")
    return found


async def _check(session: AsyncSession, principal: Principal, found: Experience) -> None:
    if found.started_on > clock.today():
        raise Invalid.field("/startedOn", "must not lie in the future")
    if found.ended_on is not None and found.ended_on < found.started_on:
        raise Invalid.field("/endedOn", "must not lie before startedOn")
    if (found.budget_amount is None) != (found.budget_currency is None):
        raise Invalid.field("/budgetCurrency", "send the amount and its currency together")
    skills = {UUID(each["skillId"]) for each in found.skills}
    known = select(Skill.id).where(Skill.id.in_(skills), open_skills(principal))
    with session.no_autoflush:
        unknown = skills - set(await session.scalars(known))
    if unknown or len(skills) < len(found.skills):
        raise SkillNotKnown("/skills: name skills that exist, each once.")


async def _unverify(
    session: AsyncSession, principal: Principal, found: Experience, to: Verification, reason: str
) -> None:
    if found.verification is Verification.VERIFIED:
        with session.no_autoflush:
            await evidence.withdraw(session, principal, found, reason)
    found.verification = to
    found.verified_by_id = found.verified_at = None


async def _settle(
    session: AsyncSession,
    principal: Principal,
    found: Experience,
    kind: RevisionKind,
    reason: str | None,
) -> None:
    """Counts and keeps the state that the record is in now, and tells who may know.

    Nothing has been flushed before: one change is one version.
    """
    shown = found.visibility is Visibility.MANAGEMENT and found.withdrawn_at is None
    fact = _fact(found, kind, shown)
    found.updated_at, found.told = clock.now(), shown
    await session.flush()
    said = ExperienceRead.model_validate(found).model_dump(mode="json", by_alias=True)
    session.add(
        ExperienceRevision(
            id=new_id(),
            record_id=found.id,
            version=found.version,
            kind=kind,
            by_person_id=principal.person_id,
            reason=reason,
            said=said,
            recorded_at=found.updated_at,
        )
    )
    await session.flush()
    if fact is not None:
        await tell(session, principal, found, fact)


def _fact(found: Experience, kind: RevisionKind, shown: bool) -> type[ExperienceFact] | None:
    if not shown:
        return ExperienceWithdrawn if found.told else None
    if not found.told:
        return ExperienceRecorded
    return ExperienceVerified if kind is RevisionKind.VERIFIED else ExperienceChanged


def _stored(skills: Sequence[SkillUsed]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json", by_alias=True) for each in skills]
