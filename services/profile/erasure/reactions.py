"""Profile's own part in an erasure, the receipts of the others, and the end."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.erasure import commands, tables
from services.profile.erasure.events import ErasureReceipted
from services.profile.reactions import handlers
from shared import jobs
from shared.db import Database
from shared.erasure import Erasing, Receipted, leftovers
from shared.events import Incoming
from shared.events.broker import Broker
from shared.jobs import Job, Jobs
from shared.tenancy import Principal

FINISH = "erasure.finish"


@dataclass(frozen=True, slots=True)
class Ordering(Erasing):
    """The service that orders erasures also ends them."""

    def add_jobs(
        self, registry: Jobs, *, broker: Callable[[], Broker], ready: Callable[[], bool]
    ) -> None:
        Erasing.add_jobs(self, registry, broker=broker, ready=ready)

        async def finish(database: Database, principal: Principal, job: Job) -> None:
            await _finish(database, principal, UUID(job.arguments["id"]), broker())

        registry.job(FINISH, at_once=1, most_attempts=None, ready=ready)(finish)


ERASING = Ordering("profile", ErasureReceipted, tables.erase, tables.destroy_key)
ERASING.listen(handlers, group="erasure")


@handlers.on("waymark.profile.erasure.receipted.v1", group="erasure")
@handlers.on("waymark.goals.erasure.receipted.v1", group="receipts-goals")
@handlers.on("waymark.feedback.erasure.receipted.v1", group="receipts-feedback")
@handlers.on("waymark.integrations.erasure.receipted.v1", group="receipts-integrations")
async def take_receipt(
    session: AsyncSession, principal: Principal, event: Incoming[Receipted]
) -> None:
    """The last receipt plans the end."""
    if await commands.take(session, principal, event.payload):
        arguments = {"id": str(event.payload.erasure_id)}
        await jobs.enqueue(session, principal, name=FINISH, arguments=arguments)


async def _finish(
    database: Database, principal: Principal, erasure_id: UUID, broker: Broker
) -> None:
    """The order itself, which had to name the person, goes from outbox and stream; then nothing names them."""
    async with database.transaction(principal.tenant_id) as session:
        person = await commands.named(session, erasure_id)
        if person is None:
            return
        await leftovers.remove(session, person, but=None)
    await broker.erase("profile", tenant=principal.tenant_id, about=person.event_is_about)
    async with database.transaction(principal.tenant_id) as session:
        await commands.complete(session, principal, erasure_id)
