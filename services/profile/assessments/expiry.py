"""Sessions end on the day after their last; what was answered in them goes."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.events import AssessmentExpired, tell
from services.profile.assessments.models import AssessmentSession, SessionAnswers
from services.profile.assessments.rules import OPEN, SessionState
from services.profile.reactions import jobs as profile_jobs
from shared import clock, jobs
from shared.db import Database
from shared.jobs import Job, TryLater
from shared.tenancy import Principal

EXPIRE = "assessments.expire"
MOST_AT_ONCE = 200
_WHO = text("SELECT current_setting('app.person', true)")
_AS = text("SELECT set_config('app.person', :person, true)")


async def plan(session: AsyncSession, principal: Principal, last_on: date | None) -> None:
    """Plans the job of the day after; a day that is planned already is joined."""
    if last_on is None:
        return
    await jobs.enqueue(
        session,
        principal,
        name=EXPIRE,
        arguments={"day": last_on.isoformat()},
        dedupe_key=last_on.isoformat(),
        delay=_end_of(last_on) - clock.now(),
    )


@profile_jobs.job(EXPIRE, at_once=2, most_attempts=None)
async def on_day(database: Database, principal: Principal, job: Job) -> None:
    """Closes what was not handed in up to then, some hundred a transaction."""
    ends = _end_of(date.fromisoformat(job.arguments["day"]))
    if clock.now() < ends:
        raise TryLater(ends - clock.now() + timedelta(seconds=1))
    found = MOST_AT_ONCE
    while found == MOST_AT_ONCE:
        async with database.transaction(principal.tenant_id) as session:
            found = await expire_due(session, principal, today=clock.today())


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


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, UTC)
