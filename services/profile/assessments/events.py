"""What assessments tell the other services: that somebody is asked and how far they are, never what came of it."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.models import AssessmentSession
from services.profile.assessments.rules import SessionState
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class AssessmentFact(Fact):
    """The session as it is after the change. No score, no answer, no figure of any kind travels.

    Who began one by themself is who assigned it; it is handed in on `last_on` at the latest.
    """

    assessment_id: UUID
    person_id: UUID
    instrument_code: str
    state: SessionState
    assigned_by_id: UUID
    last_on: date | None


class AssessmentAssigned(AssessmentFact, type="waymark.profile.assessment.assigned.v1"):
    """Somebody is asked to take an instrument, by themself or by HR."""


class AssessmentStarted(AssessmentFact, type="waymark.profile.assessment.started.v1"):
    """They have begun."""


class AssessmentSubmitted(AssessmentFact, type="waymark.profile.assessment.submitted.v1"):
    """They have handed it in."""


class AssessmentScored(AssessmentFact, type="waymark.profile.assessment.scored.v1"):
    """There is a result."""


class AssessmentExpired(AssessmentFact, type="waymark.profile.assessment.expired.v1"):
    """Its last day has passed."""


class AssessmentCancelled(AssessmentFact, type="waymark.profile.assessment.cancelled.v1"):
    """It was called off."""


FACTS: tuple[type[Fact], ...] = (
    AssessmentAssigned,
    AssessmentStarted,
    AssessmentSubmitted,
    AssessmentScored,
    AssessmentExpired,
    AssessmentCancelled,
)


async def tell(
    session: AsyncSession,
    principal: Principal,
    assessment: AssessmentSession,
    *facts: type[AssessmentFact],
) -> None:
    """Counts the change and publishes these facts of it, which share its sequence."""
    assessment.sequence += 1
    await session.flush()
    told = [
        (
            kind(
                assessment_id=assessment.id,
                person_id=assessment.person_id,
                instrument_code=assessment.code,
                state=assessment.state,
                assigned_by_id=assessment.assigned_by,
                last_on=assessment.last_on,
            ),
            assessment.id,
            assessment.sequence,
        )
        for kind in facts
    ]
    await events.publish_many(session, principal, facts=told)
