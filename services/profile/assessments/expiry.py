"""Sessions end on the day after their last; what was answered in them goes."""

from datetime import date, timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.events import AssessmentExpired, tell
from services.profile.assessments.models import AssessmentSession, SessionAnswers
from services.profile.assessments.rules import OPEN, SessionState
from services.profile.reactions import jobs as profile_jobs
from shared import clock
from shared.jobs import days
from shared.tenancy import Principal

EXPIRE = "assessments.expire"
MOST_AT_ONCE = 200
_WHO = text("SELECT current_setting('app.person', true)")
_AS = text("SELECT set_config('app.person', :person, true)")


async def plan(session: AsyncSession, principal: Principal, last_on: date | None) -> None:
    """Plans the job of the day after."""
    if last_on is not None:
        await days.plan(session, principal, EXPIRE, [last_on + timedelta(days=1)])


@days.on_day(profile_jobs, EXPIRE, most=MOST_AT_ONCE)
async def expire_due(session: AsyncSession, principal: Principal, *, today: date) -> int:
    """Closes the next sessions whose last day has passed; answers how many."""
    due = (
        select(AssessmentSession)
        .where(AssessmentSession.last_on < today, AssessmentSession.state.in_(OPEN))
        .order_by(AssessmentSession.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
    )
    found = (await session.scalars(due)).all()
    for assessment in found:
        assessment.state, assessment.closed_at = SessionState.EXPIRED, clock.now()
        await forget_answers(session, assessment)
        await tell(session, principal, assessment, AssessmentExpired)
    return len(found)


async def forget_answers(session: AsyncSession, assessment: AssessmentSession) -> None:
    """In the name of who gave them: to everybody else the row-level policy shows none."""
    acting = await session.scalar(_WHO)
    await session.execute(_AS, {"person": str(assessment.person_id)})
    await session.execute(delete(SessionAnswers).where(SessionAnswers.session_id == assessment.id))
    await session.execute(_AS, {"person": acting or ""})
