"""What is not held in time is missed."""

from uuid import UUID

from services.feedback.checkins import commands, queries
from services.feedback.checkins.planning import DEADLINE
from services.feedback.checkins.rules import is_ahead, missed_from
from services.feedback.registry import jobs as registry
from shared import clock
from shared.db import Database
from shared.jobs import Job, TryLater
from shared.tenancy import Principal


@registry.job(DEADLINE)
async def meet_deadline(database: Database, principal: Principal, job: Job) -> None:
    """A check-in that was moved in the meantime is looked at again at its new deadline."""
    check_in_id = UUID(job.arguments["id"])
    async with database.transaction(principal.tenant_id) as session:
        check_in = await queries.get(session, principal, check_in_id, to_change=True)
        if not is_ahead(check_in.state):
            return
        left = missed_from(check_in.scheduled_for, check_in.created_at) - clock.now()
        if left.total_seconds() > 0:
            raise TryLater(left)
        await commands.miss(session, principal, check_in_id=check_in_id)
