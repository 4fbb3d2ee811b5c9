"""What a verified record proves: one PROJECT assertion a skill, taken back when nobody stands for the record."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.experience.models import Experience
from services.profile.experience.rules import PRACTICE, shown_until
from services.profile.skills import asserting, estimates
from services.profile.skills.asserting import Statement
from services.profile.skills.events import AssertionRetracted
from services.profile.skills.models import Skill, SkillAssertion, SkillFramework
from services.profile.skills.rules import (
    AssertionSource,
    AssertionState,
    EvidenceKind,
    FrameworkStatus,
)
from shared import clock
from shared.tenancy import Principal


async def give(
    session: AsyncSession, principal: Principal, record: Experience, levels: Mapping[UUID, float]
) -> None:
    """Asserts these levels in the name of the record, in place of what it proved before.

    Nothing follows from education and life, nor for skills of frameworks that take no assertions.
    """
    await estimates.lock(session, [record.person_id])
    await _take_back(session, principal, record, "The record was verified anew.")
    if record.type not in PRACTICE:
        return
    published = (
        select(Skill.id)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .where(Skill.id.in_(levels), SkillFramework.status == FrameworkStatus.PUBLISHED)
    )
    for skill_id in sorted(await session.scalars(published)):
        await asserting.record(session, principal, _statement(record, skill_id, levels[skill_id]))


async def withdraw(
    session: AsyncSession, principal: Principal, record: Experience, reason: str
) -> None:
    """What the record proved does not count any more."""
    await estimates.lock(session, [record.person_id])
    await _take_back(session, principal, record, reason)


async def _take_back(
    session: AsyncSession, principal: Principal, record: Experience, reason: str
) -> None:
    standing = select(SkillAssertion.__table__).where(
        SkillAssertion.person_id == record.person_id,
        SkillAssertion.source == AssertionSource.PROJECT,
        SkillAssertion.assessor_group == _group(record),
        SkillAssertion.state == AssertionState.CONFIRMED,
    )
    for assertion in (dict(row) for row in (await session.execute(standing)).mappings().all()):
        await asserting.step(
            session,
            principal,
            assertion=assertion,
            to=AssertionState.RETRACTED,
            fact=AssertionRetracted,
            reason=reason,
        )


def _statement(record: Experience, skill_id: UUID, level: float) -> Statement:
    """The word is the record's, whoever verified it: two verifications of one record do not count twice."""
    return Statement(
        person_id=record.person_id,
        skill_id=skill_id,
        source=AssertionSource.PROJECT,
        level=level,
        occurred_on=shown_until(record.ended_on, clock.today()),
        state=AssertionState.CONFIRMED,
        assessor_group=_group(record),
        evidence=[
            {
                "kind": EvidenceKind.TESTIMONY,
                "title": record.title,
                "capturedAt": clock.now().isoformat(),
                "provenance": {
                    "agent": str(record.verified_by_id),
                    "activity": str(record.id),
                },
            }
        ],
    )


def _group(record: Experience) -> str:
    return f"experience:{record.id}"
