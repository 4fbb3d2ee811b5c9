"""When a rating that was asked for ends by itself: on the day after its last one."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock, jobs
from shared.tenancy import Principal

EXPIRE = "ratings.expire"
MOST_AT_ONCE = 500


async def plan(session: AsyncSession, principal: Principal, due_on: date) -> None:
    """Plans the job of the day after; a day that is planned already is joined."""
    day = due_on + timedelta(days=1)
    await jobs.enqueue(
        session,
        principal,
        name=EXPIRE,
        arguments={"day": day.isoformat()},
        dedupe_key=day.isoformat(),
        delay=begin_of(day) - clock.now(),
    )


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
