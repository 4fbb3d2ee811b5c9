"""What somebody has done or earned proves skills: one confirmed assertion a skill, in the name of the proof itself.

Whoever verifies a proof, and however often, it counts once: a newer word in its name takes the older one's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

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


@dataclass(frozen=True, slots=True)
class Proof:
    """A verified record of `person_id`; `name` is unique, e.g. `experience:<id>`, `verifier_id` who stands for it."""

    person_id: UUID
    source: AssertionSource
    name: str
    title: str
    kind: EvidenceKind
    occurred_on: date
    verifier_id: UUID | None
    expires_on: date | None = None


async def give(
    session: AsyncSession, principal: Principal, proof: Proof, levels: Mapping[UUID, float]
) -> None:
    """Asserts these levels in place of what was proved before; skills that take no assertions are passed over."""
    await take_back(session, principal, proof, "It was verified anew.")
    published = (
        select(Skill.id)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .where(Skill.id.in_(levels), SkillFramework.status == FrameworkStatus.PUBLISHED)
    )
    for skill_id in sorted(await session.scalars(published)):
        await asserting.record(session, principal, _statement(proof, skill_id, levels[skill_id]))


async def take_back(session: AsyncSession, principal: Principal, proof: Proof, reason: str) -> None:
    """What it proved does not count any more."""
    await estimates.lock(session, [proof.person_id])
    standing = select(SkillAssertion.__table__).where(
        SkillAssertion.person_id == proof.person_id,
        SkillAssertion.source == proof.source,
        SkillAssertion.assessor_group == proof.name,
        SkillAssertion.state == AssertionState.CONFIRMED,
    )
    found: list[dict[str, Any]] = [
        dict(row) for row in (await session.execute(standing)).mappings().all()
    ]
    for assertion in found:
        await asserting.step(
            session,
            principal,
            assertion=assertion,
            to=AssertionState.RETRACTED,
            fact=AssertionRetracted,
            reason=reason,
        )


def _statement(proof: Proof, skill_id: UUID, level: float) -> Statement:
    return Statement(
        person_id=proof.person_id,
        skill_id=skill_id,
        source=proof.source,
        level=level,
        occurred_on=proof.occurred_on,
        state=AssertionState.CONFIRMED,
        assessor_group=proof.name,
        expires_on=proof.expires_on,
        evidence=[
            {
                "kind": proof.kind,
                "title": proof.title,
                "capturedAt": clock.now().isoformat(),
                "provenance": {"agent": str(proof.verifier_id), "activity": proof.name},
            }
        ],
    )
