"""Insights: what one has understood, with what it rests on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials.models import Credential
from services.profile.experience.models import Experience
from services.profile.journal import texts
from services.profile.journal.commands import require_skill, writer
from services.profile.journal.models import Insight, Reflection
from services.profile.journal.problems import NotYourEvidence
from services.profile.journal.rules import EvidenceType
from services.profile.journal.schemas import EvidenceLink, InsightCreate
from services.profile.skills.models import SkillAssertion
from shared import clock
from shared.ids import new_id
from shared.tenancy import Principal

KEPT_IN: dict[EvidenceType, Any] = {
    EvidenceType.ASSERTION: SkillAssertion,
    EvidenceType.EXPERIENCE: Experience,
    EvidenceType.CREDENTIAL: Credential,
    EvidenceType.REFLECTION: Reflection,
}


async def understand(session: AsyncSession, principal: Principal, *, new: InsightCreate) -> Insight:
    """Raises `NotYourEvidence`, `Invalid` for a skill that does not exist, `KeyDestroyed`."""
    person_id = await writer(session, principal)
    await require_skill(session, principal, new.skill_id)
    await _require_own(session, person_id, new.evidence)
    entry_id, now = new_id(), clock.now()
    insight = Insight(
        id=entry_id,
        person_id=person_id,
        skill_id=new.skill_id,
        evidence=[each.model_dump(mode="json", by_alias=True) for each in new.evidence],
        sealed=await texts.seal(session, person_id, entry_id, new.text),
        written_at=now,
        updated_at=now,
    )
    session.add(insight)
    await session.flush()
    return insight


async def _require_own(
    session: AsyncSession, person_id: UUID, links: Sequence[EvidenceLink]
) -> None:
    """All that is about the person is theirs to rest on, whoever said it."""
    for kind, model in KEPT_IN.items():
        wanted = {link.object_id for link in links if link.type is kind}
        if not wanted:
            continue
        own = select(model.id).where(model.person_id == person_id, model.id.in_(wanted))
        if wanted - set(await session.scalars(own)):
            raise NotYourEvidence(f"/evidence: name {kind} of your own.")
