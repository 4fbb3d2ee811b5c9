"""Reading results of skill tests: for the person, their manager and HR; never what was asked or answered."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import queries as people
from services.profile.policy import POLICY
from services.profile.skill_tests.models import SkillTestResult
from shared.tenancy import Principal


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[SkillTestResult]:
    """The newest first. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "TEST_RESULT", "READ", person_id)
    rows = select(SkillTestResult).where(SkillTestResult.person_id == person_id)
    newest = rows.order_by(SkillTestResult.taken_on.desc(), SkillTestResult.id.desc())
    return (await session.scalars(newest)).all()
