"""Assertions end on the day that they name, e.g. certificates."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.reactions import jobs as profile_jobs
from services.profile.rowsets import insert_rows, update_rows
from services.profile.skills import estimates
from services.profile.skills.events import AssertionExpired, of_assertion
from services.profile.skills.models import AssertionStep, SkillAssertion
from services.profile.skills.rules import STANDING, AssertionState
from shared import clock, events, jobs
from shared.db import Database
from shared.ids import new_id
from shared.jobs import Job, NewJob, TryLater
from shared.tenancy import Principal

EXPIRE = "skills.expire"
MOST_AT_ONCE = 500


async def plan_expiry(
    session: AsyncSession, principal: Principal, days: Iterable[date | None]
) -> None:
    """Plans the job of each day to come; a day that is planned already is joined."""
    now = clock.now()
    coming = sorted({day for day in days if day is not None and day > now.date()})
    planned = [
        NewJob(
            EXPIRE,
            arguments={"day": day.isoformat()},
            dedupe_key=day.isoformat(),
            delay=datetime.combine(day, time.min, UTC) - now,
        )
        for day in coming
    ]
    await jobs.enqueue_many(session, principal, jobs=planned)


@profile_jobs.job(EXPIRE, at_once=2, most_attempts=None)
async def on_day(database: Database, principal: Principal, job: Job) -> None:
    """Ends what has expired up to today, some hundred a transaction."""
    begins = datetime.combine(date.fromisoformat(job.arguments["day"]), time.min, UTC)
    if clock.now() < begins:
        raise TryLater(begins - clock.now() + timedelta(seconds=1))
    found = MOST_AT_ONCE
    while found == MOST_AT_ONCE:
        async with database.transaction(principal.tenant_id) as session:
            found = await expire_due(session, principal, today=clock.today())


async def expire_due(session: AsyncSession, principal: Principal, *, today: date) -> int:
    """Ends the next assertions whose day has come and brings the estimates in line; answers how many."""
    due = (
        select(SkillAssertion.__table__)
        .where(SkillAssertion.expires_on <= today, SkillAssertion.state.in_(STANDING))
        .order_by(SkillAssertion.id)
        .limit(MOST_AT_ONCE)
    )
    found = (await session.execute(due)).mappings().all()
    people = {row["person_id"] for row in found}
    await estimates.lock(session, people)
    rows = [
        dict(row) for row in (await session.execute(due)).mappings() if row["person_id"] in people
    ]
    expired = AssertionState.EXPIRED
    await update_rows(
        session,
        SkillAssertion,
        [{"id": row["id"], "state": expired, "sequence": row["sequence"] + 1} for row in rows],
    )
    steps = [
        {
            "id": new_id(),
            "assertion_id": row["id"],
            "from_state": row["state"],
            "to_state": expired,
            "taken_at": clock.now(),
        }
        for row in rows
    ]
    await insert_rows(session, AssertionStep, steps)
    facts = [
        (of_assertion(AssertionExpired, row | {"state": expired}), row["id"], row["sequence"] + 1)
        for row in rows
    ]
    await events.publish_many(session, principal, facts=facts)
    pairs = [(row["person_id"], row["skill_id"]) for row in rows]
    await estimates.refresh(session, principal, pairs, today=today)
    return len(found)
