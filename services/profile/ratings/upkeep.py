"""The timed work of ratings."""

from datetime import date, timedelta

from services.profile.ratings import commands
from services.profile.ratings.expiry import EXPIRE, MOST_AT_ONCE, begin_of
from services.profile.reactions import jobs as profile_jobs
from shared import clock
from shared.db import Database
from shared.jobs import Job, TryLater
from shared.tenancy import Principal


@profile_jobs.job(EXPIRE, at_once=2, most_attempts=None)
async def on_day(database: Database, principal: Principal, job: Job) -> None:
    """Ends what has waited up to yesterday, some hundred a transaction."""
    begins = begin_of(date.fromisoformat(job.arguments["day"]))
    if clock.now() < begins:
        raise TryLater(begins - clock.now() + timedelta(seconds=1))
    found = MOST_AT_ONCE
    while found == MOST_AT_ONCE:
        async with database.transaction(principal.tenant_id) as session:
            found = await commands.expire_due(session, principal, today=clock.today())
