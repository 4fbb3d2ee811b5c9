"""What a verified record proves: one PROJECT assertion a skill, taken back when nobody stands for the record."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.experience.models import Experience
from services.profile.experience.rules import PRACTICE, shown_until
from services.profile.skills import proving
from services.profile.skills.proving import Proof
from services.profile.skills.rules import AssertionSource, EvidenceKind
from shared import clock
from shared.tenancy import Principal


async def give(
    session: AsyncSession, principal: Principal, record: Experience, levels: Mapping[UUID, float]
) -> None:
    """Nothing follows from education and life."""
    practice = levels if record.type in PRACTICE else {}
    await proving.give(session, principal, _proof(record), practice)


async def withdraw(
    session: AsyncSession, principal: Principal, record: Experience, reason: str
) -> None:
    await proving.take_back(session, principal, _proof(record), reason)


def _proof(record: Experience) -> Proof:
    return Proof(
        person_id=record.person_id,
        source=AssertionSource.PROJECT,
        name=f"experience:{record.id}",
        title=record.title,
        kind=EvidenceKind.TESTIMONY,
        occurred_on=shown_until(record.ended_on, clock.today()),
        verifier_id=record.verified_by_id,
    )
