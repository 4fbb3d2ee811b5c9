"""A service's part in an erasure, declared once: what it removes, and its receipt."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared import jobs
from shared.db import Database
from shared.erasure import leftovers
from shared.erasure.facts import ErasureOrdered, Receipt, Subject
from shared.events.broker import Broker
from shared.events.facts import Envelope, Incoming
from shared.events.handlers import Handlers
from shared.events.outbox import publish
from shared.jobs import Job, Jobs
from shared.tenancy import Principal

ORDER = "waymark.profile.erasure.ordered.v1"
SWEEP = "erasure.sweep"

Erase = Callable[[AsyncSession, Principal, Subject], Awaitable[int]]
DestroyKey = Callable[[AsyncSession, UUID], Awaitable[datetime]]


@dataclass(frozen=True, slots=True)
class Erasing:
    """`erase` removes the person from the service's tables and answers how many rows; it may run again."""

    service: str
    receipt: type[Receipt]
    erase: Erase
    destroy_key: DestroyKey | None = None

    def listen(self, handlers: Handlers, *, group: str) -> None:
        """In the group that copies persons: the order has the newest sequence, no older fact brings a copy back.

        Said again, e.g. by the second application of a process, it only takes the place of the one before.
        """
        known, handlers.erasing = handlers.erasing, self
        if known is not None:
            return

        @handlers.on(ORDER, group=group)
        async def erase_person(
            session: AsyncSession, principal: Principal, event: Incoming[ErasureOrdered]
        ) -> None:
            erasing = handlers.erasing
            assert isinstance(erasing, Erasing)
            rows = await erasing.remove(session, principal, event.payload.person)
            arguments = {"order": str(event.id), "rows": rows}
            await jobs.enqueue(session, principal, name=SWEEP, arguments=arguments)

    def add_jobs(
        self, registry: Jobs, *, broker: Callable[[], Broker], ready: Callable[[], bool]
    ) -> None:
        """Adds the sweep, which ends with the receipt; it is not taken while the broker is away.

        Jobs hold ids only: whom to look for is read from the order, which stands in the stream until all have obeyed.
        """

        async def sweep(database: Database, principal: Principal, job: Job) -> None:
            order_id, rows = UUID(job.arguments["order"]), job.arguments["rows"]
            order = await broker().find(ORDER, tenant=principal.tenant_id, event_id=order_id)
            if order is not None:
                told = order.incoming(ErasureOrdered).payload
                await self._sweep(database, principal, told, broker(), rows=rows)

        registry.job(SWEEP, at_once=1, most_attempts=None, ready=ready)(sweep)

    async def _sweep(
        self,
        database: Database,
        principal: Principal,
        order: ErasureOrdered,
        broker: Broker,
        *,
        rows: int,
    ) -> None:
        """The tables once more, for what was on its way; then the stream, in which nothing new can arrive."""
        async with database.transaction(principal.tenant_id) as session:
            rows += await self.remove(session, principal, order.person)

        def about(event: Envelope) -> bool:
            return event.type != ORDER and order.person.event_is_about(event)

        events = await broker.erase(self.service, tenant=principal.tenant_id, about=about)
        async with database.transaction(principal.tenant_id) as session:
            destroyed_at = await self._destroy(session, order.person.person_id)
            receipt = self.receipt(
                erasure_id=order.erasure_id,
                service=self.service,
                rows=rows,
                events=events,
                key_destroyed_at=destroyed_at,
            )
            await publish(session, principal, receipt, subject=order.erasure_id, sequence=None)

    async def remove(self, session: AsyncSession, principal: Principal, person: Subject) -> int:
        """The key, the service's rows and what the chassis keeps, within the open transaction."""
        await self._destroy(session, person.person_id)
        removed = await self.erase(session, principal, person)
        return removed + await leftovers.remove(session, person, but=ORDER)

    async def _destroy(self, session: AsyncSession, person_id: UUID) -> datetime | None:
        return await self.destroy_key(session, person_id) if self.destroy_key else None
