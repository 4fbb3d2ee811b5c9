"""Assertions end on the day that they name, e.g. certificates."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.reactions import jobs as profile_jobs
from services.profile.rowsets import insert_rows, update_rows
from services.profile.skills import estimates
from services.profile.skills.events import AssertionExpired, of_assertion
from services.profile.skills.models import AssertionStep, SkillAssertion
from services.profile.skills.rules import STANDING, AssertionState
from shared import clock, events
from shared.ids import new_id
from shared.jobs import days
from shared.tenancy import Principal

EXPIRE = "skills.expire"
MOST_AT_ONCE = 500


@days.on_day(profile_jobs, EXPIRE, most=MOST_AT_ONCE)
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
