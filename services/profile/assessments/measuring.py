"""What a skill test says of skills: ASSESSMENT assertions, negative where it was failed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import registry
from services.profile.assessments.models import AssessmentSession
from services.profile.assessments.scoring import Scored
from services.profile.skills import asserting, estimates
from services.profile.skills.asserting import Statement
from services.profile.skills.models import Skill, SkillFramework
from services.profile.skills.rules import (
    AssertionSource,
    AssertionState,
    EvidenceKind,
    FrameworkStatus,
    Polarity,
)
from shared import clock
from shared.tenancy import Principal

AGENT = "waymark.assessments"


async def record(session: AsyncSession, assessment: AssessmentSession, scored: Scored) -> None:
    """Nobody is the author of a test's word, so that nobody takes it back."""
    assert assessment.instrument_id is not None
    found = await registry.find(session, assessment.instrument_id)
    measures = found.measures if found else ()
    raws = {each.code: each.raw for each in scored.scales}
    told = [(each, raw) for each in measures if (raw := raws.get(each["scale"])) is not None]
    if not told:
        return
    await estimates.lock(session, [assessment.person_id])
    test = Principal.system(session.info["tenant_id"], AGENT)
    for measure, raw in told:
        if (skill_id := await _skill(session, measure)) is not None:
            await asserting.record(session, test, _statement(assessment, measure, raw, skill_id))


def level_of(measure: Mapping[str, Any], raw: float) -> float:
    """The highest level whose score is reached; 0 below the first."""
    reached = [each["level"] for each in measure["levels"] if raw >= each["from"]]
    return float(max(reached, default=0.0))


def _statement(
    assessment: AssessmentSession, measure: Mapping[str, Any], raw: float, skill_id: UUID
) -> Statement:
    return Statement(
        person_id=assessment.person_id,
        skill_id=skill_id,
        source=AssertionSource.ASSESSMENT,
        level=level_of(measure, raw),
        occurred_on=clock.today(),
        state=AssertionState.CONFIRMED,
        assessor_group=f"{assessment.code}:{measure['scale']}",
        polarity=Polarity.POSITIVE if raw >= measure["passFrom"] else Polarity.NEGATIVE,
        evidence=[_evidence(assessment)],
        origin_event_id=assessment.id,
    )


def _evidence(assessment: AssessmentSession) -> dict[str, Any]:
    provenance = {
        "agent": AGENT,
        "activity": assessment.code,
        "sourceSystem": "waymark",
        "sourceEventId": str(assessment.id),
    }
    return {
        "kind": EvidenceKind.WORK_SAMPLE,
        "title": assessment.name[:200],
        "uri": None,
        "hash": None,
        "capturedAt": clock.now().isoformat(),
        "provenance": provenance,
    }


async def _skill(session: AsyncSession, measure: Mapping[str, Any]) -> UUID | None:
    """None when its framework has been given up since."""
    return await session.scalar(
        select(Skill.id)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .where(
            SkillFramework.key == measure["frameworkKey"],
            SkillFramework.status == FrameworkStatus.PUBLISHED,
            Skill.code == measure["skillCode"],
        )
    )
